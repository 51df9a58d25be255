"""What students can be placed in: a mentor's places, or those of a group. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from matching.alike import Kind, dealt, kind_of

UNLIMITED = 1_000_000

Facts = Mapping[str, Any]


def lot(facts: Facts) -> int:
    """By which number somebody takes part in lots; older inputs know none but the row's."""
    number: int = facts.get("lot", facts["id"])
    return number


@dataclass(frozen=True)
class Column:
    """Places for students, of one class year or kind or of any, with the people who lead there.

    ``team`` is the number of the group in the run; without one the places are a single mentor's,
    who may lead several groups.
    """

    mentors: tuple[int, ...]
    places: int
    class_year: int | None = None
    team: int | None = None
    kind: Kind | None = None

    @property
    def name(self) -> str:
        """Distinct in its part, and for a mentor's own places her id."""
        name = str(self.mentors[0]) if self.team is None else f"group {self.team}"
        if self.kind is not None and self.team is None:
            return f"{name}/{self.kind!r}"
        return name if self.class_year is None else f"{name}/{self.class_year}"

    def suits(self, student: Facts, shape: Facts) -> bool:
        """Whether it is for students of her kind, or for any."""
        return self.kind is None or self.kind == kind_of(student, shape.get("alike", ()))


@dataclass
class Group:
    """A group of the run: one that stands, or a new one with its team."""

    number: int
    shape: str
    members: list[tuple[int, str]]
    mentorship: int | None = None

    def plain(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "shape": self.shape,
            "members": [list(member) for member in self.members],
            "mentorship": self.mentorship,
        }


@dataclass
class Room:
    """What is left to give while one shape after the other is looked at."""

    data: Facts
    seed: int
    groups: list[Group] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    # Who has come to stand above whom, by person.
    above: list[tuple[int, int]] = field(default_factory=list)

    def groups_left(self, mentor: Facts) -> int:
        """How many groups more she can lead, after those that this run begins."""
        begun = sum(
            group.mentorship is None and mentor["id"] in (who for who, _role in group.members)
            for group in self.groups
        )
        return max(0, int(mentor["groups_left"]) - begun)

    def places(self, mentor: Facts) -> int:
        return max(0, int(mentor["places"]) - self.taken.get(mentor["id"], 0))

    def take(self, column: Column, student: int) -> None:
        """Counts a student whom a shape has placed with these mentors, who stand above her now.

        Whoever sits in a group that she leads herself has nobody above her there.
        """
        for mentor in column.mentors:
            self.taken[mentor] = self.taken.get(mentor, 0) + 1
        below, leading = self._students[student], [self._mentors[who] for who in column.mentors]
        if below in self._mentoring and below not in leading:
            self.above += [(person, below) for person in leading]

    @cached_property
    def _students(self) -> dict[int, int]:
        return {facts["id"]: facts["person"] for facts in self.data["students"]}

    @cached_property
    def _mentors(self) -> dict[int, int]:
        return {facts["id"]: facts["person"] for facts in self.data["mentors"]}

    @cached_property
    def _mentoring(self) -> set[int]:
        return set(self._mentors.values())


def new_groups(room: Room, shape: Facts, mentor: Facts) -> int:
    """How many groups of this shape she can begin, if she leads in it; one as one of its students.

    Where a capacity counts students, a team has one group together, of whatever size.
    """
    if mentor["role"] not in {seat["role"] for seat in shape["seats"]}:
        return 0
    groups = room.groups_left(mentor)
    if shape["unit"] != "groups":
        groups = 0 if shape["slug"] in mentor["room"] or room.places(mentor) <= 0 else 1
    return min(groups, 1) if mentor["role"] in shape["within"] else groups


def columns(room: Room, shape: Facts, waiting: Sequence[Facts]) -> list[Column]:
    """Every mentor's own places; new groups only as many as reach the least number."""
    roles = {seat["role"] for seat in shape["seats"]}
    mentors = [facts for facts in room.data["mentors"] if facts["role"] in roles]
    if shape["unit"] == "students_per_class":
        return _per_class(shape, mentors)
    if shape.get("alike", ()):
        return _own_alike(room, shape, mentors, waiting)
    places = {facts["id"]: _places_of_one(room, shape, facts) for facts in mentors}
    opened = _opened(room, shape, mentors, places, len(waiting))
    return [
        Column((facts["id"],), places[facts["id"]] if facts["id"] in opened else 0)
        for facts in mentors
    ]


