"""Betters an answer by changes of place that no rule minds."""

from __future__ import annotations

import numpy as np

from matching.engine.groups.start import clash
from matching.engine.groups.task import Task
from matching.engine.groups.traits import Ints

MOST = 2_000
MANY = 3_000
"""More blocks than these are left as they are: all pairs of them are looked at."""


def polished(task: Task, chosen: Ints) -> Ints:
    """The answer after two blocks at a time changed places, each time the two who gain most.

    They are of one sort: whatever is counted in a group, they count alike. So sizes, quotas and
    balance stay as they were; only who is apart and which hours are common is looked at.
    """
    chosen = chosen.copy()
    if len(chosen) > MANY:
        return chosen
    _rows, sort = np.unique(np.column_stack([task.counts, task.kinds]), axis=0, return_inverse=True)
    for _ in range(MOST):
        if not _one(task, chosen, sort.reshape(-1)):
            break
    return chosen


def _one(task: Task, chosen: Ints, sort: Ints) -> bool:
    placed = np.nonzero(chosen >= 0)[0]
    at = chosen[placed]
    weights = np.where(task.allowed, task.weights, -(10**12))[placed]
    own = weights[np.arange(len(placed)), at]
    gain = weights[:, at] - own[:, None]
    gain = np.triu(gain + gain.T, 1)
    gain[sort[placed][:, None] != sort[placed][None, :]] = 0
    first, second = np.nonzero(gain > 0)
    best = np.argsort(-gain[first, second], kind="stable")
    for a, b in zip(placed[first[best]].tolist(), placed[second[best]].tolist(), strict=True):
        here, there = int(chosen[a]), int(chosen[b])
        chosen[a], chosen[b] = -1, -1
        if not clash(task, chosen, a, there) and not clash(task, chosen, b, here):
            chosen[a], chosen[b] = there, here
            return True
        chosen[a], chosen[b] = here, there
    return False
