"""How many people it takes to mentor a cohort, and how many students those there are take.

Pure: a program, the students of each class year, and the capacities of those who mentor go in.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from programs.spec.base import MENTORING_ROLES
from programs.spec.document import ProgramSpec
from programs.spec.structure import Shape

Years = Mapping[int | None, int]
# Of each role the capacities of its people, in the unit of their shape.
Supply = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class RoleNeed:
    """One mentoring role: people needed at the usual load and at the most, and those there are."""

    role: str
    needed: int
    at_most_load: int
    people: int

    @property
    def missing(self) -> int:
        """People still to be found, at the usual load."""
        return max(0, self.needed - self.people)


@dataclass(frozen=True)
class ShapeNeed:
    """One kind of group: its students, the groups they make, who leads, the places there are."""

    slug: str
    title: str
    students: int
    groups: int
    places: int
    roles: tuple[RoleNeed, ...]

    @property
    def short(self) -> int:
        """Students for whom there is no place."""
        return max(0, self.students - self.places)


def staffing(spec: ProgramSpec, students: Years, supply: Supply) -> list[ShapeNeed]:
    """What every shape needs and has. A class year that pauses needs nothing."""
    return [_need(spec, shape, _of_shape(spec, shape, students), supply) for shape in spec.shapes]


def students_each(spec: ProgramSpec, role: str) -> int:
    """Students that one unit of a role's capacity brings together with her; at least 1."""
    unit = spec.capacity(role).unit
    shapes = [shape for shape in spec.shapes if any(seat.role == role for seat in shape.seats)]
    if unit == "groups":
        return max((_most(shape) for shape in shapes), default=0) or 1
    if unit == "students_per_class":
        return sum(len(shape.class_years("student")) for shape in shapes) or 1
    return 1


def _of_shape(spec: ProgramSpec, shape: Shape, students: Years) -> dict[int | None, int]:
    """The students that belong to a shape; of unknown year only where it is the only one."""
    years = shape.class_years("student")
    only = len(spec.shapes) == 1
    return {
        year: number
        for year, number in students.items()
        if year not in spec.paused_class_years and (only or not years or year in years)
    }


def _need(spec: ProgramSpec, shape: Shape, students: Years, supply: Supply) -> ShapeNeed:
    number = sum(students.values())
    groups = _groups(shape, students)
    fullest = max(students.values(), default=0)
    roles = tuple(
        _role(spec, role, _work(spec, shape, role, (number, groups, fullest)), supply)
        for role in dict.fromkeys(s.role for s in shape.seats if s.role in MENTORING_ROLES)
    )
    return ShapeNeed(
        slug=shape.slug,
        title=shape.title,
        students=number,
        groups=groups,
        places=_places(spec, shape, supply, number, len(students)),
        roles=roles,
    )


def _most(shape: Shape) -> int:
    """Students of one group at most; 0 says no limit is stated."""
    people = shape.people("student")
    return int(people.max) if people is not None and people.max else 0


def _groups(shape: Shape, students: Years) -> int:
    """The fewest groups that hold all students, each class year in its own places."""
    number = sum(students.values())
    per_class = {
        year: int(span.max or span.min or 0)
        for seat in shape.seats
        if seat.role == "student"
        for year, span in seat.per_class.items()
    }
    if per_class:
        return max(
            (math.ceil(students.get(year, 0) / most) for year, most in per_class.items() if most),
            default=0,
        )
    most = _most(shape)
    return math.ceil(number / most) if most else min(1, number)


def _leaders(shape: Shape, role: str) -> int:
    """How many of a role lead one group, at least."""
    found = 0
    for seat in shape.seats:
        if seat.role == role:
            span = seat.people
            found += int(span.min if span is not None and span.min is not None else 1)
    return found


def _work(spec: ProgramSpec, shape: Shape, role: str, size: tuple[int, int, int]) -> int:
    """What a role has to take on, in the unit of its capacity."""
    students, groups, fullest = size
    unit = spec.capacity(role).unit
    if unit == "students_per_class":
        return fullest
    return (groups if unit == "groups" else students) * _leaders(shape, role)


def _role(spec: ProgramSpec, role: str, work: int, supply: Supply) -> RoleNeed:
    capacity = spec.capacity(role)
    usual, most = max(1, capacity.default), max(1, capacity.max or capacity.default)
    return RoleNeed(
        role=role,
        needed=math.ceil(work / usual),
        at_most_load=math.ceil(work / most),
        people=len(supply.get(role, ())),
    )


def _places(spec: ProgramSpec, shape: Shape, supply: Supply, number: int, years: int) -> int:
    """Students that those who said yes can take in groups of this shape."""
    found = []
    most = _most(shape) or number
    for role in dict.fromkeys(s.role for s in shape.seats if s.role in MENTORING_ROLES):
        unit, leaders = spec.capacity(role).unit, _leaders(shape, role)
        if not leaders:
            continue
        capacity = sum(supply.get(role, ()))
        if unit == "groups":
            found.append(capacity // leaders * most)
        elif unit == "students_per_class":
            found.append(capacity * max(1, years))
        else:
            found.append(capacity // leaders)
    return min(found, default=0)
