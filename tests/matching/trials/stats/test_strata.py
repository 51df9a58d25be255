"""Mantel–Haenszel, by published examples."""

import pytest

from matching.trials.stats import (
    cochran_mantel_haenszel,
    common_difference,
    compare_proportions,
    difference,
)

# Eight centers, drug against control: Agresti, Categorical Data Analysis (2013), pages 226–231.
CENTERS = [
    ((11, 36), (10, 37)),
    ((16, 20), (22, 32)),
    ((14, 19), (7, 19)),
    ((2, 16), (1, 17)),
    ((6, 17), (0, 12)),
    ((1, 11), (0, 10)),
    ((1, 5), (1, 9)),
    ((4, 6), (6, 7)),
]
# Admissions to six departments of Berkeley, men and women: in the documentation of R.
BERKELEY = [
    ((512, 825), (89, 108)),
    ((353, 560), (17, 25)),
    ((120, 325), (202, 593)),
    ((138, 417), (131, 375)),
    ((53, 191), (94, 393)),
    ((22, 373), (24, 341)),
]
# Thirteen trials of BCG vaccine, the data of the R package metafor, which has the variance of Sato.
BCG = [
    ((4, 123), (11, 139)),
    ((6, 306), (29, 303)),
    ((3, 231), (11, 220)),
    ((62, 13_598), (248, 12_867)),
    ((33, 5_069), (47, 5_808)),
    ((180, 1_541), (372, 1_451)),
    ((8, 2_545), (10, 629)),
    ((505, 88_391), (499, 88_391)),
    ((29, 7_499), (45, 7_277)),
    ((17, 1_716), (65, 1_665)),
    ((186, 50_634), (141, 27_338)),
    ((5, 2_498), (3, 2_341)),
    ((27, 16_913), (29, 17_854)),
]


def named(strata):
    return [{"one": one, "other": other} for one, other in strata]


def test_the_test_as_published():
    found = cochran_mantel_haenszel(named(CENTERS))
    assert (round(found.statistic, 2), found.df) == (6.38, (1,))
    assert round(found.p, 3) == 0.012
    found = cochran_mantel_haenszel(named(BERKELEY))
    assert (round(found.statistic, 4), round(found.p, 4)) == (1.5246, 0.2169)


def test_the_common_difference_as_published():
    found = common_difference(CENTERS)
    assert round(found.value, 3) == 0.130
    assert [round(x, 4) for x in (found.low, found.high)] == [0.0313, 0.2284]
    found = common_difference(BCG)
    assert [round(x, 4) for x in (found.value, found.low, found.high)] == [
        -0.0033,
        -0.0039,
        -0.0027,
    ]
    error = (found.high - found.low) / 2 / 1.959963985
    assert round(found.value / error, 4) == -11.4708


@pytest.mark.parametrize(
    "groups",
    [
        {"a": (60, 63), "b": (53, 64)},
        {"a": (60, 63), "b": (53, 64), "c": (52, 63)},
        {"a": (10, 30), "b": (12, 40), "c": (30, 50), "d": (20, 41)},
    ],
)
def test_of_one_stratum_it_is_chi_square_but_for_one_person(groups):
    n = sum(size for _, size in groups.values())
    one, plain = cochran_mantel_haenszel([groups]), compare_proportions(groups)
    assert one.statistic == pytest.approx(plain.statistic * (n - 1) / n)
    assert one.df == plain.df


def test_twice_the_same_stratum_says_the_same_and_more_surely():
    groups = {"a": (40, 60), "b": (30, 60), "c": (20, 60)}
    once, twice = cochran_mantel_haenszel([groups]), cochran_mantel_haenszel([groups] * 2)
    assert twice.statistic == pytest.approx(2 * once.statistic)
    one = common_difference([(groups["a"], groups["b"])])
    two = common_difference([(groups["a"], groups["b"])] * 2)
    assert two.value == pytest.approx(one.value) == pytest.approx(difference(40, 60, 30, 60).value)
    assert (one.high - one.low) == pytest.approx((two.high - two.low) * 2**0.5)


def test_a_stratum_in_which_nothing_varies_changes_no_test():
    more = [*named(CENTERS), {"one": (5, 5), "other": (6, 6)}, {"one": (1, 1)}, {}]
    whole, plain = cochran_mantel_haenszel(more), cochran_mantel_haenszel(named(CENTERS))
    assert whole.statistic == pytest.approx(plain.statistic)


def test_groups_that_never_meet_cost_a_degree_of_freedom():
    strata = [{"a": (4, 9), "b": (5, 8)}, {"c": (3, 9), "d": (7, 9)}]
    assert cochran_mantel_haenszel(strata).df == (2,)


def test_where_nothing_can_be_said_it_says_so():
    assert cochran_mantel_haenszel([{"a": (3, 5)}]).p is None
    assert cochran_mantel_haenszel([{"a": (5, 5), "b": (5, 5)}]).note == (
        "nothing varies within any stratum"
    )
    assert common_difference([((3, 5), (0, 0)), ((0, 0), (3, 5))]) is None
