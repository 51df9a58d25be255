"""Which test is made, and that it is what SciPy and the books have."""

import numpy as np
import pytest
from scipy import stats

from matching.trials.stats import compare_proportions, holm, pairwise
from matching.trials.stats.comparing import freeman_halton

LMU = {"expert": (60, 63), "algorithm": (53, 64), "search": (52, 63)}


def test_chi_square_where_enough_is_expected():
    found = compare_proportions(LMU)
    known = stats.chi2_contingency([[60, 3], [53, 11], [52, 11]], correction=False)
    assert found.name == "chi-square test"
    assert found.df == (2,)
    assert found.statistic == pytest.approx(known.statistic)
    assert found.p == pytest.approx(known.pvalue)


def test_chi_square_as_published():
    """Agresti, Categorical Data Analysis: aspirin and heart attacks, X² = 25.01 with 1 df."""
    found = compare_proportions({"placebo": (189, 11_034), "aspirin": (104, 11_037)})
    assert round(found.statistic, 2) == 25.01


def test_five_expected_are_enough_and_less_is_not():
    assert compare_proportions({"a": (5, 10), "b": (5, 10)}).name == "chi-square test"
    assert compare_proportions({"a": (5, 10), "b": (4, 10)}).name == "Fisher's exact test"
    assert compare_proportions({"a": (5, 10), "b": (6, 10)}).name == "Fisher's exact test"


def test_fisher_as_published():
    """Fisher (1935): the lady tasting tea, three cups of four; two-sided 34/70."""
    assert compare_proportions({"milk": (3, 4), "tea": (1, 4)}).p == pytest.approx(34 / 70)


@pytest.mark.parametrize("table", [(0, 9, 4, 11), (2, 30, 5, 31), (7, 8, 1, 9), (3, 70, 0, 20)])
def test_fisher_as_scipy_has_it(table):
    a, na, b, nb = table
    found = compare_proportions({"a": (a, na), "b": (b, nb)})
    assert found.p == pytest.approx(stats.fisher_exact([[a, na - a], [b, nb - b]]).pvalue)


def test_the_exact_test_of_three_groups_as_all_permutations_have_it():
    """Every way to give three successes to eight people of three groups, counted one by one."""
    table = [[2, 0], [1, 2], [0, 3]]
    method = stats.PermutationMethod(n_resamples=np.inf)
    known = stats.fisher_exact(table, method=method).pvalue
    found = compare_proportions({"a": (2, 2), "b": (1, 3), "c": (0, 3)})
    assert found.name == "Fisher–Freeman–Halton exact test"
    assert found.p == pytest.approx(known)
    assert found.note == ""


def test_with_too_many_tables_it_draws_with_a_fixed_seed_and_says_so(monkeypatch):
    exact = freeman_halton([2, 1, 0, 4], [40, 70, 70, 60])
    monkeypatch.setattr("matching.trials.stats.comparing.MOST_TABLES", 10)
    drawn = freeman_halton([2, 1, 0, 4], [40, 70, 70, 60])
    assert drawn == freeman_halton([2, 1, 0, 4], [40, 70, 70, 60])
    assert drawn.p == pytest.approx(exact.p, abs=0.004)
    assert drawn.note == "estimated from 99,999 tables drawn by lot"


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"a": (3, 5), "b": (0, 0)}, "fewer than two groups"),
        ({}, "fewer than two groups"),
        ({"a": (5, 5), "b": (7, 7)}, "same for everybody"),
        ({"a": (0, 5), "b": (0, 7)}, "same for everybody"),
    ],
)
def test_where_no_test_can_be_made_it_says_why(groups, words):
    found = compare_proportions(groups)
    assert (found.name, found.p) == ("none", None)
    assert words in found.note


def test_holm_by_hand():
    """The smallest of four counts four times, the next three times, and none is below the last."""
    found = holm([0.01, 0.04, 0.03, 0.005])
    assert found == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.02, None, 0.6]) == pytest.approx([0.04, None, 0.6])
    assert holm([]) == []


def test_every_two_arms_are_compared_and_adjusted():
    found = pairwise(LMU)
    assert [(pair.left, pair.right) for pair in found] == [
        ("expert", "algorithm"),
        ("expert", "search"),
        ("algorithm", "search"),
    ]
    assert [pair.adjusted for pair in found] == holm([pair.test.p for pair in found])
