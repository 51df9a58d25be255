"""Welch, by published examples and by SciPy."""

import pytest
from scipy import stats

from matching.trials.stats import compare_means, mean, mean_difference

# Student's sleep data, as in the documentation of R's t.test.
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
# Exam scores after three techniques, a worked example of R's oneway.test.
EXAMS = {
    "A": [64, 66, 68, 75, 78, 94, 98, 79, 71, 80],
    "B": [91, 92, 93, 85, 87, 84, 82, 88, 95, 96],
    "C": [79, 78, 88, 94, 92, 85, 83, 85, 82, 81],
}


def test_welch_t_as_published():
    found = compare_means({"1": DRUG_1, "2": DRUG_2}).test
    assert found.name == "Welch's t test"
    assert round(found.statistic, 4) == -1.8608
    assert round(found.df[0], 3) == 17.776
    assert round(found.p, 5) == 0.07939


def test_the_difference_of_means_as_published():
    found = mean_difference(DRUG_1, DRUG_2)
    assert [round(x, 7) for x in (found.low, found.high)] == [-3.3654832, 0.2054832]
    assert found.value == pytest.approx(-1.58)


def test_welch_analysis_of_variance_as_published():
    found = compare_means(EXAMS).test
    assert found.name == "Welch's analysis of variance"
    assert round(found.statistic, 4) == 5.3492
    assert (found.df[0], round(found.df[1], 2)) == (2, 16.83)
    assert round(found.p, 5) == 0.01591


def test_both_as_scipy_has_them():
    known = stats.f_oneway(*EXAMS.values(), equal_var=False)
    found = compare_means(EXAMS)
    assert (found.test.statistic, found.test.p) == pytest.approx((known.statistic, known.pvalue))
    ranks = stats.kruskal(*EXAMS.values())
    assert (found.ranks.statistic, found.ranks.p) == pytest.approx((ranks.statistic, ranks.pvalue))
    two = stats.ttest_ind(EXAMS["A"], EXAMS["C"], equal_var=False)
    ends = two.confidence_interval(0.9)
    difference = mean_difference(EXAMS["A"], EXAMS["C"], 0.9)
    assert (difference.low, difference.high) == pytest.approx((ends.low, ends.high))


def test_a_mean_as_scipy_has_it():
    found = mean(DRUG_1)
    known = stats.t.interval(0.95, 9, loc=found.value, scale=stats.sem(DRUG_1))
    assert (found.low, found.high) == pytest.approx(known)
    assert mean([3.0]) is None
    assert mean_difference([3.0], DRUG_1) is None


def test_a_group_of_one_is_left_out_and_named():
    found = compare_means({"A": EXAMS["A"], "B": EXAMS["B"], "C": [80]})
    assert found.test.name == "Welch's t test"
    assert found.test.note == "left out, with fewer than two values: C"
    assert compare_means({"A": EXAMS["A"], "C": [80]}).test.p is None


def test_without_spread_there_is_no_test_of_means():
    flat = compare_means({"A": [0.1] * 3, "B": [0.2] * 3})
    assert (flat.test.p, flat.test.note) == (None, "no spread in any group")
    assert flat.ranks.p == pytest.approx(stats.kruskal([1] * 3, [2] * 3).pvalue)
    same = compare_means({"A": [0.1] * 3, "B": [0.1] * 3})
    assert (same.ranks.p, same.ranks.note) == (None, "the same value everywhere")
    one_flat = compare_means({**EXAMS, "D": [80, 80, 80]})
    assert one_flat.test.p is None
    assert "no weight" in one_flat.test.note
    assert mean_difference([4.0] * 3, [4.0] * 5).low == 0
