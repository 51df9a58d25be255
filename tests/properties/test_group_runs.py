"""Runs of programs with groups: what no run ever does, whoever takes part."""

from collections import Counter
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from matching.alike import kind_of
from matching.engine.teams import Candidate, Seat, possible
from matching.reasons import left_over, why_none
from matching.running import run
from tests.properties.group_cohorts import cohorts

procedures = st.sampled_from(["optimal", "random"])
seeds = st.integers(0, 3)


def ran(data, procedure, seed):
    return run(data, procedure, seed, lambda _done, _all: None)


def circles(data, found):
    """Each group: the group, the students who come, and those who were there."""
    by_id = {one["id"]: one for one in data["students"]}
    there = {one["mentorship"]: one["students"] for one in data["groups"]}
    return [
        (
            group,
            [by_id[p.student] for p in found.proposals if p.group == group.number],
            there.get(group.mentorship, []),
        )
        for group in found.groups
    ]


@given(cohorts(), procedures, seeds)
def test_no_group_is_mixed_nor_too_large(data, procedure, seed):
    (shape,) = data["shapes"]
    for _group, new, old in circles(data, ran(data, procedure, seed)):
        assert new
        assert len(new) + len(old) <= shape["most"]
        assert len({kind_of(one, shape["alike"]) for one in new + old}) <= 1 or not shape["alike"]
        years = {str(one["class_year"]) for one in new}
        assert years <= set(shape["per_class"]) or not shape["per_class"]
        for year, most in shape["per_class"].items():
            before = sum(str(one["class_year"]) == year for one in old)
            come = sum(str(one["class_year"]) == year for one in new)
            assert come <= max(0, most - before)


@given(cohorts(), procedures, seeds)
def test_rules_between_two_people_are_kept(data, procedure, seed):
    kinds = {}
    for student, mentor, kind in data["rules"]:
        kinds.setdefault(student, {})[mentor] = kind
    for group, new, _old in circles(data, ran(data, procedure, seed)):
        leaders = {who for who, _role in group.members}
        for one in new:
            hers = kinds.get(one["id"], {})
            here = {hers[who] for who in leaders if who in hers}
            if "pin" in hers.values() and "pin" in here:
                continue  # a pin outweighs every other rule
            assert not here & {"forbid", "former", "assesses"}
            assert "must" in here or "must" not in hers.values()


@given(cohorts(), procedures, seeds)
def test_groups_that_stand_keep_their_people(data, procedure, seed):
    found = ran(data, procedure, seed)
    there = {one["mentorship"]: one["members"] for one in data["groups"]}
    for group in found.groups:
        if group.mentorship is not None:
            assert [list(member) for member in group.members] == there[group.mentorship]
    assert Counter(p.student for p in found.proposals) == Counter(
        one["id"] for one in data["students"]
    )


@given(cohorts(), procedures, seeds)
def test_teams_are_complete_and_nobody_leads_more_than_she_can(data, procedure, seed):
    (shape,) = data["shapes"]
    room = {one["id"]: one["groups_left"] for one in data["mentors"]}
    person = {one["id"]: one["person"] for one in data["mentors"]}
    led = Counter()
    for group in ran(data, procedure, seed).groups:
        if group.mentorship is None:
            led.update(who for who, _role in group.members)
            roles = Counter(role for _who, role in group.members)
            for seat in shape["seats"]:
                assert seat["least"] <= roles[seat["role"]] <= seat["most"]
            assert len({person[who] for who, _role in group.members}) == len(group.members)
    assert all(number <= room[who] for who, number in led.items())


@given(cohorts(), procedures, seeds)
def test_nobody_leads_somebody_who_stands_above_her(data, procedure, seed):
    (shape,) = data["shapes"]
    person = {one["id"]: one["person"] for one in data["mentors"]}
    role = {one["id"]: one["role"] for one in data["mentors"]}
    above = {}
    for group, new, _old in circles(data, ran(data, procedure, seed)):
        for one in new:
            hers = [who for who, _role in group.members if person[who] == one["person"]]
            if hers:
                pinned = [s for s, _m, kind in data["rules"] if kind == "pin" and s == one["id"]]
                assert role[hers[0]] in shape["within"] or pinned
                continue
            above.setdefault(one["person"], set()).update(person[who] for who, _r in group.members)
    for start in above:
        reached, rims = set(), [start]
        while rims:
            new_ones = above.get(rims.pop(), set()) - reached
            reached |= new_ones
            rims += new_ones
        assert start not in reached


