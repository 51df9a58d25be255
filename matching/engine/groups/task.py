"""What is left to decide once the teams stand: which block of students joins which of them.

A block is one student, or several who must be together. Every rule about how many students of
some sort a group has is a *feature*: a number for each block that adds up over a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.groups import circles
from matching.engine.groups.checking import blocks_of
from matching.engine.groups.features import Feature, counted, features_of
from matching.engine.groups.instance import ALL_HOURS, GroupInstance
from matching.engine.groups.scores import free_of, group_hours, group_scores
from matching.engine.groups.traits import Bools, Ints, Team, kinds_of
from matching.engine.instance import FORBIDDEN


@dataclass(frozen=True)
class Task:
    """``weights[b, j]`` is the sum of the scores of block b's students in group j, or −1.

    ``counts[b, f]`` is the number of block b's students that feature f counts. ``able[j, k]``
    says whether group j may be one of kind k. ``free[b]``, ``open_hours[j]``: masks of hours.
    The first groups, as many as ``there`` has rows, stand already: ``there[j, f]`` counts who is in
    them, ``fixed[j]`` is the kind such a group is of, −1 where it can take any.
    """

    members: Sequence[Sequence[int]]
    weights: Ints
    kinds: Ints
    able: Bools
    features: Sequence[Feature]
    counts: Ints
    pins: Ints
    apart: Sequence[tuple[int, int]]
    traits: int
    free: Sequence[int]
    open_hours: Sequence[int]
    hours: int
    there: Ints
    fixed: Ints

    @property
    def stand(self) -> int:
        """How many groups, the first, are there already."""
        return len(self.there)

    def inside(self, j: int, f: int) -> int:
        """How many there are in group j already."""
        return int(self.there[j, f]) if j < self.stand else 0

    def least_of(self, j: int, f: int) -> int:
        """How many more group j needs at least, if anybody joins it."""
        return 0 if j < self.stand else self.features[f].least

    def most_of(self, j: int, f: int) -> int | None:
        """How many more group j takes."""
        most = self.features[f].most
        return None if most is None else max(0, most - self.inside(j, f))

    def is_of(self, j: int, kind: int) -> bool:
        """Whether group j is of this kind even if nobody joins it."""
        return j < self.stand and int(self.fixed[j]) == kind

    @property
    def sizes(self) -> Ints:
        return np.array([len(block) for block in self.members], np.int64)

    @property
    def allowed(self) -> Bools:
        """Which block may join which group at all."""
        if not len(self.kinds) or not len(self.able):
            return np.zeros(self.weights.shape, np.bool_)
        of_kind: Bools = self.able[:, self.kinds].T
        return (self.weights >= 0) & of_kind


def build(instance: GroupInstance, teams: Sequence[Team], able: Bools) -> Task:
    """The task for these teams, those of standing groups first.

    A block that cannot be in any group has no weight.
    """
    scores = group_scores(instance, teams, instance.standing)
    block_of = blocks_of(len(instance.students), instance.together)
    members: list[list[int]] = [[] for _ in range(max(block_of, default=-1) + 1)]
    for student, number in enumerate(block_of):
        members[number].append(student)
    kinds, kind_of = kinds_of(instance)
    features, of_student = features_of(instance, kind_of, able.shape[1])
    counts = np.array([of_student[block].sum(axis=0) for block in members], np.int64)
    counts = counts.reshape(len(members), len(features))
    pinned = {i for i, _leader in instance.pinned} | set(circles.seated(instance, teams))
    free = free_of(instance)
    there, fixed = counted(instance, kinds, features)
    task = Task(
        members=members,
        weights=np.full((len(members), len(teams)), FORBIDDEN, np.int64),
        kinds=np.array([kind_of[block[0]] for block in members], np.int64),
        able=able,
        features=features,
        counts=counts,
        pins=np.array([sum(i in pinned for i in block) for block in members], np.int64),
        apart=sorted({_pair(block_of[a], block_of[b]) for a, b in instance.apart}),
        traits=len(instance.shape.balance),
        free=[_common(free[i] for i in block) for block in members],
        open_hours=group_hours(instance, teams, instance.standing),
        hours=instance.shape.common_hours,
        there=there,
        fixed=fixed,
    )
    return replace(task, weights=_weights(task, scores, kind_of))


def _weights(task: Task, scores: Ints, kind_of: Ints) -> Ints:
    """The sum of each block's scores in each group, where all of it fit in."""
    most = np.array(
        [
            [np.iinfo(np.int64).max if (m := task.most_of(j, f)) is None else m
             for f in range(len(task.features))]
            for j in range(len(task.able))
        ],
        np.int64,
    ).reshape(len(task.able), len(task.features))  # fmt: skip
    weights = task.weights.copy()
    for at, block in enumerate(task.members):
        fits = (scores[block] >= 0).all(axis=0) & (len({*kind_of[block]}) == 1)
        fits &= (task.counts[at] <= most).all(axis=1)
        weights[at] = np.where(fits, scores[block].sum(axis=0), FORBIDDEN)
    return weights


def _pair(a: int, b: int) -> tuple[int, int]:
    return (min(a, b), max(a, b))


def _common(masks: Iterable[int]) -> int:
    found = ALL_HOURS
    for mask in masks:
        found &= mask
    return found


def without(task: Task, rule: str) -> Task:
    """The same without one rule: to see whether it is what keeps somebody out."""
    if rule == "apart":
        return replace(task, apart=())
    if rule == "common_hours":
        return replace(task, hours=0)
    lifted = list(task.features)
    for at, one in enumerate(lifted):
        if rule == "quota_least" and one.kind < 0:
            lifted[at] = replace(one, least=0)
        if rule == "quota_most" and one.kind < 0:
            lifted[at] = replace(one, most=None)
        if rule == "least" and one.kind >= 0 and one.trait < 0:
            lifted[at] = replace(one, least=1)
        if rule == "most" and one.kind >= 0 and one.trait < 0:
            lifted[at] = replace(one, most=None)
    return replace(task, features=lifted)
