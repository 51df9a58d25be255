import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matching.engine import exact
from matching.engine.instance import Instance, InvalidInput, Procedure
from matching.engine.solving import solve
from tests.matching.engine.builders import as_matching, random_instance


def by_scipy(instance):
    """The optimum by SciPy's dense solver on single places: nothing shared with the engine."""
    places = np.repeat(np.arange(len(instance.mentors)), instance.capacity)
    weights = instance.scores.astype(np.int64)[:, places]
    bonus = (len(instance.students) + 1) * 1_000_001
    value = np.where(weights >= 0, weights + bonus, 0)
    padded = np.hstack([value, np.zeros((len(instance.students),) * 2, np.int64)])
    rows, columns = linear_sum_assignment(padded, maximize=True)
    gained = padded[rows, columns]
    placed = int((gained > 0).sum())
    return placed, int(gained.sum()) - placed * bonus


@pytest.mark.parametrize(
    ("students", "mentors", "density", "places", "levels"),
    [
        (185, 171, 1.0, (1, 2), 1_000_001),
        (300, 70, 0.5, (1, 6), 1_000_001),
        (300, 400, 0.05, (0, 1), 1_000_001),
        (400, 120, 0.9, (1, 4), 5),
        (500, 150, 1.0, (1, 3), 1),
    ],
    ids=["semmelweis", "groups", "few allowed", "few levels", "all equal"],
)
def test_larger_instances_agree_with_an_independent_solver(
    students, mentors, density, places, levels
):
    instance = random_instance(students, mentors, 7, density=density, places=places, levels=levels)
    result = solve(instance)
    as_matching(instance, result)
    assert (len(result.pairs), result.total) == by_scipy(instance)
    assert result.bound == result.total
    assert result.optimal


def test_everybody_wanting_the_same_few_mentors_is_still_proven():
    instance = random_instance(600, 200, 3, density=1.0, places=(1, 4))
    instance.scores[:, :] = np.linspace(0, 1_000_000, 200).astype(np.int32)
    result = solve(instance)
    assert result.optimal
    assert (len(result.pairs), result.total) == by_scipy(instance)


def test_a_restricted_start_is_completed_by_pricing(monkeypatch):
    monkeypatch.setattr(exact, "ALL_PAIRS_BELOW", 0)
    monkeypatch.setattr(exact, "FIRST_PAIRS", 2)
    for seed in range(10):
        instance = random_instance(60, 25, seed, density=0.6)
        result = solve(instance)
        assert (len(result.pairs), result.total) == by_scipy(instance)
        assert result.optimal


@pytest.mark.parametrize("procedure", Procedure)
def test_the_same_seed_gives_the_same_matching_and_another_seed_another(procedure):
    instance = random_instance(60, 20, 1, levels=2)
    first = solve(instance, procedure, seed=5)
    assert solve(instance, procedure, seed=5) == first
    assert solve(instance, procedure, seed=6).pairs != first.pairs


def test_random_deals_185_students_to_171_mentors_with_loads_one_apart():
    instance = random_instance(185, 171, 1, density=1.0, places=(2, 2))
    result = solve(instance, Procedure.RANDOM, seed=11)
    matching = as_matching(instance, result)
    loads = [matching.count(j) for j in range(171)]
    assert (loads.count(1), loads.count(2)) == (157, 14)


def test_random_spreads_each_stratum_over_the_mentors():
    instance = random_instance(44, 4, 1, density=1.0, places=(20, 20))
    strata = [f"class {i % 4}" for i in range(44)]
    balanced = Instance(**{**vars(instance), "strata": strata})
    matching = as_matching(balanced, solve(balanced, Procedure.RANDOM, seed=3))
    for stratum in set(strata):
        of = [j for i, j in enumerate(matching) if strata[i] == stratum]
        counts = [of.count(j) for j in range(4)]
        assert max(counts) - min(counts) <= 1
    assert [matching.count(j) for j in range(4)] == [11, 11, 11, 11]


def test_random_gives_every_pair_about_the_same_chance():
    instance = random_instance(4, 4, 1, density=1.0, places=(1, 1))
    seen = np.zeros((4, 4), int)
    for seed in range(400):
        for i, j in enumerate(as_matching(instance, solve(instance, Procedure.RANDOM, seed))):
            seen[i, j] += 1
    assert seen.min() > 65
    assert seen.max() < 135


def test_a_pin_on_a_forbidden_pair_is_refused():
    instance = Instance(["s"], ["m"], [1], np.array([[-1]], np.int32), pinned=[(0, 0)])
    with pytest.raises(InvalidInput, match="'s' is pinned to mentor 'm'"):
        solve(instance)


def test_more_pins_than_places_are_refused():
    scores = np.zeros((2, 1), np.int32)
    instance = Instance(["s1", "s2"], ["m"], [1], scores, pinned=[(0, 0), (1, 0)])
    with pytest.raises(InvalidInput, match="'m' has 1 places"):
        solve(instance)
