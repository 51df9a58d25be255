"""Whether shares differ between groups: which test, and what many tests cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import comb, fsum, prod

from matching.trials.stats.results import Pair, Test, counts_checked

SMALLEST_EXPECTED = 5
"""Cochran's rule (1954), as it is taught: below that in any cell, the exact test."""
MOST_TABLES = 300_000
"""Up to so many tables the exact test goes through all of them; beyond, it draws."""
DRAWS, DRAWING_SEED = 99_999, 20_160_921

Counts = tuple[int, int]
"""Successes, and out of how many."""


def compare_proportions(groups: Mapping[str, Counts]) -> Test:
    """Whether the groups' shares differ at all; groups of nobody are left out.

    Pearson's chi-square without continuity correction where all expected counts are at least 5;
    else Fisher's exact test for two groups, and its extension by Freeman and Halton (1951),
    *Biometrika* 38, 141–149, for more: the probability, with all margins as they are, of tables
    that are no more probable than this one. It is summed over all of them; only where there may be
    more than 300,000 it is estimated from 99,999 tables drawn with a fixed seed (SciPy).
    """
    kept = {name: counts for name, counts in groups.items() if counts[1]}
    for counts in kept.values():
        counts_checked(*counts)
    if len(kept) < 2:
        return Test("none", None, note="fewer than two groups with anybody in them")
    successes = [counts[0] for counts in kept.values()]
    sizes = [counts[1] for counts in kept.values()]
    total, all_of_them = sum(successes), sum(sizes)
    fewer = min(total, all_of_them - total)
    if fewer == 0:
        return Test("none", None, note="the same for everybody: there is nothing to compare")
    if min(sizes) * fewer >= SMALLEST_EXPECTED * all_of_them:
        return _chi_square(successes, sizes)
    if len(kept) == 2:
        return _fisher(successes, sizes)
    return freeman_halton(successes, sizes)


def pairwise(groups: Mapping[str, Counts]) -> list[Pair]:
    """Every two groups against each other, p-values adjusted after Holm over all of these."""
    pairs = list(combinations(groups, 2))
    tests = [compare_proportions({name: groups[name] for name in pair}) for pair in pairs]
    adjusted = holm([test.p for test in tests])
    return [Pair(*pair, test, p) for pair, test, p in zip(pairs, tests, adjusted, strict=True)]


def holm(values: Sequence[float | None]) -> list[float | None]:
    """Holm's step-down adjustment (1979), *Scand. J. Statistics* 6, 65–70, in the order given.

    The family-wise error stays below the level whatever the tests depend on. Tests that could not
    be made (``None``) do not count.
    """
    made = sorted((p, index) for index, p in enumerate(values) if p is not None)
    adjusted: list[float | None] = [None] * len(values)
    highest = 0.0
    for rank, (p, index) in enumerate(made):
        highest = max(highest, min(1.0, (len(made) - rank) * p))
        adjusted[index] = highest
    return adjusted


def freeman_halton(successes: Sequence[int], sizes: Sequence[int]) -> Test:
    """The exact test of several groups, whatever was expected in them."""
    name = "Fisher–Freeman–Halton exact test"
    total = sum(successes)
    fewer = min(total, sum(sizes) - total)
    if prod(min(size, fewer) + 1 for size in sizes[:-1]) > MOST_TABLES:
        return _drawn(name, successes, sizes)
    # Whole numbers until the end: which tables are as probable as this one is not left to rounding.
    observed = prod(comb(n, k) for n, k in zip(sizes, successes, strict=True))
    ways = sum(number for number in _tables(sizes, total) if number <= observed)
    return Test(name, ways / comb(sum(sizes), total))


def _tables(sizes: Sequence[int], left: int, factor: int = 1) -> Iterator[int]:
    """In how many ways each table with these margins comes about."""
    size, rest = sizes[0], sizes[1:]
    if not rest:
        yield factor * comb(size, left)
        return
    for here in range(max(0, left - sum(rest)), min(size, left) + 1):
        yield from _tables(rest, left - here, factor * comb(size, here))


def _drawn(name: str, successes: Sequence[int], sizes: Sequence[int]) -> Test:
    import numpy as np  # noqa: PLC0415 - planning a trial needs no arrays
    from scipy import stats  # noqa: PLC0415 - see above

    table = np.array([[k, n - k] for k, n in zip(successes, sizes, strict=True)])
    method = stats.MonteCarloMethod(n_resamples=DRAWS, rng=np.random.default_rng(DRAWING_SEED))
    found = stats.fisher_exact(table, method=method)
    return Test(name, float(found.pvalue), note=f"estimated from {DRAWS:,} tables drawn by lot")


def _chi_square(successes: Sequence[int], sizes: Sequence[int]) -> Test:
    from scipy import stats  # noqa: PLC0415 - planning a trial needs no SciPy

    share = sum(successes) / sum(sizes)
    statistic = fsum(
        (k - n * share) ** 2 / (n * share * (1 - share))
        for k, n in zip(successes, sizes, strict=True)
    )
    df = len(sizes) - 1
    p = float(stats.chi2.sf(statistic, df))
    return Test("chi-square test", p, statistic, (df,), "without continuity correction")


def _fisher(successes: Sequence[int], sizes: Sequence[int]) -> Test:
    exact = freeman_halton(successes, sizes)
    return Test("Fisher's exact test", exact.p, note=exact.note)
