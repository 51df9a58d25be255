"""Fair: as many as possible, then the worst-off pair as good as possible, then the total."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from matching.engine import exact
from matching.engine.exact import Ints, Problem
from matching.engine.instance import FORBIDDEN, Instance


def choose(instance: Instance, problem: Problem) -> Ints:
    """Raises the floor under all pairs as far as it places no fewer students."""
    levels: Ints = np.unique(problem.weights[:, problem.capacity > 0].astype(np.int64))
    levels = levels[levels >= 0]
    if not levels.size:
        return np.full(len(instance.students), -1, np.int64)
    most = placed_at(problem, int(levels[0]))
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if placed_at(problem, int(levels[middle])) == most:
            low = middle
        else:
            high = middle - 1
    raised = problem.weights.copy()
    raised[raised < levels[low]] = FORBIDDEN
    return exact.solve(Problem(raised, problem.capacity, problem.bonus)).chosen


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
