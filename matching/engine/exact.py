"""The exact optimum: most students placed, then the greatest total.

A small part of all pairs is solved exactly; the places' prices (the dual values) of that solution
then show which left-out pairs could still help. Those are added and the problem is solved again
until none is left: the result is optimal for all pairs, which ``certificate`` proves on its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.engine.augment import NEVER, Market
from matching.engine.bidding import Auction
from matching.engine.prices import prices_of
from matching.engine.problem import Ints, Problem, Solution, out_of_reach

ALL_PAIRS_BELOW = 40_000
FIRST_PAIRS = 8
SPARE_PAIRS = 1
MORE_PAIRS = 8
FEW = 10


def solve(problem: Problem) -> Solution:
    """An optimal assignment with prices that prove it."""
    students, mentors = problem.weights.shape
    if not students or not mentors or not problem.capacity.any():
        nothing = np.zeros(mentors, np.int64)
        return Solution(np.full(students, -1, np.int64), out_of_reach(problem, nothing))
    arcs = _first_arcs(problem)
    more = MORE_PAIRS
    while True:
        chosen = _assign(problem, arcs)
        prices = out_of_reach(problem, prices_of(problem, arcs, chosen))
        missing, discontent = _helpful(problem, chosen, prices, more)
        if len(discontent) <= FEW:
            market = Market(problem, chosen, prices)
            market.settle(discontent)
            return market.solution()
        arcs = np.union1d(arcs, missing)
        more *= 2


def _first_arcs(problem: Problem) -> Ints:
    """All allowed pairs of a small problem; of a large one each student's best at rough prices.

    Some of the best are among mentors with places to spare, so that nobody is left without any.
    """
    mentors = problem.weights.shape[1]
    if problem.weights.size <= ALL_PAIRS_BELOW or mentors <= 2 * FIRST_PAIRS:
        return np.flatnonzero((problem.weights >= 0) & (problem.capacity > 0))
    auction = Auction(problem)
    spare = np.flatnonzero(auction.vacant())
    found = [auction.pairs()]
    for block in problem.blocks():
        students = np.arange(block.start, block.stop)
        found.append(auction.favorites.pairs(students, auction.prices, FIRST_PAIRS))
        found.append(auction.favorites.among(students, spare, auction.prices, SPARE_PAIRS))
    return np.unique(np.concatenate(found))


def _best(values: NDArray[np.float32], students: Ints, count: int) -> Ints:
    """The pairs of the greatest values of each row, as flat places; the values are used up."""
    mentors = values.shape[1]
    rows = np.arange(len(values))
    found = []
    for _ in range(min(count, mentors)):
        best = values.argmax(axis=1)
        real = np.isfinite(values[rows, best])
        found.append((students * mentors + best)[real])
        values[rows, best] = -np.inf
    return np.concatenate(found)


def _assign(problem: Problem, arcs: Ints) -> Ints:
    """The optimal assignment that uses these pairs alone, by SciPy on single places.

    Every student also has a place of her own that means "unmatched", so a full assignment always
    exists. All costs are whole numbers far below 2**53: floating point keeps them exact.
    """
    students, mentors = problem.weights.shape
    rows, columns = np.divmod(arcs, mentors)
    places = np.minimum(problem.capacity, np.bincount(columns, minlength=mentors))
    starts = np.concatenate(([0], np.cumsum(places)))
    copies = places[columns]
    weights = problem.weights[rows, columns].astype(np.int64)
    top = int(weights.max(initial=0))
    row = np.repeat(rows, copies)
    offset = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    column = np.repeat(starts[columns], copies) + offset
    # SciPy drops explicit zeros, hence costs from 1 on.
    cost = np.repeat(top - weights + 1, copies)
    everyone = np.arange(students)
    matrix = csr_array(
        (
            np.concatenate((cost, np.full(students, top + problem.bonus + 1))).astype(np.float64),
            (
                np.concatenate((row, everyone)),
                np.concatenate((column, starts[-1] + everyone)),
            ),
        ),
        shape=(students, int(starts[-1]) + students),
    )
    matched_rows, matched = min_weight_full_bipartite_matching(matrix)
    chosen = np.full(students, -1, np.int64)
    mentor_of = np.repeat(np.arange(mentors), places)
    placed = matched < starts[-1]
    chosen[matched_rows[placed]] = mentor_of[matched[placed]]
    return chosen


def _helpful(problem: Problem, chosen: Ints, prices: Ints, most: int) -> tuple[Ints, Ints]:
    """Left-out pairs that are worth more, at these prices, than what their student has; and those
    students.
    """
    found, discontent = [], []
    has = _has(problem, chosen, prices)
    for block in problem.blocks():
        weights = problem.weights[block]
        worth = np.where(weights >= 0, weights - prices, -NEVER)
        needy = np.flatnonzero(worth.max(axis=1) + problem.bonus > has[block])
        if not needy.size:
            continue
        students = block.start + needy
        discontent.append(students)
        excess = (worth[needy] + (problem.bonus - has[students])[:, None]).astype(np.float32)
        excess[excess <= 0] = -np.inf
        found.append(_best(excess, students, most))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(found), np.concatenate(discontent)


def _has(problem: Problem, chosen: Ints, prices: Ints) -> Ints:
    """What each student has beyond the price of her place."""
    own = problem.weights[np.arange(len(chosen)), chosen].astype(np.int64) + problem.bonus
    return np.where(chosen >= 0, own - prices[chosen], 0)
