"""A first answer that keeps every rule but balance, in case the search finds none."""

from __future__ import annotations

import numpy as np

from matching.engine.groups.instance import ALL_HOURS
from matching.engine.groups.task import Task
from matching.engine.groups.traits import Ints


def start(task: Task) -> Ints:
    """The group of each block, −1 for none.

    Blocks with pins and those with the fewest groups choose first; a group that stays too small
    is given up, and who was in it looks for another.
    """
    chosen = np.full(len(task.kinds), -1, np.int64)
    closed = np.zeros(len(task.able), np.bool_)
    few = task.allowed.sum(axis=1)
    order = sorted(range(len(task.kinds)), key=lambda b: (-int(task.pins[b]), int(few[b]), b))
    while True:
        for b in order:
            if chosen[b] < 0:
                chosen[b] = _best(task, chosen, closed, b)
        poor = [j for j in sorted({*chosen.tolist()} - {-1}) if not enough(task, chosen, j)]
        if not poor:
            return chosen
        smallest = min(poor, key=lambda j: int(task.sizes[chosen == j].sum()))
        closed[smallest] = True
        chosen[chosen == smallest] = -1


def _best(
    task: Task, chosen: Ints, closed: np.ndarray[tuple[int], np.dtype[np.bool_]], b: int
) -> int:
    groups = np.nonzero(task.allowed[b] & ~closed)[0].tolist()
    groups.sort(key=lambda j: (-int(task.weights[b, j]), j))
    return next((j for j in groups if joins(task, chosen, b, j)), -1)


def joins(task: Task, chosen: Ints, b: int, j: int) -> bool:
    """Whether block b can join those who are in group j, as far as what a group has at most."""
    there = np.nonzero(chosen == j)[0]
    if (task.kinds[there] != task.kinds[b]).any():
        return False
    counts = task.counts[there].sum(axis=0) + task.counts[b]
    most = [task.most_of(j, f) for f in range(len(task.features))]
    if any(m is not None and n > m for n, m in zip(counts.tolist(), most, strict=True)):
        return False
    return not clash(task, chosen, b, j)


def clash(task: Task, chosen: Ints, b: int, j: int) -> bool:
    """Whether block b and those in group j are to be apart, or have too few hours in common."""
    inside = set(np.nonzero(chosen == j)[0].tolist())
    if any((x == b and y in inside) or (y == b and x in inside) for x, y in task.apart):
        return True
    return bool(task.hours) and _common(task, [*inside, b], j).bit_count() < task.hours


def enough(task: Task, chosen: Ints, j: int) -> bool:
    """Whether a group has what it needs at least."""
    there = chosen == j
    counts = task.counts[there].sum(axis=0)
    kind = int(task.kinds[there][0])
    return all(
        counts[n] >= task.least_of(j, n)
        for n, f in enumerate(task.features)
        if f.trait < 0 and f.kind in (-1, kind)
    )


def _common(task: Task, blocks: list[int], j: int) -> int:
    mask = ALL_HOURS & task.open_hours[j]
    for b in blocks:
        mask &= task.free[b]
    return mask
