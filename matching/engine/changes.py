"""What another choice would change: for one pair, and from one matching to the next. Pure.

“Why not that one?” is answered by solving again with that pair made, never by comparing two scores:
what she gains may cost somebody else her place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from matching.engine.instance import Instance, InvalidInput
from matching.engine.solving import solve

Pair = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """A student who comes to another mentor, finds one (``was`` is ``None``) or loses hers."""

    student: str
    was: str | None
    now: str | None


@dataclass(frozen=True)
class Instead:
    """The best matching in which a student has that mentor, against the best there is.

    ``placed`` and ``total`` (millionths) are differences: never more placed than in the best, and
    where as many are placed never a greater total. ``changes`` are the fewest with which that is
    reached. Where the pair is ``possible`` in no matching, ``why`` says so and the rest is empty.
    """

    student: str
    mentor: str
    possible: bool
    why: str = ""
    placed: int = 0
    total: int = 0
    changes: tuple[Change, ...] = ()


def instead(instance: Instance, student: str, mentor: str, seed: int = 0) -> Instead:
    """What it would take, and cost, to give this student that mentor.

    ``InvalidInput`` when one of them is not in the instance.
    """
    if student not in instance.students:
        raise InvalidInput(f"there is no student {student!r}")
    if mentor not in instance.mentors:
        raise InvalidInput(f"there is no mentor {mentor!r}")
    i, j = instance.students.index(student), instance.mentors.index(mentor)
    if instance.scores[i, j] < 0:
        return Instead(student, mentor, possible=False, why="the pair is forbidden")
    best = solve(instance, seed=seed)
    row = {name: at for at, name in enumerate(instance.students)}
    column = {name: at for at, name in enumerate(instance.mentors)}
    forced = replace(
        instance,
        pinned=[*(pin for pin in instance.pinned if pin[0] != i), (i, j)],
        current=[(row[s], column[m]) for s, m in best.pairs],
    )
    try:
        other = solve(forced, seed=seed)
    except InvalidInput:
        return Instead(student, mentor, possible=False, why="all places are taken by pinned pairs")
    return Instead(
        student,
        mentor,
        possible=True,
        placed=len(other.pairs) - len(best.pairs),
        total=other.total - best.total,
        changes=tuple(changes(best.pairs, other.pairs)),
    )


def changes(before: Iterable[Pair], after: Iterable[Pair]) -> list[Change]:
    """Who has another mentor, by the student's name."""
    was, now = dict(before), dict(after)
    return [
        Change(student, was.get(student), now.get(student))
        for student in sorted({*was, *now})
        if was.get(student) != now.get(student)
    ]
