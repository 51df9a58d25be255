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

from matching.engine.bidding import rough_prices
from matching.engine.problem import Ints, Problem, Solution, out_of_reach

ALL_PAIRS_BELOW = 40_000
FIRST_PAIRS = 12


def solve(problem: Problem) -> Solution:
    """An optimal assignment with prices that prove it."""
    students, mentors = problem.weights.shape
    if not students or not mentors or not problem.capacity.any():
        nothing = np.zeros(mentors, np.int64)
        return Solution(np.full(students, -1, np.int64), out_of_reach(problem, nothing))
    arcs = _first_arcs(problem)
    more = 4
    while True:
        chosen = _assign(problem, arcs)
        prices = _prices(problem, arcs, chosen)
        missing = _helpful(problem, arcs, prices, more)
        if not missing.any():
            return Solution(chosen, out_of_reach(problem, prices))
        arcs |= missing
        more *= 2


def _first_arcs(problem: Problem) -> NDArray[np.bool_]:
    """All allowed pairs of a small problem; of a large one each student's best at rough prices.

    Equal worth is told apart by a pseudo-random mark: were all students given the same best
    mentors, many rounds would be needed.
    """
    allowed = (problem.weights >= 0) & (problem.capacity > 0)
    mentors = allowed.shape[1]
    if allowed.size <= ALL_PAIRS_BELOW or mentors <= 2 * FIRST_PAIRS:
        return allowed
    prices = rough_prices(problem.weights, problem.capacity)
    arcs = np.zeros_like(allowed)
    for block in problem.blocks():
        keys = (problem.weights[block].astype(np.int64) - prices) * 65536
        keys += _marks(block, mentors)
        keys[~allowed[block]] = np.iinfo(np.int64).min
        best = np.argpartition(keys, -FIRST_PAIRS, axis=1)[:, -FIRST_PAIRS:]
        np.put_along_axis(arcs[block], best, values=True, axis=1)
    return arcs & allowed


def _marks(block: slice, mentors: int) -> Ints:
    """A number from 0 to 65535 for each pair of the block, always the same."""
    rows = np.arange(block.start, block.stop, dtype=np.uint64)[:, None]
    columns = np.arange(mentors, dtype=np.uint64)[None, :]
    mark = (rows * np.uint64(0x9E3779B97F4A7C15)) ^ (columns * np.uint64(0xC2B2AE3D27D4EB4F))
    mark *= np.uint64(0xD6E8FEB86659FD93)
    return (mark >> np.uint64(48)).astype(np.int64)


def _assign(problem: Problem, arcs: NDArray[np.bool_]) -> Ints:
    """The optimal assignment that uses these pairs alone, by SciPy on single places.

    Every student also has a place of her own that means "unmatched", so a full assignment always
    exists. All costs are whole numbers far below 2**53: floating point keeps them exact.
    """
    students, mentors = arcs.shape
    rows, columns = np.nonzero(arcs)
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


def _prices(problem: Problem, arcs: NDArray[np.bool_], chosen: Ints) -> Ints:
    """The least prices at which everybody is content with what she was given.

    A student who would rather be elsewhere drives that mentor's price up to where she no longer
    would; an optimal assignment has no circle of such wishes, so this comes to rest.
    """
    columns, rows = np.nonzero(arcs.T)
    prices = np.zeros(arcs.shape[1], np.int64)
    if not columns.size:
        return prices
    heads = np.concatenate(([0], np.nonzero(np.diff(columns))[0] + 1))
    mentors = columns[heads]
    own = problem.weights[np.arange(len(chosen)), chosen].astype(np.int64) + problem.bonus
    own[chosen < 0] = 0
    gain = problem.weights[rows, columns].astype(np.int64) + problem.bonus - own[rows]
    placed = chosen[rows]
    for _ in range(arcs.shape[1] + 1):
        paid = np.where(placed >= 0, prices[placed], 0)
        raised = np.maximum(prices[mentors], np.maximum.reduceat(paid + gain, heads))
        if np.array_equal(raised, prices[mentors]):
            return prices
        prices[mentors] = raised
    raise ArithmeticError("the assignment is not optimal on its own pairs")


def _helpful(
    problem: Problem, arcs: NDArray[np.bool_], prices: Ints, most: int
) -> NDArray[np.bool_]:
    """Left-out pairs that are worth more, at these prices, than what their student has."""
    missing = np.zeros_like(arcs)
    count = min(most, arcs.shape[1])
    for block in problem.blocks():
        worth = problem.weights[block].astype(np.int64) + problem.bonus - prices
        worth[(problem.weights[block] < 0) | (problem.capacity == 0)] = 0
        has = np.where(arcs[block], worth, 0).max(axis=1, initial=0)
        excess = worth - has[:, None]
        needy = np.nonzero(excess.max(axis=1) > 0)[0]
        if not needy.size:
            continue
        excess = excess[needy]
        best = np.argpartition(excess, -count, axis=1)[:, -count:]
        part = np.zeros(excess.shape, np.bool_)
        np.put_along_axis(part, best, np.take_along_axis(excess, best, axis=1) > 0, axis=1)
        missing[block.start + needy] = part
    return missing
