"""Refuses what contradicts itself, by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from matching.engine.groups.instance import GroupInstance, GroupShape
from matching.engine.instance import InvalidInput


def check(instance: GroupInstance) -> None:
    """``InvalidInput`` for names given twice, impossible numbers, and wishes that contradict."""
    _once(instance.students, "student")
    _once([one.name for one in instance.leaders], "leader")
    _once([one.name for one in instance.standing], "standing group")
    _sizes(instance)
    _shape(instance.shape)
    for leader in instance.leaders:
        if leader.groups < 0:
            raise InvalidInput(f"leader {leader.name!r} leads {leader.groups} groups")
    if instance.wanted is not None and instance.wanted < 0:
        raise InvalidInput(f"{instance.wanted} groups are wanted")
    _pins(instance)
    _mates(instance)


def _once(names: Iterable[str], kind: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidInput(f"{kind} {name!r} is given twice")
        seen.add(name)


def _sizes(instance: GroupInstance) -> None:
    students, leaders = len(instance.students), len(instance.leaders)
    if instance.scores.shape != (students, leaders):
        raise InvalidInput(f"the scores are not {students} students × {leaders} leaders")
    if len(instance.traits) != students:
        raise InvalidInput("there must be traits for every student")
    if instance.free and len(instance.free) != students:
        raise InvalidInput("there must be free hours for every student, or for none")
    pairs = (instance.together, instance.apart)
    if any(not 0 <= i < students for pair in chain(*pairs) for i in pair):
        raise InvalidInput("a pair of students names somebody who is not there")
    if instance.depth and len(instance.depth) != students:
        raise InvalidInput("there must be a depth for every student, or for none")
    if any(not 0 <= at < leaders for one in instance.standing for at in one.leaders):
        raise InvalidInput("a standing group names a leader who is not there")
    for i, j in chain(instance.pinned, instance.barred, instance.named, instance.own):
        if not (0 <= i < students and 0 <= j < leaders):
            raise InvalidInput("a pair of student and leader names somebody who is not there")


def _shape(shape: GroupShape) -> None:
    if shape.least < 0 or shape.most < 0 or 0 < shape.most < shape.least:
        raise InvalidInput(f"a group of {shape.least} to {shape.most} students cannot be")
    for role, number in shape.seats.items():
        if number < 0:
            raise InvalidInput(f"a group cannot have {number} of the role {role!r}")
    if not any(shape.seats.values()):
        raise InvalidInput("a group needs at least one leader")
    for trait, spans in shape.quotas.items():
        for value, (least, most) in spans.items():
            if not 0 <= least <= most:
                raise InvalidInput(f"a quota of {least} to {most} for {trait} {value!r} cannot be")
    if not 0 <= shape.common_hours <= 168:
        raise InvalidInput(f"a week has no {shape.common_hours} hours in common")


def _pins(instance: GroupInstance) -> None:
    roles = {role for role, number in instance.shape.seats.items() if number}
    barred = set(instance.barred)
    there = {at for one in instance.standing for at in one.leaders}
    pinned: dict[int, int] = {}
    for i, j in instance.pinned:
        student, leader = instance.students[i], instance.leaders[j]
        if pinned.setdefault(i, j) != j:
            raise InvalidInput(f"student {student!r} is pinned twice")
        if j not in there and (leader.groups < 1 or leader.role not in roles):
            raise InvalidInput(
                f"student {student!r} is pinned to leader {leader.name!r}, who leads no group"
            )
        if instance.scores[i, j] < 0 or (i, j) in barred:
            raise InvalidInput(
                f"student {student!r} is pinned to leader {leader.name!r}, but that pair is "
                "forbidden"
            )


def _mates(instance: GroupInstance) -> None:
    names = instance.students
    block = blocks_of(len(names), instance.together)
    for a, b in instance.apart:
        if block[a] == block[b]:
            raise InvalidInput(f"{names[a]!r} and {names[b]!r} must be together and apart")


def blocks_of(number: int, together: Sequence[tuple[int, int]]) -> list[int]:
    """For each student the number of the block of those who must be in one group with her."""
    root = list(range(number))

    def top(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for a, b in together:
        low, high = sorted((top(a), top(b)))
        root[high] = low
    at: dict[int, int] = {}
    return [at.setdefault(top(i), len(at)) for i in range(number)]
