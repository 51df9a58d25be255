"""What a picture of a program's structure shows: who sits with whom, how many, how sure that is.

Pure: a program document in, a scene out. ``drawing`` makes marks of it, ``words`` sentences.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from programs.spec import ProgramSpec, Seat, Shape, Span
from programs.spec.published import covering
from programs.spec.structure import Attached, Container, Lasting, Subgroups

Look = Literal["student", "peer", "mentor", "lead"]
YearState = Literal["in", "paused", "out"]

# How long a place is held, from the shortest; what is not fixed counts as long.
LENGTHS = ("session", "term", "year", "program", "pair", "degree")


@dataclass(frozen=True, slots=True)
class People:
    """People of one kind in a group: so many surely, so many more perhaps."""

    role: str
    kind: str
    count: Span | None
    class_year: int | None = None
    years: tuple[int, ...] = ()
    """The class years of mentors who are students themselves."""
    leading: int = 0
    """Of them, so many mentor the others as well."""
    paused: bool = False
    assumed: bool = False
    """Whether the number is our choice, because the source does not state it."""
    years_of_group: Span | None = None
    """The years of the group's life in which they are there; ``None``: all."""
    renewed: Lasting | None = None
    """After this time others take their places, while the group stays."""

    @property
    def look(self) -> Look:
        """How they are drawn."""
        if self.role == "student":
            return "student"
        if self.role == "lead_mentor":
            return "lead"
        return "peer" if self.kind == "near_peer" or self.role == "junior_mentor" else "mentor"

    @property
    def sure(self) -> int:
        """As many as there are at least."""
        return int(self.count.min or 0) if self.count is not None else 0

    @property
    def possible(self) -> int:
        """As many more as there may be, where the most is stated."""
        if self.count is None or self.count.max is None:
            return 0
        return int(self.count.max) - self.sure

    @property
    def open(self) -> bool:
        """Whether the number, or its upper end, is not stated."""
        return self.count is None or self.count.max is None


@dataclass(frozen=True, slots=True)
class ClassYear:
    """One class year of the program, and what it is to a group."""

    number: int
    state: YearState


@dataclass(frozen=True, slots=True)
class Circle:
    """One group shape: its mentors, its students, and what surrounds them."""

    title: str
    mentors: tuple[People, ...]
    students: tuple[People, ...]
    leaders: tuple[People, ...]
    """Those among the students who mentor the others as well."""
    vertical: bool
    """Whether ``students`` are rows, one for each class year."""
    years: tuple[ClassYear, ...]
    serves: tuple[int, int]
    """How many such groups one mentor has, and how many more she may have."""
    serves_assumed: bool
    per_class: tuple[int, int | None] | None
    """Students of each class one mentor takes, and the most in all."""
    groups: Span | None
    subgroups: Subgroups | None
    subgroups_assumed: bool
    container: Container | None
    virtual: bool
    each_session: bool
    """Whether the group is formed anew for each session."""
    attached: tuple[Attached, ...]

    @property
    def plenary(self) -> bool:
        """Whether all groups also meet together."""
        return any(part.kind == "plenary" for part in self.attached)

    @property
    def talk(self) -> bool:
        """Whether a mentor also talks to each student alone."""
        return any(part.kind == "mentoring" for part in self.attached)

    @property
    def student_years(self) -> tuple[int, ...]:
        """The class years of the students; empty: any, or not stated."""
        return tuple(year.number for year in self.years if year.state == "in")


@dataclass(frozen=True, slots=True)
class Scene:
    """All group shapes of a program."""

    circles: tuple[Circle, ...]
    tiers: bool
    """Whether the shapes follow each other through the class years."""


def scene(spec: ProgramSpec) -> Scene:
    """The scene of a program."""
    circles = tuple(_circle(spec, shape) for shape in spec.shapes)
    years = [circle.student_years for circle in circles]
    tiers = len(circles) > 1 and all(years)
    for earlier, later in pairwise(years):
        tiers = tiers and max(earlier) < min(later)
    return Scene(circles=circles, tiers=tiers)


def assumed(spec: ProgramSpec, *areas: str) -> bool:
    """Whether one of these parts of the document is marked as our choice, not the source's word."""
    ours = tuple(part.path for part in spec.assumed)
    return any(covering((*spec.from_source, *ours), area) in ours for area in areas)


