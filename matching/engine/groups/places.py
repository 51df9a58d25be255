"""Sets of students for whom there are too few places (Hall's condition, broken)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.task import Task
from matching.engine.groups.traits import Ints

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
        fixed = np.nonzero(task.fixed >= 0)[0]
        self.kind[fixed] = task.fixed[fixed]
        for i in range(count):
            b = self.block[i]
            self.open[i] = allowed[b] & (self.kind == task.kinds[b])
        self.home = np.array([chosen[self.block[i]] for i in range(count)], np.int64)
        # A team that nobody joins, though it is open to some: not places are what is lacking.
        idle = np.isin(np.arange(len(task.able)), chosen, invert=True) & (self.kind < 0)
        open_ = allowed[[self.block[i] for i in range(count)]] & idle
        self.spare = np.asarray(open_.any(axis=1), np.bool_)

    def room(self, students: Sequence[int]) -> int:
        """The places of all groups that may take any of them, for such as they are."""
        return sum(self._of_group(j, students) for j in range(len(self.kind)))

    def _of_group(self, j: int, students: Sequence[int]) -> int:
        able = [i for i in students if self.open[i, j]]
        if not able:
            return 0
        most = self._most(j)
        limits = [len(students) if most is None else most]
        for trait, spans in self.instance.shape.quotas.items():
            values = [self.instance.traits[i].get(trait, "") for i in able]
            if set(values) <= set(spans):
                limits.append(sum(self._quota(j, trait, value) for value in set(values)))
        return min(limits)

    def _most(self, j: int) -> int | None:
        """The most students that a group of this one's kind takes."""
        found = enumerate(self.task.features)
        size = next(n for n, f in found if f.trait < 0 and f.kind == self.kind[j])
        return self.task.most_of(j, size)

    def _quota(self, j: int, trait: str, value: str) -> int:
        """How many such students it takes."""
        for n, f in enumerate(self.task.features):
            if f.trait < 0 and (f.name, f.value) == (trait, value):
                return self.task.most_of(j, n) or 0
        return 0

    def in_the_way(self, i: int, j: int) -> list[int]:
        """Of those in group j the ones of whom one would have to leave for student i."""
        there = np.nonzero(self.home == j)[0].tolist()
        kept = there if len(there) == self._most(j) else None
        for trait, spans in self.instance.shape.quotas.items():
            value = self.instance.traits[i].get(trait, "")
            same = [k for k in there if self.instance.traits[k].get(trait, "") == value]
            if value in spans and len(same) >= self._quota(j, trait, value):
                kept = [k for k in (there if kept is None else kept) if k in same]
        return kept or []


def described(places: Places, student: int) -> Hit | None:
    """The set this student is in that the fewest traits describe, and of those the smallest."""
    traits = places.instance.traits
    own = sorted(traits[student].items())
    everyone = range(len(traits))
    shape = places.instance.shape
    names = dict.fromkeys([*shape.alike, *sorted(shape.quotas)])
    like = tuple((name, traits[student].get(name, "")) for name in names)
    for count in range(-1, min(MOST_TRAITS, len(own)) + 1):
        hits: list[tuple[int, Traits, frozenset[int], int]] = []
        # All who are like her come first, in what groups are alike or have places for.
        for chosen in combinations(own, count) if count >= 0 else [like]:
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
            for other in places.in_the_way(i, j):
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
