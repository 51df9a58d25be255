"""Fair: as many as possible, then the worst-off as well off as can be, then the next, and so on.

The floor under all pairs is raised first. Then, from the lowest step of the scores up, as few
students as possible are left on each: of all solutions that did as well on the steps below, the
prices of one tell which pairs the others use (complementary slackness), and only those are looked
at further up. Among what is left at the end, the greatest total decides.

Where there are few different scores each is a step of its own, and the result is exact. Where
there are many, a step is an equal part of the way from the floor to the best score.
"""

from __future__ import annotations

from math import log2

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from matching.engine import exact
from matching.engine.instance import FORBIDDEN, Instance
from matching.engine.problem import Ints, Problem, placing_bonus

SOLUTIONS = 16
"""How many times the problem is solved at most to tell the steps apart."""
EXACT_BITS = 52


def choose(instance: Instance, problem: Problem) -> Ints:
    """The fair matching; of equally fair ones any, the same for the same instance."""
    weights = problem.weights.astype(np.int64)
    weights[:, problem.capacity == 0] = FORBIDDEN
    levels: Ints = np.unique(weights[weights >= 0])
    if not levels.size:
        return np.full(len(instance.students), -1, np.int64)
    floor = _floor(problem, levels)
    weights[weights < floor] = FORBIDDEN
    together = _together(len(instance.students))
    open_ = Open(problem.capacity, weights >= 0)
    steps = _steps(levels[levels >= floor], SOLUTIONS * together)
    for at in range(0, len(steps), together):
        open_.minimize(_costs(weights, steps, slice(at, at + together)))
    return open_.maximize(weights)


class Open:
    """The pairs that solutions still in question use, and who has a place in all of them."""

    def __init__(self, capacity: Ints, pairs: NDArray[np.bool_]) -> None:
        self.capacity, self.pairs = capacity, pairs
        self.placed = np.zeros(pairs.shape[0], np.bool_)
        self.full = np.zeros(pairs.shape[1], np.bool_)
        self.begun = False

    def minimize(self, costs: Ints) -> None:
        """Keep only the solutions that cost least."""
        self._keep(costs.max(initial=0) - costs)

    def maximize(self, weights: Ints) -> Ints:
        """One of those left that are worth most."""
        return exact.solve(self._problem(weights)).chosen

    def _keep(self, worth: Ints) -> None:
        problem = self._problem(worth)
        prices = exact.solve(problem).prices
        beyond = problem.weights + problem.bonus - prices
        beyond[~self.pairs] = -1
        best = beyond.max(axis=1, initial=0)
        self.pairs = self.pairs & (beyond == best[:, None])
        self.placed = self.placed | (best > 0)
        self.full = self.full | ((prices > 0) & (self.capacity > 0))
        self.begun = True

    def _problem(self, worth: Ints) -> Problem:
        """This worth, below what keeps all placed and full who have to be."""
        greatest = int(np.where(self.pairs, worth, 0).max(initial=0))
        if self.begun:
            duty = len(self.placed) * greatest + 1
            worth = worth + duty * (self.placed[:, None].astype(np.int64) + self.full)
        weights = np.where(self.pairs, worth, FORBIDDEN)
        bonus = 0 if self.begun else placing_bonus(weights, self.capacity)
        return Problem(weights, self.capacity, bonus)


def _steps(levels: Ints, most: int) -> Ints:
    """The upper ends of the steps, the lowest first; the highest step is not among them."""
    if len(levels) <= most:
        return levels[:-1]
    low, high = int(levels[0]), int(levels[-1])
    ends = [low + (high - low) * step // most for step in range(most)]
    return np.unique(np.array(ends, np.int64))


def _together(students: int) -> int:
    """How many steps one solution can tell apart in whole numbers that stay exact."""
    return max(1, int((EXACT_BITS - 1) / log2(students + 2)) - 2)


def _costs(weights: Ints, steps: Ints, part: slice) -> Ints:
    """What a pair costs by its step: one more on a lower step outweighs all on those above.

    Only the steps of this part cost; how many are on those before is settled.
    """
    now = range(len(steps))[part]
    scale = np.zeros(len(steps) + 1, np.int64)
    for place, step in enumerate(reversed(now)):
        scale[step] = (weights.shape[0] + 1) ** place
    return np.asarray(scale[np.searchsorted(steps, weights)])


def _floor(problem: Problem, levels: Ints) -> int:
    """The highest score below which nobody has to be, though as many are placed."""
    most = placed_at(problem, int(levels[0]))
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if placed_at(problem, int(levels[middle])) == most:
            low = middle
        else:
            high = middle - 1
    return int(levels[low])


def placed_at(problem: Problem, floor: int) -> int:
    """How many students can be placed in pairs that score at least ``floor``: a maximum flow."""
    students, mentors = problem.weights.shape
    rows, columns = np.nonzero((problem.weights >= floor) & (problem.capacity > 0))
    everyone, all_mentors = np.arange(students), np.arange(mentors)
    source, sink = students + mentors, students + mentors + 1
    tails = np.concatenate((np.full(students, source), rows, students + all_mentors))
    heads = np.concatenate((everyone, students + columns, np.full(mentors, sink)))
    limits = np.concatenate((np.ones(students + rows.size), problem.capacity)).astype(np.int32)
    graph = csr_array((limits, (tails, heads)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, source, sink).flow_value)
