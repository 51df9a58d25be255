"""What holds for every allocation, and for every interval and test."""

from collections import Counter, defaultdict
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from matching.trials.allocation import Arm, Participant, allocate, deviations, next_for, sequence

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
