"""A repaired matching against a fresh one, on small instances of all kinds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import exact
from matching.engine.augment import Market
from matching.engine.certificate import upper_bound, upper_bound_after, value
from matching.engine.instance import InvalidInput
from matching.engine.problem import Problem, Solution, placing_bonus
from matching.engine.repair import repair, with_students, without_mentor
from matching.engine.solving import solve
from tests.matching.engine.builders import instances

pick = st.integers(0, 20)


def as_problem(instance, *, places_matter=True):
    capacity = np.array(instance.capacity, np.int64)
    bonus = placing_bonus(instance.scores, capacity) if places_matter else 0
    return Problem(instance.scores, capacity, bonus)


def is_proven(problem, solution):
    return value(problem, solution.chosen) == upper_bound(problem, solution.prices)


@given(instances(most_students=7, most_mentors=5, pins=False), pick, st.booleans())
def test_when_a_mentor_leaves_the_repaired_matching_is_proven_best(instance, at, places_matter):
    assume(instance.mentors)
    problem = as_problem(instance, places_matter=places_matter)
    before = exact.solve(problem)
    smaller, after = without_mentor(problem, before, at % len(instance.mentors))
    assert smaller.capacity[at % len(instance.mentors)] == 0
    assert is_proven(smaller, after)
    assert value(smaller, after.chosen) == value(smaller, exact.solve(smaller).chosen)


@given(instances(most_students=7, most_mentors=5, pins=False))
def test_one_mentor_after_the_other_may_leave(instance):
    problem = as_problem(instance)
    solution = exact.solve(problem)
    for leaving in range(len(instance.mentors)):
        problem, solution = without_mentor(problem, solution, leaving)
        assert is_proven(problem, solution)
    assert (solution.chosen == -1).all()


@given(instances(most_students=7, most_mentors=5, pins=False), pick)
def test_who_joins_late_is_placed_as_if_she_had_been_there(instance, known):
    problem = as_problem(instance)
    known = min(known, len(instance.students))
    early = Problem(problem.weights[:known], problem.capacity, problem.bonus)
    after = with_students(problem, exact.solve(early))
    assert is_proven(problem, after)


@given(instances(most_students=7, most_mentors=5, pins=False), st.sets(pick), st.booleans())
def test_whoever_is_brought_in_again_ends_in_an_optimum(instance, again, places_matter):
    """Also where that leaves places vacant for a while."""
    assume(instance.mentors)
    problem = as_problem(instance, places_matter=places_matter)
    before = exact.solve(problem)
    market = Market(problem, before.chosen, before.prices)
    market.settle(np.array(sorted(i for i in again if i < len(instance.students)), np.int64))
    assert is_proven(problem, market.solution())


@given(instances(most_students=7, most_mentors=5, pins=False), st.data())
def test_scores_of_some_students_may_change_altogether(instance, data):
    assume(instance.mentors)
    problem = as_problem(instance)
    before = exact.solve(problem)
    changed = data.draw(st.sets(st.integers(0, 6).filter(lambda i: i < len(instance.students)))
                        if instance.students else st.just(set()))  # fmt: skip
    weights = instance.scores.copy()
    for i in changed:
        weights[i] = np.array(
            data.draw(st.lists(st.integers(-1, max(0, weights.max(initial=0))),
                               min_size=len(instance.mentors), max_size=len(instance.mentors)))
        )  # fmt: skip
    problem = Problem(weights, problem.capacity, problem.bonus)
    market = Market(problem, before.chosen, before.prices)
    market.settle(np.array(sorted(changed), np.int64))
    assert is_proven(problem, market.solution())


@given(instances(most_students=7, most_mentors=5), pick, st.integers(0, 3))
def test_a_repaired_result_is_as_good_as_one_solved_anew(instance, at, seed):
    """Also where some are pinned: those of the mentor who leaves are free again."""
    assume(instance.mentors)
    leaving = instance.mentors[at % len(instance.mentors)]
    result = solve(instance, seed=seed)
    after = repair(instance, result, leaving=leaving)
    column = instance.mentors.index(leaving)
    anew = solve(
        replace(
            instance,
            capacity=[0 if j == column else c for j, c in enumerate(instance.capacity)],
            pinned=[(i, j) for i, j in instance.pinned if j != column],
        ),
        seed=seed,
    )
    assert after.optimal
    assert leaving not in dict(after.pairs).values()
    assert (len(after.pairs), after.total, after.bound) == (
        len(anew.pairs),
        anew.total,
        anew.bound,
    )


@given(instances(most_students=7, most_mentors=5, pins=False), pick)
def test_only_what_is_proven_and_who_is_there_can_be_repaired(instance, at):
    assume(instance.mentors)
    with pytest.raises(InvalidInput, match="there is no mentor 'nobody'"):
        repair(instance, solve(instance), leaving="nobody")
    unproven = replace(solve(instance), optimal=False)
    with pytest.raises(InvalidInput, match="proven optimal"):
        repair(instance, unproven, leaving=instance.mentors[at % len(instance.mentors)])


@given(instances(most_students=7, most_mentors=5, pins=False), pick, st.data())
def test_the_short_proof_never_says_less_than_the_full_one(instance, at, data):
    """For any prices at all; and for those of the repair exactly as much."""
    assume(instance.mentors)
    problem = as_problem(instance)
    before = exact.solve(problem)
    smaller, after = without_mentor(problem, before, at % len(instance.mentors))
    assert upper_bound_after(smaller, before, after) == value(smaller, after.chosen)
    size = len(instance.mentors)
    prices = data.draw(st.lists(st.integers(0, 9_000_000), min_size=size, max_size=size))
    odd = Solution(after.chosen, np.array(prices, np.int64))
    assert upper_bound_after(smaller, before, odd) >= upper_bound(smaller, odd.prices)