def _circle(spec: ProgramSpec, shape: Shape) -> Circle:
    students = tuple(
        people
        for seat in shape.seats
        if seat.role == "student"
        for people in _students(spec, shape, seat)
    )
    mentors = [seat for seat in shape.seats if seat.role != "student" and not seat.within]
    containers = {part.slug: part for part in spec.containers}
    return Circle(
        title=shape.title,
        mentors=tuple(_people(spec, shape, seat) for seat in mentors),
        students=students,
        leaders=tuple(
            _people(spec, shape, seat) for seat in shape.seats if seat.within == "student"
        ),
        vertical=any(people.class_year is not None for people in students),
        years=_years(spec, shape),
        serves=_serves(spec, shape, mentors),
        serves_assumed=any(
            assumed(spec, f"shapes.{shape.slug}.seats.{seat.role}.capacity.default")
            for seat in mentors[:1]
        ),
        per_class=_per_class(mentors),
        groups=shape.groups,
        subgroups=shape.subgroups,
        subgroups_assumed=assumed(spec, f"shapes.{shape.slug}.subgroups.count"),
        container=containers.get(shape.container or ""),
        virtual=shape.setting == "virtual",
        each_session=shape.lasts.unit == "session",
        attached=shape.attached,
    )


def _people(spec: ProgramSpec, shape: Shape, seat: Seat) -> People:
    leaves = seat.group_years is not None
    renewed = None if leaves or not _shorter(seat.lasts, shape.lasts) else seat.lasts
    return People(
        role=seat.role,
        kind=seat.kind,
        count=seat.people,
        assumed=_count_assumed(spec, shape, seat),
        years=seat.years,
        years_of_group=seat.group_years,
        renewed=renewed,
    )


def _students(spec: ProgramSpec, shape: Shape, seat: Seat) -> list[People]:
    """One block, or one row for each class year."""
    leading = [
        (part, int((part.people.min or part.people.max or 1) if part.people else 1))
        for part in shape.seats
        if part.within == "student"
    ]
    if not seat.per_class:
        return [
            People(
                role=seat.role,
                kind=seat.kind,
                count=seat.count,
                leading=sum(number for _part, number in leading),
                assumed=_count_assumed(spec, shape, seat),
            )
        ]
    rows = []
    for year, count in sorted(seat.per_class.items()):
        here = [pair for pair in leading if year in (pair[0].years or seat.per_class)]
        leading = [pair for pair in leading if pair not in here]
        rows.append(
            People(
                role=seat.role,
                kind=seat.kind,
                count=count,
                class_year=year,
                leading=sum(number for _part, number in here),
                paused=year in spec.paused_class_years,
                assumed=_count_assumed(spec, shape, seat),
            )
        )
    return rows


def _count_assumed(spec: ProgramSpec, shape: Shape, seat: Seat) -> bool:
    number = "count" if seat.count is not None else "per_class"
    return seat.people is not None and assumed(
        spec, f"shapes.{shape.slug}.seats.{seat.role}.{number}"
    )


def _shorter(one: Lasting | None, other: Lasting) -> bool:
    if one is None:
        return False
    mine, its = LENGTHS.index(one.unit), LENGTHS.index(other.unit)
    return mine < its or (mine == its and one.length < other.length)


def _years(spec: ProgramSpec, shape: Shape) -> tuple[ClassYear, ...]:
    """Every class year up to the last that the program names, where this shape names some."""
    mine = set(shape.class_years("student"))
    if not mine:
        return ()
    named = {year for one in spec.shapes for year in one.class_years("student")}
    last = max({*named, *spec.paused_class_years})
    return tuple(
        ClassYear(
            number,
            "paused" if number in spec.paused_class_years else "in" if number in mine else "out",
        )
        for number in range(1, last + 1)
    )


def _serves(spec: ProgramSpec, shape: Shape, mentors: list[Seat]) -> tuple[int, int]:
    """Groups of one mentor, by the first mentor's seat: what it says, else the usual one."""
    if not mentors:
        return 1, 0
    capacity = mentors[0].capacity or spec.capacity(mentors[0].role)
    most = capacity.default if capacity.max is None else capacity.max
    if capacity.unit == "groups":
        sure, all_in_all = max(capacity.default, 1), most
    elif capacity.unit == "students":
        people = shape.people("student")
        size = int((people.max or people.min or 1) if people is not None else 1)
        known = people is not None
        sure, all_in_all = (max(capacity.default // size, 1), most // size) if known else (1, 1)
    else:
        return 1, 0
    return sure, max(all_in_all - sure, 0)


def _per_class(mentors: list[Seat]) -> tuple[int, int | None] | None:
    for seat in mentors:
        if seat.capacity is not None and seat.capacity.unit == "students_per_class":
            return seat.capacity.default, seat.capacity.max
    return None
