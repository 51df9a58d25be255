from dataclasses import replace

import numpy as np
import pytest

from benchmarks.groups import instance as published
from matching.engine.groups import kinds, search
from matching.engine.groups.instance import (
    Balance,
    Group,
    GroupInstance,
    GroupShape,
    Leader,
)
from matching.engine.groups.solving import solve_groups
from matching.engine.instance import InvalidInput


def groups_of(students, leaders, shape, *, scores=None, traits=None, **more):
    """Students s0, s1, … and leaders m0, m1, … with one group each, all scores 0.5."""
    leads = [one if isinstance(one, Leader) else Leader(f"m{n}", "mentor", 1, one)
             for n, one in enumerate(leaders)]  # fmt: skip
    if scores is None:
        scores = np.full((students, len(leads)), 500_000, np.int32)
    return GroupInstance(
        students=[f"s{i}" for i in range(students)],
        traits=traits or [{}] * students,
        leaders=leads,
        shape=shape,
        scores=np.array(scores, np.int32).reshape(students, len(leads)),
        **more,
    )


def sizes(result):
    return sorted(len(group.students) for group in result.groups)


def group_with(result, student):
    return next(group for group in result.groups if student in group.students)


ONE = {"mentor": 1}


def test_a_score_is_the_mean_over_those_leaders_with_whom_she_may_be_rounded_down():
    shape = GroupShape(1, 2, {"mentor": 2})
    result = solve_groups(groups_of(2, [{}, {}], shape, scores=[[3, 4], [5, -1]]))
    assert result.groups == [
        Group((("m0", "mentor"), ("m1", "mentor")), ("s0", "s1"), 8, (1 << 168) - 1)
    ]
    assert result.optimal
    assert result.gap == 0


def test_nobody_joins_a_group_led_by_somebody_who_is_barred():
    shape = GroupShape(1, 2, {"mentor": 2})
    result = solve_groups(groups_of(2, [{}, {}], shape, barred=[(0, 1)]))
    assert result.unplaced == ["s0"]
    assert result.explanations == [
        {"code": "none_possible", "causes": {"barred": 1}, "students": 1, "names": ["s0"]}
    ]


def test_as_few_groups_as_give_everybody_a_place_or_as_many_as_are_wanted():
    asked = groups_of(12, [{}] * 6, GroupShape(2, 6, ONE))
    assert sizes(solve_groups(asked)) == [6, 6]
    assert len(solve_groups(replace(asked, wanted=4)).groups) == 4
    assert sizes(solve_groups(replace(asked, wanted=9))) == [2] * 6
    assert len(solve_groups(replace(asked, wanted=0)).unplaced) == 12


def test_more_groups_are_tried_while_students_are_left_over():
    apart = [(a, b) for a in range(4) for b in range(a)]
    result = solve_groups(groups_of(4, [{}] * 5, GroupShape(1, 4, ONE), apart=apart))
    assert sizes(result) == [1, 1, 1, 1]


def test_a_pin_brings_a_leader_to_a_group_who_would_have_none():
    scores = np.full((4, 3), 900_000, np.int32)
    scores[:, 2] = 0
    asked = groups_of(4, [{}] * 3, GroupShape(1, 4, ONE), scores=scores, pinned=[(1, 2)])
    result = solve_groups(asked)
    assert group_with(result, "s1").leaders == (("m2", "mentor"),)
    assert result.unplaced == []


def test_leaders_change_places_where_that_helps_students():
    scores = [[9, 0, 0, 0], [9, 0, 0, 0], [0, 0, 9, 0], [0, 0, 9, 0]]
    leaders = [Leader(f"m{n}", "mentor" if n % 2 else "lead", 1) for n in range(4)]
    asked = groups_of(4, leaders, GroupShape(2, 2, {"lead": 1, "mentor": 1}), scores=scores)
    assert {solve_groups(asked, seed).total for seed in range(5)} == {16}


def test_co_leaders_differ_where_there_are_such_people():
    leaders = [{"gender": "f"}] * 3 + [{"gender": "m"}] * 2 + [{"gender": "f"}] * 3
    shape = GroupShape(1, 3, {"mentor": 2}, unlike=("gender",))
    result = solve_groups(groups_of(12, leaders, shape, wanted=4))
    of = {f"m{n}": traits["gender"] for n, traits in enumerate(leaders)}
    pairs = sorted("".join(sorted(of[name] for name, _ in g.leaders)) for g in result.groups)
    assert pairs == ["ff", "ff", "fm", "fm"]


