"""Intervals for shares, their differences and their ratios. Standard library alone."""

from __future__ import annotations

from math import exp, log, sqrt

from matching.trials.stats.results import Estimate, counts_checked, normal_quantile


def proportion(successes: int, n: int, level: float = 0.95) -> Estimate:
    """The share with Wilson's score interval, without continuity correction.

    Wilson (1927), *J. Am. Stat. Assoc.* 22, 209–212; method 3 of Newcombe (1998), *Statistics in
    Medicine* 17, 857–872. Never outside 0 to 1, never of no width.
    """
    counts_checked(successes, n)
    z = normal_quantile(level)
    center = 2 * successes + z * z
    spread = z * sqrt(z * z + 4 * successes * (n - successes) / n)
    whole = 2 * (n + z * z)
    # The ends are 0 and 1 exactly where nobody or everybody did; rounding would miss them.
    low = 0.0 if successes == 0 else (center - spread) / whole
    high = 1.0 if successes == n else (center + spread) / whole
    return Estimate(successes / n, low, high, "Wilson", level)


def difference(a: int, na: int, b: int, nb: int, level: float = 0.95) -> Estimate:
    """a/na − b/nb with Newcombe's hybrid score interval.

    Method 10 of Newcombe (1998), *Statistics in Medicine* 17, 873–890: the two Wilson intervals'
    distances from their shares, squared and added.
    """
    one, other = proportion(a, na, level), proportion(b, nb, level)
    value = one.value - other.value
    down = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    up = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    # It cannot leave −1 to 1, but for rounding.
    low, high = max(-1.0, value - down), min(1.0, value + up)
    return Estimate(value, low, high, "Newcombe hybrid score", level)


def risk_ratio(a: int, na: int, b: int, nb: int, level: float = 0.95) -> Estimate | None:
    """(a/na) ÷ (b/nb) with the interval from the normal approximation of its logarithm.

    Katz et al. (1978), *Biometrics* 34, 469–474. Where the logarithm or its standard error breaks
    down (nobody in one group, or everybody in both), a half is added to each of the four cells, in
    the estimate and in its interval, and ``method`` says so. With nobody in both groups there is no
    ratio: ``None``.
    """
    counts_checked(a, na)
    counts_checked(b, nb)
    z = normal_quantile(level)
    if a == b == 0:
        return None
    add = 0.5 if a == 0 or b == 0 or (a == na and b == nb) else 0.0
    x, nx, y, ny = a + add, na + 2 * add, b + add, nb + 2 * add
    ratio = (x / nx) / (y / ny)
    error = sqrt(1 / x - 1 / nx + 1 / y - 1 / ny)
    low, high = exp(log(ratio) - z * error), exp(log(ratio) + z * error)
    return Estimate(ratio, low, high, "log, ½ added to each cell" if add else "log", level)
