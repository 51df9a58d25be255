"""A proof of optimality that does not trust the solver.

For any prices ≥ 0 no assignment is worth more than the sum of all places at their price plus, for
every student, the best she could have beyond the price. Checking takes one look at every pair. That
look alone is the solver's, too; tests hold it against a slow one, whatever the prices.
"""

from __future__ import annotations

import numpy as np

from matching.engine.beyond import most_beyond
from matching.engine.problem import Ints, Problem, Solution


def upper_bound(problem: Problem, prices: Ints) -> int:
    """What no assignment can exceed, whatever the prices: weights plus bonus of each placed."""
    if (prices < 0).any():
        raise ValueError("a price is never below zero")
    bound = sum(int(c) * int(p) for c, p in zip(problem.capacity, prices, strict=True))
    if not problem.weights.shape[1]:
        return bound
    best: list[int] = np.maximum(0, most_beyond(problem, prices)).tolist()
    return bound + sum(best)


def upper_bound_after(problem: Problem, before: Solution, after: Solution) -> int:
    """The bound that the prices of ``after`` give, without a look at every pair.

    ``before`` must be proven for the same weights and bonus, whatever the places. Where prices rose
    nobody finds more than she had then; so only mentors who became cheaper are looked at, and
    students who now have less. Like ``upper_bound`` it holds however ``after`` was found.
    """
    if (after.prices < 0).any():
        raise ValueError("a price is never below zero")
    best = _profit(problem, before)
    cheaper = np.flatnonzero(after.prices < before.prices)
    for j in cheaper.tolist():
        weights = problem.weights[:, j].astype(np.int64)
        beyond = np.where(weights >= 0, weights + problem.bonus - after.prices[j], 0)
        best = np.maximum(best, beyond)
    less = np.flatnonzero(_profit(problem, after) < best)
    part = Problem(problem.weights[less], np.zeros_like(problem.capacity), problem.bonus)
    best[less] = 0
    bound = sum(int(c) * int(p) for c, p in zip(problem.capacity, after.prices, strict=True))
    known: list[int] = best.tolist()
    return bound + sum(known) + upper_bound(part, after.prices)


def _profit(problem: Problem, solution: Solution) -> Ints:
    """What each student has beyond the price of her place."""
    if not problem.weights.shape[1]:
        return np.zeros(len(solution.chosen), np.int64)
    own = problem.weights[np.arange(len(solution.chosen)), solution.chosen].astype(np.int64)
    profit = own + problem.bonus - solution.prices[solution.chosen]
    return np.where(solution.chosen >= 0, profit, 0)


def value(problem: Problem, chosen: Ints) -> int:
    """What this assignment is worth; refuses one that breaks a rule."""
    placed = np.nonzero(chosen >= 0)[0]
    weights = problem.weights[placed, chosen[placed]].astype(np.int64)
    if (weights < 0).any():
        raise ValueError("a forbidden pair was made")
    loads = np.bincount(chosen[placed], minlength=len(problem.capacity))
    if (loads > problem.capacity).any():
        raise ValueError("a mentor has more students than places")
    worth: list[int] = weights.tolist()
    return sum(worth) + len(placed) * problem.bonus
