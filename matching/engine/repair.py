"""A new proven optimum from the stored prices of an old one, when a few people come or go.

Only who lost a mentor, or is new, is brought in again, each along the shortest chain of moves; all
others are where the old prices say they are best. That takes milliseconds where solving anew takes
a second, and the result is as good: as many placed, the same total, proven by its new prices. Of
several such optima it may be another than a fresh solution would find.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matching.engine.augment import Market
from matching.engine.instance import Instance, InvalidInput, Procedure, Result
from matching.engine.problem import Ints, Problem, Solution
from matching.engine.solving import measured, solve, unpinned


def without_mentor(problem: Problem, solution: Solution, leaving: int) -> tuple[Problem, Solution]:
    """The problem without this mentor's places, and an optimum of it.

    ``solution`` must be optimal with its prices; the bonus stays, so the prices keep their meaning.
    """
    capacity = problem.capacity.copy()
    capacity[leaving] = 0
    chosen = solution.chosen.copy()
    homeless = np.flatnonzero(chosen == leaving)
    chosen[homeless] = -1
    smaller = Problem(problem.weights, capacity, problem.bonus)
    return smaller, _settled(smaller, Solution(chosen, solution.prices), homeless)


def with_students(problem: Problem, solution: Solution) -> Solution:
    """An optimum of a problem whose last students came after the solution was found.

    The bonus must be that of the solution, and large enough for the new number of students.
    """
    known = len(solution.chosen)
    late = np.arange(known, problem.weights.shape[0])
    chosen = np.concatenate((solution.chosen, np.full(len(late), -1, np.int64)))
    return _settled(problem, Solution(chosen, solution.prices), late)


def repair(instance: Instance, result: Result, *, leaving: str) -> Result:
    """The best matching without this mentor, from the best matching with her.

    Her pinned students are free to be placed anew. ``InvalidInput`` when there is no such mentor or
    the result was not proven optimal for this instance: then its prices say too little.
    """
    if leaving not in instance.mentors:
        raise InvalidInput(f"there is no mentor {leaving!r}")
    if not result.optimal:
        raise InvalidInput("only a matching that is proven optimal can be repaired")
    instance = instance.shuffled(result.seed)
    column = instance.mentors.index(leaving)
    capacity = list(instance.capacity)
    capacity[column] = 0
    pinned = [(i, j) for i, j in instance.pinned if j != column]
    without = replace(instance, capacity=capacity, pinned=pinned)
    if len(pinned) < len(instance.pinned):
        # More students to place than before: the old prices were for a smaller bonus.
        return solve(without, Procedure.OPTIMAL, result.seed)
    problem, free = unpinned(instance)
    smaller, after = without_mentor(problem, _solution(instance, result, free), column)
    chosen = np.full(len(instance.students), -1, np.int64)
    chosen[free] = after.chosen
    found = measured(without, smaller, free, chosen, after)
    return Result(procedure=Procedure.OPTIMAL, seed=result.seed, **found)  # type: ignore[arg-type]


def _solution(instance: Instance, result: Result, free: Ints) -> Solution:
    """What the result says of the students who are not pinned."""
    column = {name: j for j, name in enumerate(instance.mentors)}
    mentor_of = dict(result.pairs)
    names = [instance.students[i] for i in free.tolist()]
    chosen = [column[mentor_of[name]] if name in mentor_of else -1 for name in names]
    prices = [result.prices[name] for name in instance.mentors]
    return Solution(np.array(chosen, np.int64), np.array(prices, np.int64))


def _settled(problem: Problem, solution: Solution, awaited: Ints) -> Solution:
    if not problem.weights.shape[1]:
        return solution
    market = Market(problem, solution.chosen, solution.prices)
    market.settle(awaited)
    return market.solution()
