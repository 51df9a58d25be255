"""Groups against every way to form them, on small instances of all kinds."""

from collections import Counter
from dataclasses import replace
from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.groups.instance import GroupInstance, GroupShape, Leader
from matching.engine.groups.solving import solve_groups
from tests.matching.engine.group_builders import (
    all_assignments,
    as_assignment,
    differences,
    group_instances,
    keeps_the_rules,
    new_teams,
    quality,
    teams_of,
)

seeds = st.integers(0, 3)


@given(group_instances(), seeds)
def test_nothing_better_can_be_done_with_the_same_teams(instance, seed):
    result = solve_groups(instance, seed)
    teams, assignment = teams_of(instance, result), as_assignment(instance, result)
    assert keeps_the_rules(instance, teams, assignment)
    found = quality(instance, teams, assignment)
    assert found == max(quality(instance, teams, one) for one in all_assignments(instance, teams))
    assert found[-1] == result.total == sum(group.total for group in result.groups)
    assert result.proven


@given(group_instances(), seeds)
def test_the_bound_holds_for_all_that_place_as_many_as_evenly(instance, seed):
    result = solve_groups(instance, seed)
    teams, assignment = teams_of(instance, result), as_assignment(instance, result)
    found = quality(instance, teams, assignment)
    rivals = [quality(instance, teams, one) for one in all_assignments(instance, teams)]
    as_good = [rival[-1] for rival in rivals if rival[:-1] == found[:-1]]
    assert result.bound >= max(as_good)
    assert result.optimal == (result.bound == result.total)
    assert [one.difference for one in result.balance] == differences(instance, teams, assignment)


@given(group_instances(most_students=3, most_leaders=6), seeds)
def test_teams_are_complete_and_nobody_leads_more_than_she_can(instance, seed):
    result = solve_groups(instance, seed)
    teams = new_teams(instance, result)
    for team in teams:
        assert len(set(team)) == len(team)
        roles = Counter(instance.leaders[leader].role for leader in team)
        assert roles == Counter(instance.shape.seats)
    led = Counter(leader for team in teams for leader in team)
    assert all(number <= instance.leaders[leader].groups for leader, number in led.items())


campuses = st.lists(st.sampled_from(["north", "south", "east"]), min_size=2, max_size=6)


@given(campuses, st.integers(1, 3), seeds)
def test_co_leaders_are_unlike_as_often_as_can_be(campuses, wanted, seed):
    leaders = [Leader(f"m{n}", "mentor", 1, {"campus": c}) for n, c in enumerate(campuses)]
    asked = GroupInstance(
        students=["a", "b", "c"],
        traits=[{}] * 3,
        leaders=leaders,
        shape=GroupShape(1, 3, {"mentor": 2}, unlike=("campus",)),
        scores=np.zeros((3, len(leaders)), np.int32),
        wanted=wanted,
    )
    teams = teams_of(asked, solve_groups(asked, seed))
    assert len(teams) == min(wanted, len(leaders) // 2)
    assert _alike(campuses, teams) == min(
        _alike(campuses, zip(order[::2], order[1::2], strict=True))
        for order in permutations(range(len(leaders)), 2 * len(teams))
    )


def _alike(campuses, teams):
    return sum(campuses[a] == campuses[b] for a, b in teams)


@given(group_instances(), seeds)
def test_everybody_left_over_has_a_reason_that_holds(instance, seed):
    result = solve_groups(instance, seed)
    named = [name for reason in result.explanations for name in reason["names"]]
    assert sorted(named) == result.unplaced
    for reason in result.explanations:
        assert reason["code"] != "search_ended"
        if reason["code"] == "too_few_places":
            assert reason["students"] > reason["places"]
            if reason["traits"]:
                assert reason["students"] == sum(
                    all(traits[name] == value for name, value in reason["traits"])
                    for traits in instance.traits
                )


@given(group_instances(), seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(instance, seed, chance):
    assert solve_groups(_reordered(instance, chance), seed) == solve_groups(instance, seed)


def _reordered(instance: GroupInstance, chance) -> GroupInstance:
    rows = chance.sample(range(len(instance.students)), len(instance.students))
    columns = chance.sample(range(len(instance.leaders)), len(instance.leaders))
    return replace(
        instance,
        students=[instance.students[i] for i in rows],
        traits=[instance.traits[i] for i in rows],
        leaders=[instance.leaders[n] for n in columns],
        scores=instance.scores[rows][:, columns].reshape(len(rows), len(columns)),
        together=[(rows.index(b), rows.index(a)) for a, b in instance.together],
        apart=[(rows.index(b), rows.index(a)) for a, b in instance.apart],
        pinned=[(rows.index(i), columns.index(n)) for i, n in instance.pinned],
        barred=[(rows.index(i), columns.index(n)) for i, n in instance.barred],
        named=[(rows.index(i), columns.index(n)) for i, n in instance.named],
        own=[(rows.index(i), columns.index(n)) for i, n in instance.own],
        standing=[
            replace(one, leaders=tuple(columns.index(n) for n in one.leaders))
            for one in instance.standing
        ],
        free=[instance.free[i] for i in rows] if instance.free else (),
    )
