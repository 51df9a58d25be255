"""Which kind of students each group is for, where students of one group are alike."""

from __future__ import annotations

from collections import Counter

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.alike import dealt
from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.task import Bools, Team, group_scores, kinds_of

FEW = 1_500
"""Up to so many students × groups × kinds the kinds are decided along with everything else."""


def able(instance: GroupInstance, teams: list[Team]) -> Bools:
    """``[group, kind]``: whether the group may be for that kind.

    Of a large instance each group is given one: numbers of groups first, as places are needed;
    then to each group the kind that suits its leaders best.
    """
    kinds, kind_of = kinds_of(instance)
    free = np.ones((len(teams), max(1, len(kinds))), np.bool_)
    if len(kinds) <= 1 or len(kind_of) * free.size <= FEW:
        return free
    most = instance.shape.most or -(-len(kind_of) // max(1, len(teams)))
    waiting = Counter({kinds[k]: int((kind_of == k).sum()) for k in range(len(kinds))})
    given = [
        kinds.index(kind)
        for kind in dealt(waiting, [most] * len(teams), max(1, instance.shape.least))
        if kind is not None
    ]
    return _placed(instance, teams, given, most)


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
