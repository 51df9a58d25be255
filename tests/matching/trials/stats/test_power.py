"""What a trial of a size could find; figures from the documentation of R's power.prop.test."""

import pytest

from matching.trials.stats import detectable, needed, power


def test_power_as_published():
    assert round(power(50, 0.50, 0.75), 4) == 0.7402


def test_the_size_as_published():
    """76.65 in each group, so 77."""
    assert needed(0.50, 0.75, 0.90) == 77
    assert power(77, 0.50, 0.75) > 0.90 > power(76, 0.50, 0.75)


def test_a_trial_of_190_could_find_95_against_78_percent():
    low, high = detectable(63, 0.95)
    assert round(low, 3) == 0.781
    assert high is None
    assert power(63, 0.95, low) == pytest.approx(0.8)
    assert power(63, 0.95, 0.95) < 0.05


def test_one_arm_against_two_together_finds_smaller_differences():
    alone, together = detectable(63, 0.95)[0], detectable(63, 0.95, n2=127)[0]
    assert together > alone
    assert power(63, 0.95, 0.8, n2=127) == pytest.approx(power(127, 0.8, 0.95, n2=63))


def test_what_cannot_be_found_and_what_is_sure():
    assert detectable(2, 0.5) == (None, None)
    assert needed(0.5, 0.5) is None
    assert needed(0.5, 0.5001) is None
    assert power(10, 0, 1) == 1
    assert power(10, 1, 1) == 0


@pytest.mark.parametrize(("n", "p1"), [(0, 0.5), (10, 1.5), (10, -0.1)])
def test_the_impossible_is_refused(n, p1):
    with pytest.raises(ValueError, match="shares between 0 and 1"):
        power(n, p1, 0.5)
