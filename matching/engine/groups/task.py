"""What is left to decide once the teams stand: which block of students joins which of them.

A block is one student, or several who must be together. Every rule about how many students of
some sort a group has is a *feature*: a number for each block that adds up over a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.groups.checking import blocks_of
from matching.engine.groups.instance import ALL_HOURS, GroupInstance
from matching.engine.instance import FORBIDDEN

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Kind = tuple[str, ...]
Team = tuple[int, ...]
"""Positions of the leaders of one group."""


@dataclass(frozen=True)
class Feature:
    """Something to count in each group, with the least and most of it where there are such.

    ``kind``: it counts only for groups of this kind. ``trait``: the position of the balanced
    trait it belongs to, −1 if it is a limit.
    """

    kind: int = -1
    least: int = 0
    most: int | None = None
    trait: int = -1


@dataclass(frozen=True)
class Task:
    """``weights[b, j]`` is the sum of the scores of block b's students in group j, or −1.

    ``counts[b, f]`` is the number of block b's students that feature f counts. ``able[j, k]``
    says whether group j may be one of kind k. ``busy[b]``, ``open_hours[j]``: masks of hours.
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


def group_scores(instance: GroupInstance, teams: Sequence[Team]) -> Ints:
    """A student's score in a group: the mean over those leaders with whom she may be.

    Forbidden where there is none, where somebody who leads is barred, where she is pinned to
    somebody else, or where she and the leaders have too few hours in common.
    """
    shape, count = instance.shape, len(instance.students)
    scores = np.full((count, len(teams)), FORBIDDEN, np.int64)
    barred = np.zeros((count, len(instance.leaders)), np.bool_)
    for i, j in instance.barred:
        barred[i, j] = True
    pinned = dict(instance.pinned)
    for k, team in enumerate(teams):
        of_leaders = instance.scores[:, list(team)].astype(np.int64)
        may = of_leaders >= 0
        number = may.sum(axis=1)
        sums = np.where(may, of_leaders, 0).sum(axis=1)
        fits = (number > 0) & ~barred[:, list(team)].any(axis=1)
        for i, leader in pinned.items():
            fits[i] &= leader in team
        if shape.common_hours:
            mask = team_hours(instance, team)
            fits &= [(one & mask).bit_count() >= shape.common_hours for one in _free(instance)]
        scores[:, k] = np.where(fits, sums // np.maximum(number, 1), FORBIDDEN)
    return scores


def team_hours(instance: GroupInstance, team: Team) -> int:
    """Hours in which all leaders of a team are free."""
    mask = ALL_HOURS
    for leader in team:
        mask &= instance.leaders[leader].free
    return mask


def kinds_of(instance: GroupInstance) -> tuple[list[Kind], Ints]:
    """The kinds there are, in the order of first sight, and each student's."""
    at: dict[Kind, int] = {}
    names = instance.shape.alike
    of = [
        at.setdefault(tuple(traits.get(name, "") for name in names), len(at))
        for traits in instance.traits
    ]
    return list(at), np.array(of, np.int64)


def build(instance: GroupInstance, teams: Sequence[Team], able: Bools) -> Task:
    """The task for these teams; a block that cannot be in any group has no weight."""
    scores = group_scores(instance, teams)
    block_of = blocks_of(len(instance.students), instance.together)
    members: list[list[int]] = [[] for _ in range(max(block_of, default=-1) + 1)]
    for student, number in enumerate(block_of):
        members[number].append(student)
    _kinds, kind_of = kinds_of(instance)
    features, of_student = _features(instance, kind_of, able.shape[1])
    counts = np.array([of_student[block].sum(axis=0) for block in members], np.int64)
    counts = counts.reshape(len(members), len(features))
    weights = np.full((len(members), len(teams)), FORBIDDEN, np.int64)
    for at, block in enumerate(members):
        fits = (scores[block] >= 0).all(axis=0) & (len({*kind_of[block]}) == 1)
        fits &= all(f.most is None or counts[at, n] <= f.most for n, f in enumerate(features))
        weights[at] = np.where(fits, scores[block].sum(axis=0), FORBIDDEN)
    pinned = {i for i, _leader in instance.pinned}
    free = _free(instance)
    return Task(
        members=members,
        weights=weights,
        kinds=np.array([kind_of[block[0]] for block in members], np.int64),
        able=able,
        features=features,
        counts=counts,
        pins=np.array([sum(i in pinned for i in block) for block in members], np.int64),
        apart=sorted({_pair(block_of[a], block_of[b]) for a, b in instance.apart}),
        traits=len(instance.shape.balance),
        free=[_common(free[i] for i in block) for block in members],
        open_hours=[team_hours(instance, team) for team in teams],
        hours=instance.shape.common_hours,
    )


def _pair(a: int, b: int) -> tuple[int, int]:
    return (min(a, b), max(a, b))


def _free(instance: GroupInstance) -> Sequence[int]:
    return instance.free or [ALL_HOURS] * len(instance.students)


def _common(masks: Iterable[int]) -> int:
    found = ALL_HOURS
    for mask in masks:
        found &= mask
    return found


def _features(instance: GroupInstance, kind_of: Ints, kinds: int) -> tuple[list[Feature], Ints]:
    """The features of all groups and, by student and feature, 1 where it counts her."""
    shape, count = instance.shape, len(instance.students)
    features: list[Feature] = []
    columns: list[Ints] = []

    def add(feature: Feature, of: Bools) -> None:
        features.append(feature)
        columns.append(of.astype(np.int64))

    for kind in range(kinds):
        size = Feature(kind, max(1, shape.least), shape.most or None)
        add(size, kind_of == kind)
    for trait, spans in sorted(shape.quotas.items()):
        for value, (least, most) in sorted(spans.items()):
            add(Feature(-1, least, most), values(instance.traits, trait) == value)
    for at, trait in enumerate(shape.balance):
        of_trait = values(instance.traits, trait)
        for value in sorted(set(of_trait.tolist())):
            for kind in range(kinds):
                of = (of_trait == value) & (kind_of == kind)
                if of.any():
                    add(Feature(kind, trait=at), of)
    table = np.stack(columns, axis=1) if columns else np.zeros((count, 0), np.int64)
    return features, table


def values(traits: Sequence[Mapping[str, str]], name: str) -> NDArray[np.object_]:
    found = np.empty(len(traits), object)
    found[:] = [one.get(name, "") for one in traits]
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
