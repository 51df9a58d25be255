"""Procedures that go by rank: greedy, and stable by deferred acceptance."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matching.engine import exact
from matching.engine.instance import FORBIDDEN, MICRO
from matching.engine.problem import Ints, Problem, placing_bonus

if TYPE_CHECKING:
    from matching.engine.instance import Ranks

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


def stable(problem: Problem, wishes: Ranks | None = None, likes: Ranks | None = None) -> Ints:
    """No student and mentor would both rather have each other than what they got.

    Students apply in their order of preference; a full mentor keeps those he ranks highest.
    Students prefer by ``wishes``, then by score; mentors by ``likes``, then by score. Equal worth
    is decided by the order of the instance, the same for everybody.

    Of all stable matchings the one that is best for every student; no student gains by a list that
    hides or reorders whom she wants (Dubins and Freedman 1981; Roth 1982).
    """
    worth = _preference(problem, likes)
    wanted = _preference(problem, wishes)
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
        left = np.where(able, wanted[i], FORBIDDEN)
        j = int(left.argmax())
        if left[j] < 0:
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


def wishes_first(problem: Problem, wishes: Ranks | None, likes: Ranks | None = None) -> Ints:
    """Stable among the pairs that students have ranked; the best total for whoever is left.

    Whoever is left is placed with somebody she did not rank: a place of one she ranked would have
    been hers before. So no student gets anybody she wants more by a shorter list.
    """
    chosen = np.full(problem.weights.shape[0], -1, np.int64)
    if wishes is not None and wishes.any():
        wished = np.where(wishes > 0, problem.weights, np.int32(FORBIDDEN))
        chosen = stable(Problem(wished, problem.capacity, problem.bonus), wishes, likes)
    capacity = problem.capacity - np.bincount(chosen[chosen >= 0], minlength=len(problem.capacity))
    left = np.nonzero(chosen < 0)[0]
    weights = problem.weights[left]
    bonus = placing_bonus(weights, capacity)
    chosen[left] = exact.solve(Problem(weights, capacity, bonus)).chosen
    return chosen


def _preference(problem: Problem, ranks: Ranks | None) -> NDArray[Any]:
    """What counts to a side, more being more; negative where the pair may not be made."""
    if ranks is None:
        return problem.weights
    by_rank = ranks.astype(np.int64) * (2 * MICRO) + problem.weights
    return np.where(problem.weights >= 0, by_rank, FORBIDDEN)
