"""Estimates with their intervals, and reliability."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, variance

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value from ``n`` people, with the 95 % interval; no interval where none can be given."""

    value: float
    n: int
    low: float | None = None
    high: float | None = None


def mean(values: Sequence[float], *, bounds: tuple[float, float] | None = None) -> Estimate:
    """The mean with Student's t interval, kept within the scale's ``bounds``."""
    n = len(values)
    if not n:
        raise ValueError("no values, no mean")
    center = fmean(values)
    if n == 1:
        return Estimate(center, n)
    from scipy.special import stdtrit  # noqa: PLC0415 (pages of other people go without it)

    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * sqrt(variance(values) / n)
    low, high = center - half, center + half
    if bounds:
        low, high = max(low, bounds[0]), min(high, bounds[1])
    return Estimate(center, n, low, high)


def proportion(hits: int, n: int) -> Estimate:
    """The share with the score interval (Wilson, JASA 1927, 22:209-212).

    It stays within 0 and 1 and is sound for small numbers, unlike the normal approximation.
    """
    if not 0 <= hits <= n or not n:
        raise ValueError(f"{hits} of {n} is no share")
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    share, square = hits / n, z * z / n
    center = (share + square / 2) / (1 + square)
    half = z / (1 + square) * sqrt(share * (1 - share) / n + square / (4 * n))
    low = 0.0 if hits == 0 else max(0.0, center - half)
    return Estimate(share, n, low, 1.0 if hits == n else min(1.0, center + half))


def alpha(rows: Sequence[Sequence[float]]) -> float | None:
    """Cronbach's alpha (1951) of complete rows; ``None`` where it is not defined."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    k = len(rows[0])
    total = variance([sum(row) for row in rows])
    if total == 0:
        return None
    parts: float = sum(variance(column) for column in zip(*rows, strict=True))
    return k / (k - 1) * (1 - parts / total)
