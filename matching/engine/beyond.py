"""What students could have beyond the price of a place.

To look at every pair takes a fraction of the time in the narrow numbers that weights are kept in;
where those mislead, the few pairs that matter are looked at again.
"""

from __future__ import annotations

import numpy as np

from matching.engine.problem import Ints, Problem

NEVER = np.iinfo(np.int64).max // 4


def beyond(problem: Problem, prices: Ints, students: Ints) -> Ints:
    """What each mentor is worth to these students beyond the price, with the bonus; far below
    nothing where the pair is forbidden.
    """
    weights = problem.weights[students]
    return np.where(weights >= 0, weights + (problem.bonus - prices), -NEVER)


def most_beyond(problem: Problem, prices: Ints) -> Ints:
    """The greatest of ``beyond`` for each student. There must be a mentor."""
    kind = problem.weights.dtype
    far = np.iinfo(kind).max // 2
    least = prices.min()
    above = np.minimum(prices - least, far).astype(kind)
    found = np.empty(len(problem.weights), np.int64)
    for block in problem.blocks():
        weights = problem.weights[block]
        worth = weights - above
        best = worth.argmax(axis=1)
        rows = np.arange(len(best))
        found[block] = worth[rows, best] + (problem.bonus - least)
        # Forbidden, or dearer than narrow numbers can say.
        unsure = block.start + np.flatnonzero((weights[rows, best] < 0) | (above[best] == far))
        if unsure.size:
            found[unsure] = beyond(problem, prices, unsure).max(axis=1)
    return found
