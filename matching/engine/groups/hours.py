"""Hours that all of a group share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.scores import team_hours
from matching.engine.groups.task import Task
from matching.engine.groups.traits import Bools, Ints, Team

SWAPS = 60
FEW = 250
"""Up to so many clashes of a student with an hour, hours are chosen along with everything else."""
CLOSER = 0.5


def meeting(instance: GroupInstance, teams: Sequence[Team]) -> list[Team]:
    """The teams after people of one role changed places until teams have hours enough, if they can.

    Co-leaders stay as unlike as they were: who changes place is of the same traits.
    """
    found = [list(team) for team in teams]
    for _ in range(SWAPS):
        short = [k for k, team in enumerate(found) if _lacking(instance, team)]
        if not any(_mended(instance, found, k) for k in short):
            break
    return [tuple(team) for team in found]


def _lacking(instance: GroupInstance, team: Sequence[int]) -> int:
    return max(0, instance.shape.common_hours - team_hours(instance, tuple(team)).bit_count())


def _mended(instance: GroupInstance, teams: list[list[int]], k: int) -> bool:
    """Make the swap that helps this team most; say whether there is one."""
    led = Counter(at for team in teams for at in team)
    pinned = {leader for _student, leader in instance.pinned}
    best = 0
    swap: tuple[int, int, int, int] | None = None
    for n, mine in enumerate(teams[k]):
        without = _lacking(instance, teams[k])
        for at, leader in enumerate(instance.leaders):
            if at in teams[k] or _sort(instance, at) != _sort(instance, mine):
                continue
            gain = without - _lacking(instance, _with(teams[k], n, at))
            if led[at] < leader.groups and gain > best and (mine not in pinned or led[mine] > 1):
                best, swap = gain, (n, at, -1, -1)
            for p in [p for p, team in enumerate(teams) if at in team and mine not in team]:
                m = teams[p].index(at)
                change = _lacking(instance, teams[p])
                change -= _lacking(instance, _with(teams[p], m, mine))
                if gain + change > best:
                    best, swap = gain + change, (n, at, p, m)
    if swap is None:
        return False
    n, at, p, m = swap
    if p >= 0:
        teams[p][m] = teams[k][n]
    teams[k][n] = at
    return True


def _sort(instance: GroupInstance, at: int) -> tuple[str, ...]:
    leader = instance.leaders[at]
    return (leader.role, *(leader.traits.get(name, "") for name in instance.shape.unlike))


def _with(team: Sequence[int], n: int, other: int) -> list[int]:
    return [*team[:n], other, *team[n + 1 :]]


def few(task: Task) -> bool:
    """Whether hours can be chosen along with everything else."""
    blocks, groups = np.nonzero(task.allowed)
    clashes = 0
    for b, j in zip(blocks.tolist(), groups.tolist(), strict=True):
        clashes += (task.open_hours[j] & ~task.free[b]).bit_count()
        if clashes > FEW:
            return False
    return True


def chosen(task: Task, longing: Ints, taste: int) -> Task:
    """The task with hours fixed for every group: who is not free then cannot join it.

    Hours are taken one by one where most students are left who are free in all so far, those
    counting more who have few groups yet, those of ``longing``, and, the greater the ``taste``,
    those who suit the group.
    """
    # Where no score tells groups apart, all suit everybody.
    suits = (np.maximum(task.weights, 0) + 1) / (1 + task.weights.max(initial=0))
    reach = np.zeros(len(task.kinds))
    weights = task.weights.copy()
    for j in range(len(task.able)):
        wanted = (1.0 + longing) * task.sizes * CLOSER**reach * suits[:, j] ** taste
        fits = _best_hours(task, j, np.where(task.allowed[:, j], wanted, 0.0))
        weights[~fits, j] = -1
        reach += fits & task.allowed[:, j]
    return replace(task, weights=weights, hours=0)


def _best_hours(task: Task, j: int, wanted: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Bools:
    open_hours = [h for h in range(168) if task.open_hours[j] >> h & 1]
    free = np.array([[mask >> h & 1 for h in open_hours] for mask in task.free], np.bool_)
    free = free.reshape(len(task.free), len(open_hours))
    fits = np.ones(len(task.free), np.bool_)
    left = list(range(len(open_hours)))
    if len(left) < task.hours:
        return np.zeros_like(fits)
    for _ in range(task.hours):
        worth = (free[:, left] & fits[:, None]).T @ wanted
        at = left.pop(int(np.argmax(worth)))
        fits &= free[:, at]
    return fits
