"""The quick looks at many pairs find what slow ones find."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.arrays import LARGEST_WHOLE, Parts
from matching.engine.beyond import beyond, most_beyond
from matching.engine.greatest import greatest
from matching.engine.instance import MICRO
from matching.engine.problem import Problem

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(1, 12), st.integers(1, 40), st.sampled_from([30, 300, 1200]))
def test_the_greatest_of_a_row_are_those_that_sorting_finds(seed, rows, count, columns):
    chance = np.random.default_rng(seed)
    steps = int(chance.integers(1, 5000))  # few steps: many values alike
    values = chance.integers(0, steps, (rows, columns)).astype(np.float32)
    values[chance.random(values.shape) < chance.random()] = -np.inf

    found = greatest(values, count)

    assert found.shape == (rows, min(count, columns))
    assert all(len(set(row)) == len(row) for row in found.tolist())
    best = np.sort(np.take_along_axis(values, found, axis=1), axis=1)
    assert np.array_equal(best, np.sort(values, axis=1)[:, -best.shape[1] :])


@given(seeds, st.integers(1, 9), st.integers(1, 9), st.sampled_from([np.int32, np.int64]))
def test_the_most_beyond_prices_is_exact_whatever_the_prices(seed, rows, columns, kind):
    chance = np.random.default_rng(seed)
    top = int(chance.choice([2, 1_000_000, np.iinfo(np.int32).max // 2 - 1]))
    weights = chance.integers(-1, top, (rows, columns), dtype=kind)
    weights[chance.random(weights.shape) < chance.random()] = -1
    dearest = int(chance.choice([1, 1_000_000, 2**31, 2**45]))
    prices = chance.integers(0, dearest, columns)
    bonus = int(chance.choice([0, 1_000_000, 2**44]))
    problem = Problem(weights, np.ones(columns, np.int64), bonus)

    slowly = beyond(problem, prices, np.arange(rows)).max(axis=1)

    assert np.array_equal(most_beyond(problem, prices), slowly)


@pytest.mark.parametrize("columns", [300, 5000])
def test_of_many_alike_any_will_do(columns):
    found = greatest(np.zeros((3, columns), np.float32), 20)

    assert all(len(set(row)) == 20 for row in found.tolist())


@given(st.integers(0, MICRO))
def test_points_are_whole_shares_rounded_down_whatever_the_parts(share):
    wholes = np.arange(1, LARGEST_WHOLE + 1)
    parts = np.arange(LARGEST_WHOLE + 5, dtype=np.uint8)
    counts = np.broadcast_to(parts, (len(wholes), len(parts)))

    points = Parts(lambda some: counts[some], wholes).points(share, None)(slice(None))

    asked = np.minimum(parts, wholes[:, None]).astype(np.int64)
    assert np.array_equal(points, share * asked // wholes[:, None])


def test_a_criterion_of_too_many_parts_is_refused():
    with pytest.raises(ValueError, match="more than 31 parts"):
        Parts(lambda some: np.zeros((1, 1), np.uint8), np.array([32])).points(1, None)
