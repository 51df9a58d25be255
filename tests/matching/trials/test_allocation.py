"""Permuted blocks within strata: examples. What always holds is in tests/properties."""

import subprocess
import sys
from collections import Counter
from itertools import islice

import pytest

from matching.trials.allocation import (
    Allocation,
    Arm,
    InvalidTrial,
    Participant,
    allocate,
    deviations,
    next_for,
    sequence,
)

ARMS = [Arm("expert"), Arm("algorithm"), Arm("search")]
PEOPLE = [Participant(f"s{number:03}", ("year 1",)) for number in range(190)]
SEED = 5_190_165

LOADED = """
import matching.trials.allocation, matching.trials.stats, matching.trials.report, sys
matching.trials.stats.proportion(3, 7)
matching.trials.stats.power(63, .8, .95)
print(sorted({"numpy", "scipy", "django"} & set(sys.modules)))
"""


def test_190_students_are_63_or_64_in_each_of_three_arms():
    arms = Counter(one.arm for one in allocate(PEOPLE, ARMS, SEED))
    assert sorted(arms.values()) == [63, 63, 64]


def test_the_same_seed_gives_the_same_for_ever():
    """Pinned: a stored trial must be had again after every upgrade."""
    first = [one.arm for one in allocate(PEOPLE, ARMS, SEED)][:9]
    assert " ".join(first) == (
        "search expert expert search algorithm algorithm search algorithm expert"
    )
    assert [one.arm for one in allocate(PEOPLE, ARMS, SEED + 1)][:9] != first


def test_whoever_joins_later_takes_the_next_place_of_the_stratum():
    made = allocate(PEOPLE[:5], ARMS, SEED)
    later = next_for(Participant("late", ("year 1",)), made, ARMS, SEED)
    places = list(islice(sequence(("year 1",), ARMS, SEED), 6))
    assert (later.position, later.arm) == (6, places[5].arm)
    elsewhere = next_for(Participant("late", ("year 2",)), made, ARMS, SEED)
    assert (elsewhere.block, elsewhere.position) == (1, 1)


def test_a_place_stays_used_when_its_row_is_erased():
    made = allocate(PEOPLE[:5], ARMS, SEED)
    erased = [one for one in made if one.position != 2]
    assert next_for(Participant("late", ("year 1",)), erased, ARMS, SEED).position == 6


def test_weights_are_kept_in_every_block():
    arms = [Arm("expert", 1), Arm("algorithm", 2)]
    people = [Participant(str(number)) for number in range(600)]
    made = allocate(people, arms, SEED, [6])
    assert Counter(one.arm for one in made) == {"expert": 200, "algorithm": 400}
    assert {one.block for one in made} == set(range(1, 101))


def test_strata_whose_names_run_together_have_lists_of_their_own():
    one = [place.arm for place in islice(sequence(("a", "b"), ARMS, SEED), 60)]
    other = [place.arm for place in islice(sequence(("a,b",), ARMS, SEED), 60)]
    assert one != other


def test_an_audit_finds_what_was_changed_by_hand():
    made = allocate(PEOPLE, ARMS, SEED)
    assert deviations(made, ARMS, SEED) == []
    other = {"expert": "search", "search": "algorithm", "algorithm": "expert"}[made[3].arm]
    swapped = Allocation(made[3].id, other, made[3].stratum, made[3].block, made[3].position)
    assert deviations([*made[:3], swapped, *made[4:]], ARMS, SEED) == [made[3].id]


def test_an_audit_finds_a_place_that_was_given_twice():
    made = allocate(PEOPLE[:5], ARMS, SEED)
    twice = Allocation("x", made[0].arm, made[0].stratum, made[0].block, made[0].position)
    assert deviations([*made, twice], ARMS, SEED) == ["x"]
    nowhere = Allocation("y", made[0].arm, made[0].stratum, 1, 0)
    assert deviations([nowhere], ARMS, SEED) == ["y"]


@pytest.mark.parametrize(
    ("arms", "sizes", "people", "words"),
    [
        ([Arm("expert")], None, PEOPLE, "at least two arms"),
        ([Arm("expert"), Arm("expert")], None, PEOPLE, "arm expert is there twice"),
        ([Arm("expert"), Arm("search", 0)], None, PEOPLE, "from 1 on"),
        (ARMS, [4], PEOPLE, "multiples of 3"),
        (ARMS, [], PEOPLE, "multiples of 3"),
        (ARMS, [0], PEOPLE, "multiples of 3"),
        (ARMS, None, [PEOPLE[0], PEOPLE[0]], "participant s000 is there twice"),
    ],
)
def test_the_impossible_is_refused(arms, sizes, people, words):
    with pytest.raises(InvalidTrial, match=words):
        allocate(people, arms, SEED, sizes)


def test_nobody_is_allocated_twice():
    made = allocate(PEOPLE[:5], ARMS, SEED)
    with pytest.raises(InvalidTrial, match="twice"):
        next_for(PEOPLE[0], made, ARMS, SEED)


def test_importing_and_planning_load_neither_numpy_nor_scipy_nor_django():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
