"""Runs one procedure on an instance and measures what came out against the proven bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from matching.engine import exact, fair, keeping, random_balanced, ranked
from matching.engine.certificate import upper_bound, value
from matching.engine.instance import Instance, InvalidInput, Procedure, Result
from matching.engine.problem import Ints, Problem, Solution, placing_bonus

Choose = Callable[[Instance, Problem, int], Ints]

PROCEDURES: dict[Procedure, Choose] = {
    Procedure.OPTIMAL: lambda instance, problem, _: keeping.best_total(instance, problem),
    Procedure.FAIR: lambda instance, problem, _: fair.choose(instance, problem),
    Procedure.STABLE: lambda instance, problem, _: ranked.stable(
        problem, instance.wishes, instance.likes
    ),
    Procedure.GREEDY: lambda _, problem, __: ranked.greedy(problem),
    Procedure.RANDOM: random_balanced.choose,
    Procedure.KEEPING: lambda instance, problem, _: keeping.fewest_changes(instance, problem),
    Procedure.WISHES: lambda instance, problem, _: ranked.wishes_first(
        problem, instance.wishes, instance.likes
    ),
}


def solve(instance: Instance, procedure: Procedure = Procedure.OPTIMAL, seed: int = 0) -> Result:
    """The matching of this procedure; the same for the same people, scores and seed.

    The order in which people and scores are given never matters.
    """
    check(instance)
    instance = instance.shuffled(seed)
    problem, free = unpinned(instance)
    best = exact.solve(problem)
    chosen = np.full(len(instance.students), -1, np.int64)
    if procedure is Procedure.OPTIMAL and not instance.current:
        chosen[free] = best.chosen
    else:
        chosen[free] = PROCEDURES[procedure](_part(instance, free), problem, seed)
    value(problem, chosen[free])
    result = measured(instance, problem, free, chosen, best)
    return Result(procedure=procedure, seed=seed, **result)  # type: ignore[arg-type]


def check(instance: Instance) -> None:
    """Refuses pins that contradict each other, the places or the allowed pairs.

    People with the same name need something else to be told apart by.
    """
    for names, kind in ((instance.students, "student"), (instance.mentors, "mentor")):
        if len(set(names)) < len(names):
            twice = next(name for name, number in Counter(names).items() if number > 1)
            raise InvalidInput(f"{kind} {twice!r} is listed twice")
    loads = [0] * len(instance.mentors)
    pinned: set[int] = set()
    for i, j in instance.pinned:
        student, mentor = instance.students[i], instance.mentors[j]
        if i in pinned:
            raise InvalidInput(f"student {student!r} is pinned twice")
        pinned.add(i)
        if instance.scores[i, j] < 0:
            raise InvalidInput(
                f"student {student!r} is pinned to mentor {mentor!r}, "
                "but that pair has no score, which forbids it"
            )
        loads[j] += 1
        if loads[j] > instance.capacity[j]:
            raise InvalidInput(
                f"mentor {mentor!r} has {instance.capacity[j]} places, but more students "
                "are pinned there"
            )


def unpinned(instance: Instance) -> tuple[Problem, Ints]:
    """What is left to decide once the pins are made: the problem and the students it is about."""
    count = len(instance.students)
    capacity = np.minimum(np.array(instance.capacity, dtype=object), count).astype(np.int64)
    free = np.ones(count, np.bool_)
    for i, j in instance.pinned:
        free[i] = False
        capacity[j] -= 1
    weights = instance.scores[free] if instance.pinned else instance.scores
    bonus = placing_bonus(weights, capacity)
    return Problem(weights, capacity, bonus), np.nonzero(free)[0]


def _part(instance: Instance, free: Ints) -> Instance:
    """The instance without its pinned students."""
    if not instance.pinned:
        return instance
    row_of = {int(old): new for new, old in enumerate(free)}
    return Instance(
        students=[instance.students[int(i)] for i in free],
        mentors=instance.mentors,
        capacity=instance.capacity,
        scores=instance.scores[free],
        pinned=instance.pinned,
        current=[(row_of[i], j) for i, j in instance.current if i in row_of],
        strata=[instance.strata[int(i)] for i in free] if instance.strata else (),
        wishes=None if instance.wishes is None else instance.wishes[free],
        likes=None if instance.likes is None else instance.likes[free],
    )


def measured(
    instance: Instance, problem: Problem, free: Ints, chosen: Ints, best: Solution
) -> dict[str, object]:
    """Pairs and figures, with the bound taken from prices alone."""
    for i, j in instance.pinned:
        chosen[i] = j
    pinned_total = sum(int(instance.scores[i, j]) for i, j in instance.pinned)
    placed_free = int((chosen[free] >= 0).sum())
    most = int((best.chosen >= 0).sum())
    scores = {
        (instance.students[i], instance.mentors[j]): int(instance.scores[i, j])
        for i, j in enumerate(chosen.tolist())
        if j >= 0
    }
    total = sum(scores.values())
    if placed_free == most:
        bound = upper_bound(problem, best.prices) - most * problem.bonus
    else:
        any_count = Problem(problem.weights, problem.capacity, 0)
        bound = upper_bound(any_count, exact.solve(any_count).prices)
    bound += pinned_total
    return {
        "pairs": sorted(scores),
        "unmatched": sorted(
            name for name, j in zip(instance.students, chosen.tolist(), strict=True) if j < 0
        ),
        "total": total,
        "bound": bound,
        "optimal": placed_free == most and total == bound,
        "minimum": min(scores.values(), default=None),
        "prices": dict(zip(instance.mentors, best.prices.tolist(), strict=True)),
    }
