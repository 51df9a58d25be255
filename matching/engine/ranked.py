"""Procedures that go by rank: greedy, and stable by deferred acceptance."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Ints, Problem

ALL = np.iinfo(np.int64).max
NOBODY = np.iinfo(np.int64).min


def greedy(problem: Problem) -> Ints:
    """The best pair first, then the best of what is left, until nothing fits."""
    rows, columns = np.nonzero(problem.weights >= 0)
    order = np.argsort(-problem.weights[rows, columns].astype(np.int64), kind="stable")
    chosen = np.full(problem.weights.shape[0], -1, np.int64)
    left = problem.capacity.tolist()
    to_place = min(len(chosen), sum(left))
    for i, j in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if not to_place:
            break
        if chosen[i] < 0 and left[j] > 0:
            chosen[i] = j
            left[j] -= 1
            to_place -= 1
    return chosen


def stable(problem: Problem, mentors_rank: NDArray[np.int64] | None = None) -> Ints:
    """No student and mentor would both rather have each other than what they got.

    Students apply in their order of preference; a full mentor keeps those he ranks highest.
    ``mentors_rank`` holds what each student is worth to each mentor, the scores if absent. Equal
    worth is decided by the order of the instance, the same for everybody.
    """
    worth = problem.weights if mentors_rank is None else mentors_rank
    students, mentors = problem.weights.shape
    chosen = np.full(students, -1, np.int64)
    kept: list[list[tuple[int, int]]] = [[] for _ in problem.capacity]
    # The weakest whom each full mentor keeps. As nobody weaker is ever kept again, whoever would be
    # refused need not apply.
    least = np.where(problem.capacity > 0, NOBODY, ALL)
    last = np.full(mentors, -1, np.int64)
    capacity = problem.capacity.tolist()
    waiting = list(range(students - 1, -1, -1)) if mentors else []
    while waiting:
        i = waiting.pop()
        hers = worth[i]
        able = (hers > least) | ((hers == least) & (i < last))
        wishes = np.where(able, problem.weights[i], -1)
        j = int(wishes.argmax())
        if wishes[j] < 0:
            continue
        heapq.heappush(kept[j], (int(hers[j]), -i))
        chosen[i] = j
        if len(kept[j]) > capacity[j]:
            refused = -heapq.heappop(kept[j])[1]
            chosen[refused] = -1
            waiting.append(refused)
        if len(kept[j]) == capacity[j]:
            least[j], last[j] = kept[j][0][0], -kept[j][0][1]
    return chosen
