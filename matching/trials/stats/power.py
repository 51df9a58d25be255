"""What a trial of this size could find. Standard library alone, for the page of the design."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from statistics import NormalDist

MOST = 1_000_000
"""Nobody plans for more people in an arm."""


def power(n: int, p1: float, p2: float, alpha: float = 0.05, *, n2: int | None = None) -> float:
    """The chance that a two-sided test of two shares at ``alpha`` finds p1 against p2.

    Normal approximation with the pooled share under equality and the two shares under the
    difference, without continuity correction: Fleiss, Levin, Paik (2003), *Statistical Methods
    for Rates and Proportions*, chapter 4. ``n`` are in the first arm, ``n2`` (or as many) in the
    second.
    """
    other = n if n2 is None else n2
    if min(n, other) < 1 or not (0 <= p1 <= 1 and 0 <= p2 <= 1 and 0 < alpha < 1):
        raise ValueError("Power needs people in both arms, and shares between 0 and 1.")
    pooled = (n * p1 + other * p2) / (n + other)
    under_equality = sqrt(pooled * (1 - pooled) * (1 / n + 1 / other))
    under_difference = sqrt(p1 * (1 - p1) / n + p2 * (1 - p2) / other)
    critical = NormalDist().inv_cdf(1 - alpha / 2) * under_equality
    if under_difference == 0:
        return float(abs(p1 - p2) > critical)
    return NormalDist().cdf((abs(p1 - p2) - critical) / under_difference)


def detectable(
    n: int, p1: float, wanted: float = 0.8, alpha: float = 0.05, *, n2: int | None = None
) -> tuple[float | None, float | None]:
    """The shares nearest to p1, below and above it, that are found with at least that power.

    ``None`` where even 0 or 1 would not be.
    """

    def found(share: float) -> bool:
        return power(n, p1, share, alpha, n2=n2) >= wanted

    return _nearest(p1, 0.0, found), _nearest(p1, 1.0, found)


def needed(p1: float, p2: float, wanted: float = 0.8, alpha: float = 0.05) -> int | None:
    """How many people each of two equal arms needs; ``None`` for a million and more."""
    if p1 == p2 or power(MOST, p1, p2, alpha) < wanted:
        return None
    few, enough = 0, MOST
    while enough - few > 1:
        middle = (few + enough) // 2
        if power(middle, p1, p2, alpha) >= wanted:
            enough = middle
        else:
            few = middle
    return enough


def _nearest(near: float, far: float, found: Callable[[float], bool]) -> float | None:
    """Bisection between a share, which is not told from itself, and the end."""
    if not found(far):
        return None
    for _ in range(60):
        middle = (near + far) / 2
        if found(middle):
            far = middle
        else:
            near = middle
    return far
