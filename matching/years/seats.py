"""Seats to fill: by group, role and class year; and who waits for a place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from matching import shapes as shaped
from matching.models import Membership, Mentorship
from matching.years.endings import GroupTurn, Way, Years
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs import queries
from programs.models import Cohort, Enrollment, PassageFate
from programs.spec import ProgramSpec, Shape


@dataclass(frozen=True, slots=True)
class Gap:
    """A seat of a group for which people are missing; the class year where it has one."""

    role: str
    missing: int
    class_year: int | None = None


@dataclass
class GroupSeats:
    """Who sits in a group, and who is missing."""

    mentorship: int
    name: str
    shape: str
    # In which year of its life the group is, counted from 1.
    age: int = 1
    by_class: Counter[int] = field(default_factory=Counter)
    by_role: Counter[str] = field(default_factory=Counter)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return sum(gap.missing for gap in self.gaps)


def of_turns(
    turns: Iterable[GroupTurn], ways: Mapping[int, Way], spec: ProgramSpec
) -> list[GroupSeats]:
    """The groups that go on, as they would begin the new year."""
    found = []
    for turn in turns:
        if turn.over:
            continue
        group = GroupSeats(turn.mentorship, turn.name, turn.shape, turn.age)
        for place in turn.stays:
            group.by_role[place.role] += not place.stands_in
            if place.role == Role.STUDENT:
                way = ways.get(place.enrollment)
                group.by_class[(way.class_year if way else None) or 0] += 1
        found.append(group)
    return _with_gaps(found, spec)


def of_cohort(cohort: Cohort) -> list[GroupSeats]:
    """The groups as they stand now."""
    years = queries.class_years(cohort)
    rows = Mentorship.objects.filter(cohort=cohort, state__in=Mentorship.LIVE).order_by("pk")
    served = Years.until(cohort, cohort.planned.number)
    found = {
        pk: GroupSeats(pk, name, shape, served.served(began) + 1)
        for pk, name, shape, began in rows.values_list("pk", "name", "shape", "started_at")
    }
    seats = Membership.objects.filter(mentorship__in=rows.order_by(), ended_at=None)
    for mentorship, enrollment, role, ends_at in seats.values_list(
        "mentorship_id", "enrollment_id", "role", "ends_at"
    ):
        group = found[mentorship]
        group.by_role[role] += ends_at is None
        if role == Role.STUDENT:
            group.by_class[years.get(enrollment, 0)] += 1
    return _with_gaps(found.values(), cohort.planned_spec)


def _with_gaps(groups: Iterable[GroupSeats], spec: ProgramSpec) -> list[GroupSeats]:
    known = {shape.slug: shape for shape in spec.shapes}
    listed = list(groups)
    for group in listed:
        shape = known.get(group.shape)
        if shape is not None and not _is_pair(shape):
            group.gaps = [*_leaders(shape, group), *_students(shape, group, spec)]
    return listed


def _is_pair(shape: Shape) -> bool:
    """Pairs are formed anew by a matching; they have no seats to fill."""
    people = shape.people(Role.STUDENT)
    return people is not None and people.max == 1


def _leaders(shape: Shape, group: GroupSeats) -> list[Gap]:
    needed: Counter[str] = Counter()
    for seat in shape.seats:
        outside = seat.group_years is not None and group.age not in seat.group_years
        if seat.role not in MENTOR_ROLES or outside:
            continue
        span = seat.people
        needed[seat.role] += int(span.min if span and span.min is not None else 1)
    return [
        Gap(role, number - group.by_role[role])
        for role, number in needed.items()
        if number > group.by_role[role]
    ]


def _students(shape: Shape, group: GroupSeats, spec: ProgramSpec) -> list[Gap]:
    per_class = {
        year: int(span.min if span.min is not None else span.max or 0)
        for seat in shape.seats
        if seat.role == "student"
        for year, span in seat.per_class.items()
        if year not in spec.paused_class_years
    }
    if per_class:
        return [
            Gap(Role.STUDENT, number - group.by_class[year], year)
            for year, number in sorted(per_class.items())
            if number > group.by_class[year]
        ]
    people = shape.people(Role.STUDENT)
    least = int(people.min or 0) if people is not None else 0
    there = group.by_role[Role.STUDENT]
    return [Gap(Role.STUDENT, least - there)] if least > there else []


@dataclass(frozen=True, slots=True)
class Waiting:
    """Students without a place in a shape that is for them."""

    shape: str
    class_year: int | None
    number: int


def waiting(
    turns: Iterable[GroupTurn], ways: Mapping[int, Way], spec: ProgramSpec, students: Iterable[int]
) -> list[Waiting]:
    """Students who will wait for a place when the new year begins, by shape and class year."""
    listed = shaped.described(spec)
    has: dict[int, set[str]] = defaultdict(set)
    for turn in turns:
        for place in turn.students:
            has[place.enrollment].add(turn.shape)
    found: Counter[tuple[str, int | None]] = Counter()
    for pk in students:
        way = ways[pk]
        if way.fate in {PassageFate.COMPLETES, PassageFate.LEAVES, PassageFate.PAUSES}:
            continue
        for slug in shaped.belongs(listed, spec, way.class_year):
            if slug not in has[pk]:
                found[slug, way.class_year] += 1
    titles = {shape.slug: shape.title for shape in spec.shapes}
    order = sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or 0))
    return [Waiting(titles[slug], year, number) for (slug, year), number in order]


def students_of(cohort: Cohort) -> list[int]:
    """Students who take part."""
    rows = Enrollment.objects.filter(cohort=cohort, role=Role.STUDENT, state__in=Enrollment.PRESENT)
    return list(rows.values_list("pk", flat=True))
