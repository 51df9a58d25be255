"""Sets of students for whom there are too few places (Hall's condition, broken)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.task import Ints, Task

Traits = tuple[tuple[str, str], ...]
Hit = tuple[Traits | None, frozenset[int], int]
MOST_TRAITS = 4


class Places:
    """How many students of a set the groups that are begun could take, with nobody else there."""

    def __init__(self, instance: GroupInstance, task: Task, chosen: Ints) -> None:
        self.instance, self.task = instance, task
        self.block = {i: b for b, members in enumerate(task.members) for i in members}
        count = len(instance.students)
        self.open = np.zeros((count, len(task.able)), np.bool_)
        self.kind = np.full(len(task.able), -1)
        allowed = task.allowed
        for j in sorted({*chosen.tolist()} - {-1}):
            self.kind[j] = task.kinds[np.nonzero(chosen == j)[0][0]]
        for i in range(count):
            b = self.block[i]
            self.open[i] = allowed[b] & (self.kind == task.kinds[b])
        self.home = np.array([chosen[self.block[i]] for i in range(count)], np.int64)

    def room(self, students: Sequence[int]) -> int:
        """The places of all groups that may take any of them, for such as they are."""
        return sum(self._of_group(j, students) for j in range(len(self.kind)))

    def _of_group(self, j: int, students: Sequence[int]) -> int:
        able = [i for i in students if self.open[i, j]]
        if not able:
            return 0
        limits = [len(able)]
        limits += [
            feature.most
            for feature in self.task.features
            if feature.kind == self.kind[j] and feature.trait < 0 and feature.most is not None
        ]
        for trait, spans in self.instance.shape.quotas.items():
            by_value: dict[str, int] = {}
            for i in able:
                value = self.instance.traits[i].get(trait, "")
                by_value[value] = by_value.get(value, 0) + 1
            limits.append(
                sum(min(n, spans[v][1]) if v in spans else n for v, n in by_value.items())
            )
        return min(limits)


def described(places: Places, student: int) -> Hit | None:
    """The set this student is in that the fewest traits describe, and of those the smallest."""
    traits = places.instance.traits
    own = sorted(traits[student].items())
    everyone = range(len(traits))
    for count in range(min(MOST_TRAITS, len(own)) + 1):
        hits: list[tuple[int, Traits, frozenset[int], int]] = []
        for chosen in combinations(own, count):
            alike = [i for i in everyone if all(traits[i].get(k) == v for k, v in chosen)]
            room = places.room(alike)
            if room < len(alike):
                hits.append((len(alike), chosen, frozenset(alike), room))
        if hits:
            _size, found, students, room = min(hits, key=lambda hit: (hit[0], hit[1]))
            return found, students, room
    return None


def violator(places: Places, student: int) -> Hit | None:
    """A set that no traits describe: who has a place she could have, made smaller one by one."""
    reached, rims = {student}, [student]
    while rims:
        i = rims.pop()
        for j in np.nonzero(places.open[i])[0].tolist():
            for other in np.nonzero(places.home == j)[0].tolist():
                if other not in reached:
                    reached.add(other)
                    rims.append(other)
    if places.room(sorted(reached)) >= len(reached):
        return None
    for i in sorted(reached - {student}):
        fewer = reached - {i}
        if places.room(sorted(fewer)) < len(fewer):
            reached = fewer
    return None, frozenset(reached), places.room(sorted(reached))
