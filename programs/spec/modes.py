"""Which kinds of mentoring a program is made of, read off its shapes and meetings."""

from typing import TYPE_CHECKING, Literal

from programs.spec.base import MENTORING_ROLES
from programs.spec.structure import Shape

if TYPE_CHECKING:
    from programs.spec.document import ProgramSpec

Mode = Literal[
    "one_to_one", "one_to_many", "many_to_one", "many_to_many", "group", "virtual", "combined"
]
TOGETHER = ("group", "plenary")


def modes(spec: "ProgramSpec") -> tuple[Mode, ...]:
    """In a fixed order, all that hold.

    *one_to_many* is one mentor of several students, whether they sit in one group or each come
    alone; *many_to_one* also an informal second mentor beside a pair; *group* says that students
    meet together; *combined* that one student has meetings alone and meetings together.
    """
    pairs = [shape for shape in spec.shapes if not _several(shape, "student")]
    groups = [shape for shape in spec.shapes if _several(shape, "student")]
    together = [shape for shape in groups if _meets_together(spec, shape)]
    alone = [*pairs, *(shape for shape in groups if _meets_alone(spec, shape))]
    found: dict[Mode, bool] = {
        "one_to_one": any(not _several(shape, *MENTORING_ROLES) for shape in pairs),
        "one_to_many": any(not _several(shape, *MENTORING_ROLES) for shape in groups)
        or any(_takes_several(spec, shape) for shape in pairs),
        "many_to_one": any(_several(shape, *MENTORING_ROLES) for shape in pairs)
        or (spec.second_mentor and bool(pairs)),
        "many_to_many": any(_several(shape, *MENTORING_ROLES) for shape in groups),
        "group": bool(together),
        "virtual": any(shape.setting == "virtual" for shape in spec.shapes),
        "combined": bool(together and alone),
    }
    return tuple(mode for mode, holds in found.items() if holds)


def _several(shape: Shape, *roles: str) -> bool:
    """More than one person of these roles in one group; one where nothing is said of mentors."""
    seats = [seat for seat in shape.seats if seat.role in roles]
    most = [seat.people.max if seat.people else None for seat in seats]
    if "student" in roles:
        return None in most or sum(number or 0 for number in most) > 1
    return sum(1 if number is None else number for number in most) > 1


def _takes_several(spec: "ProgramSpec", shape: Shape) -> bool:
    return any(
        spec.capacity(seat.role).default > 1 for seat in shape.seats if seat.role in MENTORING_ROLES
    )


def _kinds(spec: "ProgramSpec", shape: Shape) -> set[str | None]:
    rules = {rule.kind for rule in spec.meeting_rules() if rule.shape in (None, shape.slug)}
    return rules | {part.kind for part in shape.attached}


def _meets_together(spec: "ProgramSpec", shape: Shape) -> bool:
    return _kinds(spec, shape) != {"mentoring"}


def _meets_alone(spec: "ProgramSpec", shape: Shape) -> bool:
    return "mentoring" in _kinds(spec, shape)