def test_groups_are_alike_and_evenly_spread_at_once():
    traits = [{"year": str(i % 2), "gender": "fm"[i // 2 % 2]} for i in range(24)]
    shape = GroupShape(3, 4, ONE, alike=("year",), balance=("gender",))
    result = solve_groups(groups_of(24, [{}] * 6, shape, traits=traits))
    assert result.balance == [Balance("gender", 0, 0.0)]
    for group in result.groups:
        assert len({traits[int(name[1:])]["year"] for name in group.students}) == 1


def test_kinds_are_dealt_beforehand_where_there_are_many_groups(monkeypatch):
    traits = [{"year": str(i % 3)} for i in range(30)]
    asked = groups_of(30, [{}] * 9, GroupShape(3, 4, ONE, alike=("year",)), traits=traits)
    exact = solve_groups(asked)
    monkeypatch.setattr(kinds, "FEW", 0)
    dealt = solve_groups(asked)
    assert (sizes(dealt), dealt.unplaced) == (sizes(exact), [])


def test_a_group_shares_hours_and_says_which():
    shape = GroupShape(2, 2, ONE, common_hours=1)
    leaders = [Leader("m0", "mentor", 1, free=0b0011), Leader("m1", "mentor", 1, free=0b1100)]
    asked = groups_of(4, leaders, shape, free=[0b0001, 0b0100, 0b0101, 0b1101])
    result = solve_groups(asked)
    assert result.unplaced == []
    assert {group.hours for group in result.groups} == {0b0001, 0b0100}


def test_co_leaders_without_a_common_hour_change_places():
    leaders = [Leader(f"m{n}", "mentor", 1, free=1 << n // 2) for n in range(6)]
    shape = GroupShape(1, 2, {"mentor": 2}, common_hours=1)
    for seed in range(5):
        result = solve_groups(groups_of(6, leaders, shape, free=[0b111] * 6), seed)
        assert sizes(result) == [2, 2, 2]


def test_many_hours_are_fixed_before_students_are_placed():
    chance = np.random.default_rng(3)

    def free():
        return int("".join(map(str, (chance.random(168) < 0.4).astype(int))), 2)

    leaders = [Leader(f"m{n}", "mentor", 1, free=free()) for n in range(10)]
    shape = GroupShape(4, 6, ONE, common_hours=2)
    scores = chance.integers(0, 1_000_000, (40, 10))
    asked = groups_of(40, leaders, shape, scores=scores, free=[free() for _ in range(40)])
    result = solve_groups(asked)
    assert result.unplaced == []
    assert all(group.hours.bit_count() >= 2 for group in result.groups)
    assert result.total <= result.bound


def north_and_south():
    """Two leaders at North, where nine first-years are, and places for four in each group."""
    campus = ["North"] * 11 + ["South"] * 6
    year = ["1"] * 9 + ["2"] * 2 + ["1"] * 4 + ["2"] * 2
    traits = [{"campus": c, "class_year": y} for c, y in zip(campus, year, strict=True)]
    leaders = [{"campus": c} for c in ("North", "North", "South", "South")]
    scores = [
        [500_000 if t["campus"] == leader["campus"] else -1 for leader in leaders] for t in traits
    ]
    quotas = {"class_year": {"1": (0, 4), "2": (0, 4)}}
    shape = GroupShape(2, 8, ONE, quotas=quotas, alike=("campus",))
    return groups_of(17, leaders, shape, traits=traits, scores=scores)


def test_the_fewest_traits_that_describe_too_few_places_are_the_reason():
    result = solve_groups(north_and_south())
    [reason] = result.explanations
    assert reason.pop("names") == result.unplaced
    assert reason == {
        "code": "too_few_places",
        "traits": [["campus", "North"], ["class_year", "1"]],
        "students": 9,
        "places": 8,
    }


def test_where_no_trait_tells_them_apart_the_students_themselves_are_the_reason():
    scores = [[5, -1]] * 3 + [[5, 5]]
    result = solve_groups(groups_of(4, [{}] * 2, GroupShape(1, 2, ONE), scores=scores))
    [reason] = result.explanations
    assert (reason["code"], reason["traits"]) == ("too_few_places", [])
    assert (reason["students"], reason["places"]) == (3, 2)
    assert reason["among"] == ["s0", "s1", "s2"]


def test_sixes_leave_one_of_a_hundred_and_seventy_five():
    asked = groups_of(175, [{}] * 30, GroupShape(6, 6, ONE))
    result = solve_groups(asked)
    assert sizes(result) == [6] * 29
    assert result.explanations == [
        {"code": "too_few_to_begin", "least": 6, "students": 1, "names": result.unplaced}
    ]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (groups_of(2, [], GroupShape(1, 2, ONE)),
         {"code": "too_few_leaders", "role": "mentor", "needed": 1, "leaders": 0}),
        (groups_of(2, [{}], GroupShape(1, 2, {"mentor": 2})),
         {"code": "too_few_leaders", "role": "mentor", "needed": 2, "leaders": 1}),
        (groups_of(2, [Leader("m", "mentor", 0)], GroupShape(1, 2, ONE)),
         {"code": "too_few_leaders", "role": "mentor", "needed": 1, "leaders": 0}),
        (groups_of(2, [{}], GroupShape(3, 4, ONE)), {"code": "too_few_to_begin", "least": 3}),
        (groups_of(2, [{}], GroupShape(1, 1, ONE), together=[(0, 1)]), {"code": "together"}),
        (groups_of(2, [{}], GroupShape(2, 2, ONE), apart=[(0, 1)]),
         {"code": "left_by", "rules": ["apart"]}),
        (groups_of(2, [{}], GroupShape(1, 2, ONE, common_hours=1), free=[1, 0]),
         {"code": "none_possible", "causes": {"common_hours": 1}}),
    ],
)  # fmt: skip
def test_degenerate_instances_are_answered_with_their_reason(asked, reason):
    result = solve_groups(asked)
    [found] = result.explanations
    assert found["names"] == result.unplaced
    assert {key: found[key] for key in found if key not in ("names", "students")} == reason


def test_nobody_is_an_instance_too():
    result = solve_groups(groups_of(0, [{}], GroupShape(1, 2, ONE)))
    assert (result.groups, result.unplaced, result.total, result.bound) == ([], [], 0, 0)
    assert result.optimal


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (replace(groups_of(2, [{}], GroupShape(1, 2, ONE)), students=["s", "s"]),
         "student 's' is given twice"),
        (groups_of(1, [Leader("m", "mentor", 1)] * 2, GroupShape(1, 2, ONE)),
         "leader 'm' is given twice"),
        (groups_of(1, [{}], GroupShape(3, 2, ONE)), "a group of 3 to 2 students cannot be"),
        (groups_of(1, [{}], GroupShape(1, 2, {})), "needs at least one leader"),
        (groups_of(1, [{}], GroupShape(1, 2, ONE, quotas={"y": {"1": (2, 1)}})),
         "a quota of 2 to 1 for y '1'"),
        (groups_of(1, [{}], GroupShape(1, 2, ONE), scores=[[-1]], pinned=[(0, 0)]),
         "that pair is forbidden"),
        (groups_of(1, [{}], GroupShape(1, 2, ONE), barred=[(0, 0)], pinned=[(0, 0)]),
         "that pair is forbidden"),
        (groups_of(1, [{}, {}], GroupShape(1, 2, ONE), pinned=[(0, 0), (0, 1)]), "pinned twice"),
        (groups_of(1, [Leader("m", "other", 1)], GroupShape(1, 2, ONE), pinned=[(0, 0)]),
         "who leads no group"),
        (groups_of(3, [{}], GroupShape(1, 2, ONE), together=[(0, 1), (1, 2)], apart=[(0, 2)]),
         "must be together and apart"),
        (groups_of(1, [{}], GroupShape(1, 2, ONE), together=[(0, 1)]), "who is not there"),
        (groups_of(1, [{}], GroupShape(1, 2, ONE), wanted=-1), "-1 groups are wanted"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_by_name(asked, problem):
    with pytest.raises(InvalidInput) as refused:
        solve_groups(asked)
    assert problem in str(refused.value)


@pytest.mark.parametrize(("name", "groups"), [("tromso", 10), ("mcgill", 30), ("san-antonio", 20)])
def test_published_programs_are_within_half_a_percent_of_the_bound(name, groups):
    asked = published(name)
    result = solve_groups(asked)
    assert len(result.groups) == groups
    assert result.unplaced == []
    assert result.proven
    assert result.gap <= 0.005
    assert [one.difference for one in result.balance] == [1, 1]


def test_of_a_large_instance_few_pairs_are_looked_at_and_all_are_proven(monkeypatch):
    chance = np.random.default_rng(1)
    scores = chance.integers(0, 1_000_000, (60, 12))
    asked = groups_of(60, [{}] * 12, GroupShape(4, 5, ONE), scores=scores)
    whole = solve_groups(asked)
    for name, value in (("ALL_PAIRS", 0), ("EXACT_PAIRS", 0), ("FIRST", 2)):
        monkeypatch.setattr(search, name, value)
    assert solve_groups(asked).total == whole.total == whole.bound


def test_a_search_that_ran_out_of_time_is_as_if_it_had_not_been():
    asked = published("mcgill")
    first = solve_groups(asked, seconds=1e-9)
    assert first == solve_groups(asked, seconds=1e-9)
    assert len(first.unplaced) < 20
    assert first.total <= first.bound
