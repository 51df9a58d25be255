"""The prices of places that an assignment is optimal at, on the pairs it was found on.

There are many such prices. The least are found first; they show that there are any. At the greatest
whoever comes in later has the shortest way to look for a place.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from matching.engine.problem import Ints, Problem


def least_prices(problem: Problem, arcs: Ints, chosen: Ints) -> Ints:
    """The least prices at which everybody is content with what she was given.

    A student who would rather be elsewhere drives that mentor's price up to where she no longer
    would; an optimal assignment has no circle of such wishes, so this comes to rest.
    """
    mentor_count = problem.weights.shape[1]
    prices = np.zeros(mentor_count, np.int64)
    if not arcs.size:
        return prices
    rows, columns = np.divmod(arcs, mentor_count)
    by_mentor = np.argsort(columns, kind="stable")
    rows, columns = rows[by_mentor], columns[by_mentor]
    heads = np.concatenate(([0], np.nonzero(np.diff(columns))[0] + 1))
    mentors = columns[heads]
    own = _own(problem, chosen)
    gain = problem.weights[rows, columns].astype(np.int64) + problem.bonus - own[rows]
    placed = chosen[rows]
    for _ in range(mentor_count + 1):
        paid = np.where(placed >= 0, prices[placed], 0)
        raised = np.maximum(prices[mentors], np.maximum.reduceat(paid + gain, heads))
        if np.array_equal(raised, prices[mentors]):
            return prices
        prices[mentors] = raised
    raise ArithmeticError("the assignment is not optimal on its own pairs")


def greatest_prices(problem: Problem, arcs: Ints, chosen: Ints, least: Ints) -> Ints:
    """The greatest prices at which everybody is content with what she was given.

    To the least prices is added as much as the way to a vacant place is long.

    A price rises until one of the students there would rather have another mentor, at hers, or
    none. Distances are whole numbers below 2**53, which floating point keeps exact.
    """
    mentors = len(least)
    rows, columns = np.divmod(arcs, mentors)
    other = (chosen[rows] >= 0) & (chosen[rows] != columns)
    rows, columns = rows[other], columns[other]
    has = chosen[rows]
    profit = _own(problem, chosen) - np.where(chosen >= 0, least[chosen], 0)
    offers = problem.weights[rows, columns].astype(np.int64) + problem.bonus - least[columns]
    placed = np.flatnonzero(chosen >= 0)
    vacant = np.flatnonzero(np.bincount(chosen[placed], minlength=mentors) < problem.capacity)
    # From the vacant and from having none, both node ``mentors``, against the students' moves.
    tails = np.concatenate((columns, np.full(len(placed) + len(vacant), mentors)))
    heads = np.concatenate((has, chosen[placed], vacant))
    lengths = np.concatenate((profit[rows] - offers, profit[placed], np.zeros(len(vacant), int)))
    shortest = np.lexsort((lengths, heads, tails))
    tails, heads, lengths = tails[shortest], heads[shortest], lengths[shortest]
    first = np.ones(len(tails), np.bool_)
    first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    graph = csr_array(
        (lengths[first].astype(np.float64), (tails[first], heads[first])),
        shape=(mentors + 1, mentors + 1),
    )
    added = dijkstra(graph, indices=np.array([mentors]))[0, :mentors]
    return least + np.where(np.isfinite(added), added, 0).astype(np.int64)


def _own(problem: Problem, chosen: Ints) -> Ints:
    """What everybody has, before its price."""
    own = problem.weights[np.arange(len(chosen)), chosen].astype(np.int64) + problem.bonus
    return np.where(chosen >= 0, own, 0)
