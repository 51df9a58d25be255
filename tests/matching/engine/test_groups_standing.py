"""Groups that stand, groups smaller than they should be, leaders who are students."""

from collections import Counter
from dataclasses import replace

import numpy as np

from matching.engine.groups.instance import Balance, GroupShape, Leader, Standing
from matching.engine.groups.solving import solve_groups
from tests.matching.engine.test_groups import ONE, group_with, groups_of, sizes


def test_sixes_of_a_hundred_and_seventy_five_may_be_fives_where_short_ones_are_allowed():
    asked = groups_of(175, [{}] * 30, GroupShape(6, 6, ONE, short=True))
    assert sizes(solve_groups(asked)) == [5] * 5 + [6] * 25


def test_a_group_is_as_small_as_it_takes_to_leave_nobody_over():
    # Nobody of the last three can be with the first leader: alone they are fewer than four.
    scores = [[5, 5]] * 4 + [[-1, 5]] * 3
    asked = groups_of(7, [{}, {}], GroupShape(4, 4, ONE), scores=scores)
    assert len(solve_groups(asked).unplaced) == 3
    short = solve_groups(replace(asked, shape=replace(asked.shape, short=True)))
    assert (sizes(short), short.unplaced) == ([3, 4], [])


def test_whoever_comes_late_joins_a_group_that_stands_and_evens_it_out():
    old = Standing("old", (0,), [{"gender": "f"}] * 3)
    traits = [{"gender": "m"}] * 3 + [{"gender": "f"}] * 3
    shape = GroupShape(3, 6, ONE, balance=("gender",))
    leaders = [Leader("m0", "mentor", 0), Leader("m1", "mentor", 1)]
    asked = groups_of(6, leaders, shape, traits=traits, standing=[old], wanted=1)
    result = solve_groups(asked)
    joined = next(group for group in result.groups if group.standing == "old")
    new = next(group for group in result.groups if not group.standing)
    women = [sum(traits[int(name[1:])]["gender"] == "f" for name in group.students)
             for group in (joined, new)]  # fmt: skip
    assert women == [0, 3]
    assert result.balance == [Balance("gender", 1, 0.5)]


def test_a_group_that_stands_takes_only_its_like_and_no_more_than_it_has_places_for():
    old = Standing("old", (0,), [{"year": "1"}] * 2)
    traits = [{"year": "1"}] * 3 + [{"year": "2"}]
    shape = GroupShape(1, 4, ONE, alike=("year",))
    asked = groups_of(4, [Leader("m0", "mentor", 0)], shape, traits=traits, standing=[old])
    result = solve_groups(asked)
    [group] = result.groups
    assert set(group.students) < {"s0", "s1", "s2"}
    assert len(group.students) == 2
    assert {reason["code"] for reason in result.explanations} == {"too_few_places", "none_possible"}


def test_who_is_named_is_one_of_several_and_a_pin_is_one_alone():
    scores = np.full((2, 3), 900_000, np.int32)
    asked = groups_of(2, [{}] * 3, GroupShape(1, 1, ONE), scores=scores, named=[(0, 1), (0, 2)])
    assert group_with(solve_groups(asked), "s0").leaders[0][0] in {"m1", "m2"}


def test_a_senior_who_leads_as_one_of_the_students_sits_in_her_own_group():
    leaders = [Leader(f"m{n}", "lead", 1) for n in range(2)]
    leaders += [Leader(f"j{n}", "junior", 1) for n in range(2)]
    shape = GroupShape(2, 3, {"lead": 1, "junior": 1}, within={"junior"})
    scores = np.zeros((6, 4), np.int32)
    scores[0, 2] = scores[1, 3] = -1
    result = solve_groups(groups_of(6, leaders, shape, scores=scores, own=[(0, 2), (1, 3)]))
    for student, junior in (("s0", "j0"), ("s1", "j1")):
        assert (junior, "junior") in group_with(result, student).leaders


def test_nobody_is_led_by_whom_she_leads():
    leaders = [Leader("j0", "mentor", 1, person="a"), Leader("j1", "mentor", 1, person="b")]
    asked = groups_of(2, leaders, GroupShape(1, 1, ONE), own=[(0, 0), (1, 1)])
    result = solve_groups(asked)
    assert len(result.unplaced) == 1, "one of the two leads the other, and nobody is left for her"
    [reason] = result.explanations
    assert reason["causes"] == {"circle": 1, "own": 1}
    deeper = [leaders[0], replace(leaders[1], depth=1)]
    assert solve_groups(replace(asked, leaders=deeper)).unplaced == ["s0"], "s0 is above s1"


def test_a_second_leader_of_a_role_joins_where_there_are_some_left():
    shape = GroupShape(1, 4, ONE, extra={"mentor": 1})
    result = solve_groups(groups_of(8, [{}] * 3, shape, wanted=2))
    assert sorted(len(group.leaders) for group in result.groups) == [1, 2]
    both = [Leader("m0", "mentor", 1, person="a"), Leader("m1", "mentor", 1, person="a")]
    [group] = solve_groups(groups_of(4, both, shape, wanted=1)).groups
    assert len(group.leaders) == 1, "nobody leads a group twice"


def test_all_lead_one_group_before_anybody_leads_two():
    scores = np.zeros((12, 4), np.int32)
    scores[:, 0] = 900_000
    leaders = [Leader(f"m{n}", "mentor", 2) for n in range(4)]
    asked = groups_of(12, leaders, GroupShape(2, 2, ONE), scores=scores)
    for seed in range(4):
        led = Counter(group.leaders[0][0] for group in solve_groups(asked, seed).groups)
        assert sorted(led.values()) == [1, 1, 2, 2]
        assert led["m0"] == 2