def _places_of_one(room: Room, shape: Facts, mentor: Facts) -> int:
    if shape["unit"] == "groups":
        most = shape["most"] or UNLIMITED
        return min(
            UNLIMITED, int(mentor["groups_left"] * most + mentor["room"].get(shape["slug"], 0))
        )
    return room.places(mentor)


def _own_alike(
    room: Room, shape: Facts, mentors: Sequence[Facts], waiting: Sequence[Facts]
) -> list[Column]:
    """The groups of single mentors, each for students of one kind: those that stand come first."""
    number = Counter(kind_of(facts, shape.get("alike", ())) for facts in waiting)
    found: Counter[tuple[int, Kind | None]] = Counter()
    new: list[tuple[int, int]] = []
    for facts in mentors:
        standing = facts["kinds"].get(shape["slug"], [])
        for kind, places in standing:
            found[facts["id"], tuple(kind) if kind else None] += places
        # A mentor of so many students has them in one group.
        own = [shape["most"] or len(waiting)] * facts["groups_left"]
        if shape["unit"] != "groups":
            own = [] if standing else [room.places(facts)]
        new += [(facts["id"], size) for size in own if size > 0]
    for (_mentor, kind), places in found.items():
        if kind is not None:
            number[kind] = max(0, number[kind] - places)
    Random(f"{room.seed}:{shape['slug']}:open").shuffle(new)  # noqa: S311 (a lot, no secret)
    kinds = dealt(number, [size for _mentor, size in new], shape["least"])
    for (mentor, size), kind in zip(new, kinds, strict=True):
        if kind is not None:
            found[mentor, kind] += size
    return [Column((mentor,), places, kind=kind) for (mentor, kind), places in found.items()]


def _opened(
    room: Room, shape: Facts, mentors: Sequence[Facts], places: Mapping[int, int], waiting: int
) -> set[int]:
    """Those who take students now: a group below its least number is not begun, if it can be."""
    if shape["least"] <= 1:
        return {facts["id"] for facts in mentors}
    slug = shape["slug"]
    opened = {facts["id"] for facts in mentors if slug in facts["room"]}
    standing = sum(facts["room"].get(slug, 0) for facts in mentors)
    new = max(0, waiting - standing)
    idle = [facts["id"] for facts in mentors if slug not in facts["room"]]
    Random(f"{room.seed}:{slug}:open").shuffle(idle)  # noqa: S311 (a lot, no secret)
    number, reached = new // shape["least"], standing
    for mentor in idle:
        if number <= 0 and reached >= waiting:
            break
        opened.add(mentor)
        number -= 1
        reached += places[mentor]
    return opened


def _per_class(shape: Facts, mentors: Sequence[Facts]) -> list[Column]:
    """So many students of each class year with every mentor."""
    return [
        Column(
            (facts["id"],),
            max(0, facts["capacity"] - facts["by_class"].get(str(year), 0)),
            class_year=year,
        )
        for facts in mentors
        for year in shape["years"]
    ]


def numbered(
    room: Room, shape: Facts, members: Sequence[Sequence[Any]], mentorship: int | None
) -> Group:
    group = Group(
        number=len(room.groups) + 1,
        shape=shape["slug"],
        members=[(int(who), str(role)) for who, role in members],
        mentorship=mentorship,
    )
    room.groups.append(group)
    return group


def seats_in(
    shape: Facts, group: Group, students: Sequence[Facts], unlimited: int, kind: Kind | None
) -> list[Column]:
    """What is left in a group with these students; where no size is stated, ``unlimited``."""
    people = tuple(who for who, _role in group.members)
    if shape["per_class"]:
        by_class = Counter(str(facts["class_year"]) for facts in students)
        return [
            Column(people, max(0, most - by_class[year]), int(year), group.number, kind)
            for year, most in shape["per_class"].items()
        ]
    places = max(0, shape["most"] - len(students)) if shape["most"] else unlimited
    return [Column(people, places, None, group.number, kind)]
