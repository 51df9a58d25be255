"""A proof of optimality that does not trust the solver.

For any prices ≥ 0 no assignment is worth more than the sum of all places at their price plus, for
every student, the best she could have beyond the price. Checking takes one look at every pair.
"""

from __future__ import annotations

import numpy as np

from matching.engine.problem import Ints, Problem


def upper_bound(problem: Problem, prices: Ints) -> int:
    """What no assignment can exceed, whatever the prices: weights plus bonus of each placed."""
    if (prices < 0).any():
        raise ValueError("a price is never below zero")
    bound = sum(int(c) * int(p) for c, p in zip(problem.capacity, prices, strict=True))
    if not problem.weights.shape[1]:
        return bound
    for block in problem.blocks():
        weights = problem.weights[block].astype(np.int64)
        beyond = np.where(weights >= 0, weights + problem.bonus - prices, 0)
        bound += sum(int(best) for best in beyond.max(axis=1, initial=0))
    return bound


def value(problem: Problem, chosen: Ints) -> int:
    """What this assignment is worth; refuses one that breaks a rule."""
    placed = np.nonzero(chosen >= 0)[0]
    weights = problem.weights[placed, chosen[placed]].astype(np.int64)
    if (weights < 0).any():
        raise ValueError("a forbidden pair was made")
    loads = np.bincount(chosen[placed], minlength=len(problem.capacity))
    if (loads > problem.capacity).any():
        raise ValueError("a mentor has more students than places")
    return sum(int(w) for w in weights) + len(placed) * problem.bonus
