"""What holds for every allocation, and for every interval and test."""

from collections import Counter, defaultdict
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.trials.allocation import Arm, Participant, allocate, deviations, next_for, sequence
from matching.trials.stats import (
    cochran_mantel_haenszel,
    common_difference,
    compare_proportions,
    detectable,
    difference,
    holm,
    power,
    proportion,
    risk_ratio,
)
from matching.trials.subgroups import FEWEST, hidden

SEEDS = st.integers(0, 2**63 - 1)
STRATA = st.sampled_from([(), ("year 1",), ("year 2",), ("year 1", "Szeged"), ("year 1,Szeged",)])
IDS = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=60)


@st.composite
def arms_and_sizes(draw):
    weights = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    arms = [Arm(f"arm-{number}", weight) for number, weight in enumerate(weights)]
    multiples = draw(st.none() | st.lists(st.integers(1, 4), min_size=1, max_size=3))
    return arms, multiples and [sum(weights) * multiple for multiple in multiples]


@st.composite
def people(draw):
    return [Participant(name, draw(STRATA)) for name in draw(IDS)]


@given(arms_and_sizes(), SEEDS, STRATA)
def test_every_complete_block_has_the_weights(trial, seed, stratum):
    arms, sizes = trial
    blocks = defaultdict(list)
    for place in islice(sequence(stratum, arms, seed, sizes), 120):
        blocks[place.block].append(place)
    whole = sum(arm.weight for arm in arms)
    for places in list(blocks.values())[:-1]:
        size = places[0].size
        assert len(places) == size
        assert size in (sizes or [whole, 2 * whole])
        found = Counter(place.arm for place in places)
        assert found == {arm.slug: arm.weight * size // whole for arm in arms}


@given(arms_and_sizes(), SEEDS, people())
def test_no_stratum_is_further_out_of_balance_than_half_the_largest_block(trial, seed, them):
    arms, sizes = trial
    whole = sum(arm.weight for arm in arms)
    largest = max(sizes or [2 * whole])
    counts = defaultdict(Counter)
    for one in allocate(them, arms, seed, sizes):
        counts[one.stratum][one.arm] += 1
    for found in counts.values():
        for arm in arms:
            expected = found.total() * arm.weight / whole
            # What a block can be off by: all places of the arm, or all others, come first.
            assert abs(found[arm.slug] - expected) <= largest / 4
        if len({arm.weight for arm in arms}) == 1:
            numbers = [found[arm.slug] for arm in arms]
            assert max(numbers) - min(numbers) <= largest / len(arms) <= largest / 2


@given(arms_and_sizes(), SEEDS, people(), st.randoms())
def test_neither_the_order_of_people_nor_of_arms_matters(trial, seed, them, chance):
    arms, sizes = trial
    made = allocate(them, arms, seed, sizes)
    chance.shuffle(them)
    chance.shuffle(arms)
    assert allocate(them, arms, seed, sizes) == made
    assert sorted(one.id for one in made) == sorted(one.id for one in them)


@given(arms_and_sizes(), SEEDS, people(), st.data())
def test_who_joins_later_changes_nothing_and_goes_on(trial, seed, them, data):
    arms, sizes = trial
    cut = data.draw(st.integers(0, len(them)))
    first = allocate(them[:cut], arms, seed, sizes)
    together = first + allocate(them[cut:], arms, seed, sizes, sofar=first)
    one_by_one = list(first)
    for person in them[cut:]:
        one_by_one.append(next_for(person, one_by_one, arms, seed, sizes))
    for made in (together, one_by_one):
        assert made[:cut] == first
        assert deviations(made, arms, seed, sizes) == []
        per_stratum = defaultdict(list)
        for one in made:
            per_stratum[one.stratum].append(one.position)
        for positions in per_stratum.values():
            assert positions == list(range(1, len(positions) + 1))


def test_the_last_of_a_block_is_not_given_away():
    """Both sizes occur, and after two different arms of three the third does not always follow."""
    arms = [Arm("a"), Arm("b"), Arm("c")]
    sizes, thirds = Counter(), Counter()
    for seed in range(300):
        places = list(islice(sequence((), arms, seed), 3))
        sizes[places[0].size] += 1
        if places[0].arm != places[1].arm:
            missing = {"a", "b", "c"} - {places[0].arm, places[1].arm}
            thirds[places[2].arm in missing] += 1
    assert min(sizes[3], sizes[6]) > 100
    assert min(thirds[True], thirds[False]) > 30


def test_every_arm_is_as_likely_at_every_place():
    """Chi-square over 3,000 seeds, per place: a lot that leans would be far out."""
    arms = [Arm("a"), Arm("b"), Arm("c")]
    counts = [Counter() for _ in range(6)]
    for seed in range(3000):
        for place in islice(sequence((), arms, seed), 6):
            counts[place.position - 1][place.arm] += 1
    for count in counts:
        assert sum((number - 1000) ** 2 / 1000 for number in count.values()) < 20


COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@given(COUNTS, LEVELS)
def test_an_interval_holds_its_share_and_mirrors_it(counts, level):
    successes, n = counts
    found, mirror = proportion(successes, n, level), proportion(n - successes, n, level)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high
    assert (found.low, found.high) == pytest.approx((1 - mirror.high, 1 - mirror.low))


@given(COUNTS, COUNTS, LEVELS)
def test_a_difference_turned_around_changes_its_sign(one, other, level):
    found, back = difference(*one, *other, level), difference(*other, *one, level)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((-back.high, -back.low))


@given(COUNTS, COUNTS)
def test_a_ratio_turned_around_is_one_over_it(one, other):
    found, back = risk_ratio(*one, *other), risk_ratio(*other, *one)
    if found is None:
        assert one[0] == other[0] == 0
        return
    assert 0 < found.low <= found.value <= found.high
    assert (found.low, found.high) == pytest.approx((1 / back.high, 1 / back.low))


@given(st.lists(COUNTS, min_size=2, max_size=4), st.randoms())
def test_a_test_of_shares_knows_no_order_and_no_side(groups, chance):
    names = [f"arm-{number}" for number in range(len(groups))]
    found = compare_proportions(dict(zip(names, groups, strict=True)))
    turned = compare_proportions({a: (n - k, n) for a, (k, n) in zip(names, groups, strict=True)})
    chance.shuffle(groups)
    shuffled = compare_proportions(dict(zip(names, groups, strict=True)))
    assert found.name == turned.name == shuffled.name
    if found.p is None:
        assert len({k / n for k, n in groups}) == 1
        return
    assert 0 <= found.p <= 1
    assert found.p == pytest.approx(turned.p) == pytest.approx(shuffled.p)


@given(st.lists(st.none() | st.floats(0, 1), max_size=8))
def test_holm_never_makes_smaller_nor_changes_the_order(values):
    adjusted = holm(values)
    made = sorted((p, q) for p, q in zip(values, adjusted, strict=True) if p is not None)
    assert [value is None for value in values] == [value is None for value in adjusted]
    assert all(p <= q <= 1 for p, q in made)
    assert [q for _, q in made] == sorted(q for _, q in made)
    if made:
        assert made[0][1] == min(1, len(made) * made[0][0])


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=5), st.randoms())
def test_a_common_difference_lies_among_those_it_sums_up(strata, chance):
    found = common_difference(strata)
    differences = [a / na - b / nb for (a, na), (b, nb) in strata]
    assert min(differences) - 1e-9 <= found.value <= max(differences) + 1e-9
    assert found.low <= found.value <= found.high
    test = cochran_mantel_haenszel([{"a": a, "b": b} for a, b in strata])
    chance.shuffle(strata)
    other = cochran_mantel_haenszel([{"b": a, "a": b} for a, b in strata])
    assert test.df == other.df
    if test.p is not None:
        assert test.p == pytest.approx(other.p, abs=1e-9)


@given(st.integers(5, 500), st.floats(0.01, 0.99), st.integers(5, 500))
def test_what_can_be_found_is_found_and_nothing_nearer_is(n, p1, n2):
    for share, nearer in zip(detectable(n, p1, n2=n2), (1e-3, -1e-3), strict=True):
        if share is not None:
            assert power(n, p1, share, n2=n2) >= 0.8
            assert power(n, p1, share + nearer, n2=n2) < 0.8


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=6))
def test_no_few_are_told_of_nor_can_they_be_worked_out(parts):
    """Of a column whose totals are known: sizes first, then how they fared."""
    few = hidden([(sum(part),) for part in parts])
    untold = hidden(parts, few)
    assert few <= untold
    for kept, told in ((few, [(sum(part),) for part in parts]), (untold, parts)):
        for index, part in enumerate(told):
            if index not in kept:
                assert not any(0 < n < FEWEST for n in part)
        somebody = {index for index, part in enumerate(told) if any(part)}
        if kept and not kept >= somebody:
            assert len(kept) > 1
            sums = [sum(column) for column in zip(*(told[index] for index in kept), strict=True)]
            assert not any(0 < n < FEWEST for n in sums)
