"""What a computation hands back."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval at ``level``; ``method`` says which, in one word or two."""

    value: float
    low: float
    high: float
    method: str = ""
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Test:
    """Which test it was and what it found; ``p`` is ``None`` where none could be made.

    ``df`` holds the degrees of freedom, two of them for an F test. ``note`` says why there is no p,
    or what the reader must know.
    """

    __test__ = False  # pytest: not a class of tests

    name: str
    p: float | None
    statistic: float | None = None
    df: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups compared; ``adjusted`` is the p-value after Holm, over all pairs of the family."""

    left: str
    right: str
    test: Test
    adjusted: float | None


def normal_quantile(level: float) -> float:
    """How many standard errors to each side make an interval of that level."""
    if not 0 < level < 1:
        raise ValueError(f"A level lies between 0 and 1, not {level}.")
    return NormalDist().inv_cdf((1 + level) / 2)


def counts_checked(successes: int, n: int) -> None:
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no proportion.")
