"""Which kind of students each group is for, where students of one group are alike."""

from __future__ import annotations

from collections import Counter

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.alike import dealt
from matching.engine.groups.features import counted
from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.scores import group_scores
from matching.engine.groups.traits import Bools, Team, kinds_of

FEW = 1_500
"""Up to so many students × groups × kinds the kinds are decided along with everything else."""


def able(instance: GroupInstance, teams: list[Team]) -> Bools:
    """``[group, kind]``: whether the group may be for that kind.

    A standing group is of the kind of those in it. Of a large instance each new group is given
    one, see ``given``.
    """
    kinds, kind_of = kinds_of(instance)
    free = np.ones((len(teams), max(1, len(kinds))), np.bool_)
    fixed = counted(instance, kinds, ())[1]
    for j in np.nonzero(fixed >= 0)[0].tolist():
        free[j] = np.arange(free.shape[1]) == fixed[j]
    if len(kinds) <= 1 or len(kind_of) * free.size <= FEW:
        return free
    stand = len(instance.standing)
    free[stand:] = given(instance, teams[stand:])
    return free


def given(instance: GroupInstance, teams: list[Team]) -> Bools:
    """One kind for each new group: numbers of groups first, as places are needed; then to each
    group the kind that suits its leaders best. No kind where none needs it."""
    kinds, kind_of = kinds_of(instance)
    if not kinds or not teams:
        return np.zeros((len(teams), max(1, len(kinds))), np.bool_)
    if len(kinds) == 1:
        return np.ones((len(teams), 1), np.bool_)
    most = instance.shape.most or -(-len(kind_of) // max(1, len(teams)))
    waiting = Counter({kinds[k]: int((kind_of == k).sum()) for k in range(len(kinds))})
    fixed = counted(instance, kinds, ())[1]
    for j, one in enumerate(instance.standing):
        if 0 <= fixed[j] < len(kinds) and instance.shape.most:
            waiting[kinds[fixed[j]]] -= max(0, instance.shape.most - len(one.members))
    waiting = Counter({kind: max(0, number) for kind, number in waiting.items()})
    found = dealt(waiting, [most] * len(teams), max(1, instance.shape.least))
    dealt_to = [kinds.index(kind) for kind in found if kind is not None]
    return _placed(instance, teams, dealt_to, most)


def _placed(instance: GroupInstance, teams: list[Team], given: list[int], most: int) -> Bools:
    kinds, kind_of = kinds_of(instance)
    scores = group_scores(instance, teams)
    pinned = {i for i, _leader in instance.pinned}
    share = np.zeros((len(teams), len(kinds)))
    for kind in set(given):
        rows = np.nonzero(kind_of == kind)[0]
        size = min(most, -(-len(rows) // given.count(kind)))
        best = -np.sort(-np.maximum(scores[rows], 0), axis=0)
        share[:, kind] = best[:size].sum(axis=0)
        held = [i for i in rows.tolist() if i in pinned]
        share[:, kind] += (scores[held] >= 0).sum(axis=0) * 1e9
    found = np.zeros((len(teams), len(kinds)), np.bool_)
    groups, position = linear_sum_assignment(-share[:, given])
    for j, at in zip(groups, position, strict=True):
        found[j, given[at]] = True
    return found
