"""The exact optimum: most students placed, then the greatest total.

A small part of all pairs is solved exactly; the places' prices (the dual values) of that solution
then show which left-out pairs could still help. Those are added and the problem is solved again
until none is left: the result is optimal for all pairs, which ``certificate`` proves on its own.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.engine.augment import Market
from matching.engine.beyond import beyond, most_beyond
from matching.engine.bidding import Auction
from matching.engine.prices import greatest_prices, least_prices
from matching.engine.problem import BLOCK, Ints, Problem, Solution, out_of_reach

ALL_PAIRS_BELOW = 40_000
FIRST_PAIRS = 6
SPARE_PAIRS = 1
SURE_STEPS = 16
MORE_PAIRS = 8
FEW_LOOKS = 250_000_000  # at pairs, which takes as long as to solve the part again


def solve(problem: Problem) -> Solution:
    """An optimal assignment with prices that prove it."""
    students, mentors = problem.weights.shape
    if not students or not mentors or not problem.capacity.any():
        nothing = np.zeros(mentors, np.int64)
        return Solution(np.full(students, -1, np.int64), out_of_reach(problem, nothing))
    arcs, prices, doubt, everybody = _start(problem)
    more = MORE_PAIRS
    while True:
        chosen = _assign(problem, arcs, prices, doubt, everybody)
        least = least_prices(problem, arcs, chosen)
        prices = out_of_reach(problem, greatest_prices(problem, arcs, chosen, least))
        missing, discontent, excess = _helpful(problem, chosen, prices, more)
        # The way of each of them may lead past every pair.
        if len(discontent) * problem.weights.size <= FEW_LOOKS:
            market = Market(problem, chosen, prices)
            market.settle(discontent)
            return market.solution()
        arcs = np.union1d(arcs, missing)
        # These are exact, but for the few pairs that are new.
        prices, doubt = least, excess
        more *= 2


def _start(problem: Problem) -> tuple[Ints, Ints, int, bool]:
    """All allowed pairs of a small problem; of a large one each student's best at rough prices.
    With those prices, how rough they are, and whether an optimum of these pairs places everybody
    for certain.

    Some of the best are among mentors with places to spare, so that nobody is left without any.
    """
    mentors = problem.weights.shape[1]
    if problem.weights.size <= ALL_PAIRS_BELOW or mentors <= 2 * FIRST_PAIRS:
        pairs = np.flatnonzero((problem.weights >= 0) & (problem.capacity > 0))
        return pairs, np.zeros(mentors, np.int64), 1, False
    auction = Auction(problem)
    spare = np.flatnonzero(auction.vacant())
    found = [auction.pairs()]
    for block in problem.blocks():
        students = np.arange(block.start, block.stop)
        found.append(auction.favorites.pairs(students, auction.prices, FIRST_PAIRS))
        found.append(auction.favorites.among(students, spare, auction.prices, SPARE_PAIRS))
    prices = np.where(auction.vacant(), 0, np.floor(auction.prices)).astype(np.int64)
    everybody = auction.everybody and problem.places_most
    return np.unique(np.concatenate(found)), prices, int(SURE_STEPS * auction.step), everybody


def _assign(problem: Problem, arcs: Ints, prices: Ints, doubt: int, everybody: bool) -> Ints:
    """The optimal assignment that uses these pairs alone, found the sooner the better the prices.

    What all students together have beyond prices is greatest where their sum is, so long as no
    place that has a price is left: prices too high by more than ``doubt`` have to be lowered.
    """
    mentors = problem.weights.shape[1]
    places = np.minimum(problem.capacity, np.bincount(arcs % mentors, minlength=mentors))
    while True:
        lower = np.where(places < problem.capacity, 0, np.maximum(0, prices - doubt))
        chosen = _assign_at(problem, arcs, lower, places, everybody)
        loads = np.bincount(chosen[chosen >= 0], minlength=mentors)
        if not ((loads < places) & (lower > 0)).any():
            return chosen
        doubt *= 3


def _assign_at(problem: Problem, arcs: Ints, prices: Ints, places: Ints, everybody: bool) -> Ints:
    """The assignment by SciPy on single places that is best at these prices.

    If it is not certain that everybody is placed, every student also has a place of her own that
    means "unmatched", so that a full assignment always exists; it takes twice as long. All costs
    are whole numbers far below 2**53: floating point keeps them exact.
    """
    students, mentors = problem.weights.shape
    rows, columns = np.divmod(arcs, mentors)
    starts = np.concatenate(([0], np.cumsum(places)))
    copies = places[columns]
    beyond = problem.weights[rows, columns].astype(np.int64) + problem.bonus - prices[columns]
    most = np.zeros(students, np.int64)
    heads = np.flatnonzero(np.diff(rows, prepend=-1))
    most[rows[heads]] = np.maximum.reduceat(beyond, heads) if heads.size else 0
    alone = np.arange(0 if everybody else students)
    most[alone] = np.maximum(0, most[alone])
    row = np.repeat(rows, copies)
    offset = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    column = np.repeat(starts[columns], copies) + offset
    # What is lost against the best; SciPy drops explicit zeros, hence costs from 1 on.
    cost = np.concatenate((np.repeat(most[rows] - beyond, copies), most[alone])) + 1
    at = (np.concatenate((row, alone)), np.concatenate((column, starts[-1] + alone)))
    shape = (students, int(starts[-1]) + len(alone))
    matrix = csr_array((cost.astype(np.float64), at), shape=shape)
    matched_rows, matched = min_weight_full_bipartite_matching(matrix)
    chosen = np.full(students, -1, np.int64)
    mentor_of = np.repeat(np.arange(mentors), places)
    placed = matched < starts[-1]
    chosen[matched_rows[placed]] = mentor_of[matched[placed]]
    return chosen


def _helpful(problem: Problem, chosen: Ints, prices: Ints, most: int) -> tuple[Ints, Ints, int]:
    """Left-out pairs that are worth more, at these prices, than what their student has; those
    students; and by how much the most.
    """
    has = _has(problem, chosen, prices)
    more = most_beyond(problem, prices) - has
    discontent = np.flatnonzero(more > 0)
    found = [np.zeros(0, np.int64)]
    for some in np.array_split(discontent, 1 + len(discontent) * len(prices) // BLOCK):
        excess = beyond(problem, prices, some) - has[some][:, None]
        rows, columns = np.divmod(np.flatnonzero(excess > 0), len(prices))
        order = np.lexsort((-excess[rows, columns], rows))
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
        best = order[rank < most]
        found.append(some[rows[best]] * len(prices) + columns[best])
    return np.concatenate(found), discontent, int(more.max())


def _has(problem: Problem, chosen: Ints, prices: Ints) -> Ints:
    """What each student has beyond the price of her place."""
    own = problem.weights[np.arange(len(chosen)), chosen].astype(np.int64) + problem.bonus
    return np.where(chosen >= 0, own - prices[chosen], 0)
