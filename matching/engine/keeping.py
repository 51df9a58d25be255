"""Solving again: what is kept of the pairs there are."""

from __future__ import annotations

import numpy as np

from matching.engine import exact
from matching.engine.instance import FORBIDDEN, MICRO, Instance, InvalidInput
from matching.engine.problem import Ints, Problem, placing_bonus

MOST = 2**62
POINTS = 100
"""Where changes count before scores, scores are compared in points of a hundred."""


def best_total(instance: Instance, problem: Problem) -> Ints:
    """Of all optima one in which the fewest students have it otherwise than now.

    Whoever has a mentor counts once for a place and once more for the same one: a place that falls
    vacant goes to her rather than to somebody who had none, which would be a change more.
    """
    weights = problem.weights.astype(np.int64) * (2 * len(instance.current) + 1)
    weights[sorted({i for i, _j in instance.current})] += 1
    for i, j in _possible(instance, problem):
        weights[i, j] += 1
    return _solved(problem, weights)


def fewest_changes(instance: Instance, problem: Problem) -> Ints:
    """As many students placed as can be; then as few current pairs changed; then the total.

    Who has a place keeps it or gets another, as far as it is there still: nobody is left over so
    that somebody else is placed.
    Exact, so nobody is moved for a better score, and not one more than placing the others takes.
    """
    weights = problem.weights.astype(np.int64) * POINTS // MICRO
    kept = (POINTS + 1) * (len(instance.students) + 1)
    placed = {i for i, _j in _possible(instance, problem)}
    # A student who could stay is placed before any change is counted; one always can be.
    weights[sorted(placed)] += kept * (len(instance.students) + 1)
    for i, j in _possible(instance, problem):
        weights[i, j] += kept
    return _solved(problem, weights)


def _possible(instance: Instance, problem: Problem) -> list[tuple[int, int]]:
    return [(i, j) for i, j in instance.current if problem.weights[i, j] >= 0]


def _solved(problem: Problem, weights: Ints) -> Ints:
    weights[problem.weights < 0] = FORBIDDEN
    bonus = placing_bonus(weights, problem.capacity)
    if bonus * (weights.shape[0] + 1) > MOST:
        raise InvalidInput(f"{weights.shape[0]} students are too many to be solved again")
    return exact.solve(Problem(weights, problem.capacity, bonus)).chosen