@given(cohorts(), procedures, seeds)
def test_whoever_is_left_over_is_told_why(data, procedure, seed):
    found = ran(data, procedure, seed)
    left = [one for one in found.proposals if one.mentor is None]
    for one in left:
        assert why_none(one.reasons[0])
        assert one.reasons[0]["code"] != "search_ended"
    assert sum(reason["left"] for reason in found.left_over) == len(left)
    assert all(left_over(reason) for reason in found.left_over)
    assert found.total <= found.bound


@given(cohorts(), procedures, seeds, st.randoms(use_true_random=False))
def test_the_order_of_people_never_matters(data, procedure, seed, chance):
    other = data | {
        name: chance.sample(data[name], len(data[name]))
        for name in ("students", "mentors", "groups", "rules")
    }
    assert _as_formed(ran(other, procedure, seed)) == _as_formed(ran(data, procedure, seed))


def _as_formed(found):
    return found.groups, sorted(found.proposals, key=lambda one: one.student), found.total


@given(cohorts(rules=False), st.sampled_from(["optimal", "random", "fair", "stable"]), seeds)
def test_nobody_is_left_over_whom_the_number_of_groups_could_take(data, procedure, seed):
    (shape,) = data["shapes"]
    found = ran(data, procedure, seed)
    assert found.placed == _most_placed(data, shape)


def _most_placed(data, shape):
    pool = {}
    for one in data["mentors"]:
        if one["groups_left"]:
            candidate = Candidate(one["id"], one["person"], one["groups_left"])
            pool.setdefault(one["role"], []).append(candidate)
    seats = [Seat(one["role"], one["least"], one["least"]) for one in shape["seats"]]
    number = possible(seats, pool)
    waiting = Counter(kind_of(one, shape["alike"]) for one in data["students"])
    if shape["per_class"]:
        years = Counter(str(one["class_year"]) for one in data["students"])
        places = {year: number * n for year, n in shape["per_class"].items()}
        return sum(min(n, places.get(year, 0)) for year, n in years.items())
    size = shape["most"]
    gains = [min(size, n - size * k) for n in waiting.values() for k in range(ceil(n / size))]
    return sum(sorted(gains, reverse=True)[:number])


@given(cohorts(rules=False), seeds)
def test_groups_are_within_their_size_where_the_numbers_allow(data, seed):
    (shape,) = data["shapes"]
    found = ran(data, "optimal", seed)
    waiting = Counter(kind_of(one, shape["alike"]) for one in data["students"])
    for _group, new, _old in circles(data, found):
        number = waiting[kind_of(new[0], shape["alike"])]
        needed = ceil(number / shape["most"])
        if not shape["per_class"] and not found.unmatched:
            assert len(new) >= min(shape["least"], number // needed)


@given(cohorts(rules=False), seeds)
def test_a_lot_makes_groups_of_even_size(data, seed):
    (shape,) = data["shapes"]
    found = ran(data, "random", seed)
    sizes = {}
    for _group, new, _old in circles(data, found):
        sizes.setdefault(kind_of(new[0], shape["alike"]), []).append(len(new))
    for numbers in sizes.values():
        assert shape["per_class"] or max(numbers) - min(numbers) <= 1


@given(cohorts(rules=False), procedures, seeds)
def test_nobody_leads_a_second_group_while_somebody_leads_none(data, procedure, seed):
    found = ran(data, procedure, seed)
    led = Counter(who for group in found.groups for who, _role in group.members)
    for role in {one["role"] for one in data["mentors"]}:
        able = [one for one in data["mentors"] if one["role"] == role and one["groups_left"]]
        if any(led[one["id"]] > 1 for one in able):
            assert all(led[one["id"]] for one in able)
