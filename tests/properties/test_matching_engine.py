"""Every procedure against every matching there is, on small instances of all kinds."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.certificate import upper_bound
from matching.engine.instance import Instance, Procedure
from matching.engine.problem import Problem
from matching.engine.solving import solve
from tests.matching.engine.builders import all_matchings, as_matching, instances, worth

seeds = st.integers(0, 3)


@given(instances(), seeds)
def test_optimal_places_the_most_then_reaches_the_greatest_total(instance, seed):
    result = solve(instance, Procedure.OPTIMAL, seed)
    count, total = worth(instance, as_matching(instance, result))
    assert (count, total) == max(worth(instance, m) for m in all_matchings(instance))
    assert result.total == total == result.bound
    assert result.optimal


@given(instances(), st.sampled_from(Procedure), seeds)
def test_the_bound_holds_for_every_matching_that_places_as_many(instance, procedure, seed):
    result = solve(instance, procedure, seed)
    count, total = worth(instance, as_matching(instance, result))
    rivals = [worth(instance, m) for m in all_matchings(instance)]
    assert result.total == total
    assert result.bound >= max(t for c, t in rivals if c == count)
    assert result.optimal == ((count, total) == max(rivals))
    scores = [
        instance.scores[i, j] for i, j in enumerate(as_matching(instance, result)) if j is not None
    ]
    assert result.minimum == min(scores, default=None)


@given(instances(), seeds)
def test_fair_lifts_the_worst_off_then_the_next_and_so_on(instance, seed):
    result = solve(instance, Procedure.FAIR, seed)

    def fairness(matching):
        pinned = {i for i, _ in instance.pinned}
        free = [
            instance.scores[i, j]
            for i, j in enumerate(matching)
            if j is not None and i not in pinned
        ]
        return worth(instance, matching)[0], sorted(free)

    assert fairness(as_matching(instance, result)) == max(map(fairness, all_matchings(instance)))


@given(instances(), seeds)
def test_random_places_the_most_and_evens_out_the_loads(instance, seed):
    result = solve(instance, Procedure.RANDOM, seed)

    def unevenness(matching):
        loads = [matching.count(j) for j in range(len(instance.mentors))]
        placed = len(matching) - matching.count(None)
        return -placed, sum(load * load for load in loads)

    assert unevenness(as_matching(instance, result)) == min(
        map(unevenness, all_matchings(instance))
    )


@given(instances(), seeds)
def test_stable_leaves_nobody_who_would_both_rather_have_each_other(instance, seed):
    matching = as_matching(instance, solve(instance, Procedure.STABLE, seed))
    pinned = {i for i, _ in instance.pinned}
    for i, has in enumerate(matching):
        for j in range(len(instance.mentors)):
            score = instance.scores[i, j]
            if i in pinned or score < 0 or j == has:
                continue
            wants = has is None or score > instance.scores[i, has]
            others = [
                instance.scores[k, j] for k, m in enumerate(matching) if m == j and k not in pinned
            ]
            held = len([1 for k in pinned if matching[k] == j])
            has_room = len(others) + held < instance.capacity[j]
            prefers = has_room or any(score > other for other in others)
            assert not (wants and prefers)


@given(instances(pins=False, most_students=4), seeds, st.data())
def test_hiding_mentors_never_pays_where_pairs_are_stable(instance, seed, data):
    """Students propose, so it never helps one to say less than she would accept."""
    if not instance.students:
        return
    i = data.draw(st.integers(0, len(instance.students) - 1))
    hidden = data.draw(st.sets(st.integers(0, max(0, len(instance.mentors) - 1))))
    less = instance.scores.copy()
    less[i, [j for j in hidden if j < len(instance.mentors)]] = -1
    narrow = replace(instance, scores=less)
    honest = as_matching(instance, solve(instance, Procedure.STABLE, seed))[i]
    sly = as_matching(narrow, solve(narrow, Procedure.STABLE, seed))[i]

    def worth_to_her(j):
        return -1 if j is None else instance.scores[i, j]

    assert worth_to_her(sly) <= worth_to_her(honest)


@given(instances(pins=False), seeds)
def test_greedy_takes_the_best_pair_left(instance, seed):
    result = solve(instance, Procedure.GREEDY, seed)
    matching = as_matching(instance, result)
    best = sorted(
        (instance.scores[i, j] for i, j in enumerate(matching) if j is not None), reverse=True
    )
    for other in (Procedure.OPTIMAL, Procedure.FAIR):
        rival = as_matching(instance, solve(instance, other, seed))
        theirs = sorted(
            (instance.scores[i, j] for i, j in enumerate(rival) if j is not None), reverse=True
        )
        assert best[:1] >= theirs[:1]


@given(instances(), st.sampled_from(Procedure), seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(instance, procedure, seed, chance):
    assert solve(_reordered(instance, chance), procedure, seed) == solve(instance, procedure, seed)


@given(instances(), st.lists(st.integers(0, 2_000_000), min_size=4, max_size=4))
def test_any_prices_at_all_give_a_bound(instance, prices):
    problem = Problem(instance.scores, np.array(instance.capacity, np.int64), 0)
    bound = upper_bound(problem, np.array(prices[: len(instance.mentors)], np.int64))
    assert all(worth(instance, m)[1] <= bound for m in all_matchings(instance))


@given(instances(pins=False), seeds)
def test_of_equal_matchings_the_one_that_keeps_most_pairs_wins(instance, seed):
    if not instance.students or not instance.mentors:
        return
    current = [(i, i % len(instance.mentors)) for i in range(len(instance.students))]
    again = Instance(**{**vars(instance), "current": current})
    matching = as_matching(again, solve(again, Procedure.OPTIMAL, seed))

    def kept(m):
        return (*worth(instance, m), sum(m[i] == j for i, j in current))

    assert kept(matching) == max(map(kept, all_matchings(instance)))


@st.composite
def standing(draw):
    """An instance in which some students have a mentor already, within the places there are."""
    instance = draw(instances(pins=False))
    left, current = list(instance.capacity), []
    for i in range(len(instance.students)):
        able = [j for j, room in enumerate(left) if room > 0]
        if able and draw(st.booleans()):
            j = draw(st.sampled_from(able))
            left[j] -= 1
            current.append((i, j))
    return replace(instance, current=current)


@given(standing(), seeds)
def test_the_fewest_changes_place_the_most_and_move_nobody_for_a_score(instance, seed):
    matching = as_matching(instance, solve(instance, Procedure.KEEPING, seed))
    possible = [(i, j) for i, j in instance.current if instance.scores[i, j] >= 0]

    def order(m):
        placed = worth(instance, m)[0]
        stay = sum(m[i] is not None for i, _j in possible)
        kept = sum(m[i] == j for i, j in possible)
        points = sum(
            int(instance.scores[i, j]) * 100 // 1_000_000 for i, j in enumerate(m) if j is not None
        )
        return placed, stay, kept, points

    assert order(matching) == max(map(order, all_matchings(instance)))
    # Whoever could stay has a mentor still, the same or another.
    assert all(matching[i] is not None for i, _j in possible)


def _reordered(instance: Instance, chance: random.Random) -> Instance:
    rows = chance.sample(range(len(instance.students)), len(instance.students))
    columns = chance.sample(range(len(instance.mentors)), len(instance.mentors))
    return Instance(
        students=[instance.students[i] for i in rows],
        mentors=[instance.mentors[j] for j in columns],
        capacity=[instance.capacity[j] for j in columns],
        scores=instance.scores[rows][:, columns].reshape(len(rows), len(columns)),
        pinned=[(rows.index(i), columns.index(j)) for i, j in instance.pinned],
    )
