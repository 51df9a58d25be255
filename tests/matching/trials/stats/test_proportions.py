"""Against the tables of the papers, and against SciPy where it has the method."""

import pytest
from scipy import stats

from matching.trials.stats import difference, proportion, risk_ratio

# Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3.
SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
# Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10.
TWO = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("successes", "n", "low", "high"), SINGLE)
def test_wilson_as_published(successes, n, low, high):
    found = proportion(successes, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.value == successes / n


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("successes", [0, 1, 17, 63])
def test_wilson_as_scipy_has_it(successes, level):
    found = proportion(successes, 63, level)
    known = stats.binomtest(successes, 63).proportion_ci(level, method="wilson")
    assert (found.low, found.high) == pytest.approx((known.low, known.high), abs=1e-12)


@pytest.mark.parametrize("line", TWO)
def test_newcombe_as_published(line):
    a, na, b, nb, low, high = line
    found = difference(a, na, b, nb)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.value == pytest.approx(a / na - b / nb)


@pytest.mark.parametrize(("a", "na", "b", "nb"), [(27, 122, 44, 487), (60, 63, 105, 127)])
def test_the_risk_ratio_as_scipy_has_it(a, na, b, nb):
    found = risk_ratio(a, na, b, nb)
    known = stats.contingency.relative_risk(a, na, b, nb)
    ends = known.confidence_interval(0.95)
    assert found.value == pytest.approx(known.relative_risk)
    assert (found.low, found.high) == pytest.approx((ends.low, ends.high))
    assert found.method == "log"


def test_the_risk_ratio_as_published():
    """Agresti, Categorical Data Analysis: the Physicians' Health Study, placebo over aspirin."""
    found = risk_ratio(189, 11_034, 104, 11_037)
    assert [round(x, 2) for x in (found.value, found.low, found.high)] == [1.82, 1.43, 2.31]


@pytest.mark.parametrize(("a", "b"), [(0, 4), (4, 0), (10, 10)])
def test_where_the_logarithm_breaks_down_a_half_is_added_and_said(a, b):
    found = risk_ratio(a, 10, b, 10)
    plain = risk_ratio(2 * a + 1, 22, 2 * b + 1, 22)
    assert found.value == pytest.approx(plain.value)
    assert 0 < found.low < found.value < found.high
    assert found.method == "log, ½ added to each cell"


def test_everybody_in_one_group_needs_nothing_added():
    assert risk_ratio(10, 10, 4, 10).method == "log"


def test_of_nobody_and_nobody_there_is_no_ratio():
    assert risk_ratio(0, 10, 0, 12) is None


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_proportion_is_refused(successes, n):
    with pytest.raises(ValueError, match="is no proportion"):
        proportion(successes, n)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_what_is_no_level_is_refused(level):
    with pytest.raises(ValueError, match="level"):
        proportion(1, 2, level)
