"""Whether means differ between groups whose spreads may differ too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from matching.trials.stats.results import Estimate, Test

Groups = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Means:
    """The test of the means, and the one of ranks that leans on less."""

    test: Test
    ranks: Test


@dataclass(frozen=True, slots=True)
class _Group:
    n: int
    mean: float
    variance: float

    @property
    def squared_error(self) -> float:
        return self.variance / self.n


def mean(values: Sequence[float], level: float = 0.95) -> Estimate | None:
    """The mean with the interval of Student's t; ``None`` for fewer than two values."""
    if len(values) < 2:
        return None
    group = _group(values)
    return _interval(group.mean, sqrt(group.squared_error), group.n - 1, level, "Student's t")


def mean_difference(
    one: Sequence[float], other: Sequence[float], level: float = 0.95
) -> Estimate | None:
    """mean(one) − mean(other) with Welch's interval; ``None`` with fewer than two in a group.

    Degrees of freedom after Welch (1938, *Biometrika* 29, 350–362) and Satterthwaite (1946).
    """
    if min(len(one), len(other)) < 2:
        return None
    a, b = _group(one), _group(other)
    error = sqrt(a.squared_error + b.squared_error)
    return _interval(a.mean - b.mean, error, _welch_df(a, b), level, "Welch's t")


def compare_means(groups: Groups) -> Means:
    """Welch's t test for two groups and his analysis of variance for more; Kruskal–Wallis beside.

    Groups of fewer than two values are left out, and the note names them.
    """
    kept = {name: values for name, values in groups.items() if len(values) > 1}
    left_out = [name for name in groups if name not in kept]
    note = f"left out, with fewer than two values: {', '.join(left_out)}" if left_out else ""
    if len(kept) < 2:
        none = Test("none", None, note="fewer than two groups with two values each")
        return Means(none, none)
    made = [_group(values) for values in kept.values()]
    if all(group.variance == 0 for group in made):
        none = Test("none", None, note="no spread in any group")
        return Means(none, _kruskal_wallis(kept, note))
    if len(made) == 2:
        return Means(_welch_t(made[0], made[1], note), _kruskal_wallis(kept, note))
    return Means(_welch_anova(made, note), _kruskal_wallis(kept, note))


def _group(values: Sequence[float]) -> _Group:
    n = len(values)
    center = fsum(values) / n
    # A group of one value many times has no spread, also where its mean is rounded.
    flat = min(values) == max(values)
    variance = 0.0 if flat else fsum((value - center) ** 2 for value in values) / (n - 1)
    return _Group(n, values[0] if flat else center, variance)


def _welch_df(a: _Group, b: _Group) -> float:
    whole = a.squared_error + b.squared_error
    if whole == 0:
        return float(a.n + b.n - 2)
    shares = a.squared_error / whole, b.squared_error / whole
    return 1 / (shares[0] ** 2 / (a.n - 1) + shares[1] ** 2 / (b.n - 1))


def _interval(value: float, error: float, df: float, level: float, method: str) -> Estimate:
    from scipy import stats  # noqa: PLC0415 - planning a trial needs no SciPy

    reach = float(stats.t.ppf((1 + level) / 2, df)) * error
    return Estimate(value, value - reach, value + reach, method, level)


def _welch_t(a: _Group, b: _Group, note: str) -> Test:
    from scipy import stats  # noqa: PLC0415 - see _interval

    t = (a.mean - b.mean) / sqrt(a.squared_error + b.squared_error)
    df = _welch_df(a, b)
    return Test("Welch's t test", float(2 * stats.t.sf(abs(t), df)), t, (df,), note)


def _welch_anova(groups: Sequence[_Group], note: str) -> Test:
    """Welch (1951), *Biometrika* 38, 330–336: each group weighs n over its variance."""
    from scipy import stats  # noqa: PLC0415 - see _interval

    if any(group.variance == 0 for group in groups):
        return Test("none", None, note="a group without any spread has no weight in Welch's test")
    k = len(groups)
    weights = [1 / group.squared_error for group in groups]
    whole = fsum(weights)
    center = fsum(w * g.mean for w, g in zip(weights, groups, strict=True)) / whole
    between = fsum(w * (g.mean - center) ** 2 for w, g in zip(weights, groups, strict=True))
    lack = fsum((1 - w / whole) ** 2 / (g.n - 1) for w, g in zip(weights, groups, strict=True))
    f = (between / (k - 1)) / (1 + 2 * (k - 2) / (k * k - 1) * lack)
    df = (k - 1.0, (k * k - 1) / (3 * lack))
    return Test("Welch's analysis of variance", float(stats.f.sf(f, *df)), f, df, note)


def _kruskal_wallis(groups: Groups, note: str) -> Test:
    """Ranks with ties corrected, chi-square approximation (Kruskal and Wallis 1952)."""
    from scipy import stats  # noqa: PLC0415 - see _interval

    everything = [value for values in groups.values() for value in values]
    if min(everything) == max(everything):
        return Test("none", None, note="the same value everywhere")
    found = stats.kruskal(*groups.values())
    return Test(
        "Kruskal–Wallis test",
        float(found.pvalue),
        float(found.statistic),
        (len(groups) - 1.0,),
        note,
    )
