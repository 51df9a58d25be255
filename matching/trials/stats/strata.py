"""Shares compared within strata, and what that says together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, sqrt

from matching.trials.stats.comparing import Counts
from matching.trials.stats.results import Estimate, Test, counts_checked, normal_quantile

Stratum = Mapping[str, Counts]
"""The counts of each group within one stratum; a group of nobody may be missing or (0, 0)."""

ROUNDING = 1e-9
"""A direction of so small a share of the spread is none, but what rounding left of it."""


def cochran_mantel_haenszel(strata: Sequence[Stratum]) -> Test:
    """Whether shares differ between groups once strata are held fast, in one direction overall.

    Mantel and Haenszel (1959), *J. Natl. Cancer Inst.* 22, 719–748, without continuity correction;
    for more than two groups the general association of Landis, Heyman, Koch (1978). A stratum in
    which nothing varies adds nothing.
    """
    import numpy as np  # noqa: PLC0415 - planning a trial needs no arrays
    from scipy import stats  # noqa: PLC0415 - see above

    names = sorted({name for stratum in strata for name, (_, n) in stratum.items() if n})
    if len(names) < 2:
        return Test("none", None, note="fewer than two groups with anybody in them")
    surplus, covariance = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for stratum in strata:
        counts = np.array([stratum.get(name, (0, 0)) for name in names], dtype=float)
        k, n = counts[:, 0], counts[:, 1]
        whole, total = n.sum(), k.sum()
        if whole < 2:
            continue
        surplus += k - n * total / whole
        spread = total * (whole - total) / (whole * whole * (whole - 1))
        covariance += spread * (whole * np.diag(n) - np.outer(n, n))
    # The surpluses add up to nothing, so the matrix has one rank less, or less still where groups
    # never meet in a stratum that varies.
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True, rtol=ROUNDING))
    if rank == 0:
        return Test("none", None, note="nothing varies within any stratum")
    inverse = np.linalg.pinv(covariance, hermitian=True, rtol=ROUNDING)
    statistic = float(surplus @ inverse @ surplus)
    return Test(
        "Cochran–Mantel–Haenszel test", float(stats.chi2.sf(statistic, rank)), statistic, (rank,)
    )


def common_difference(
    strata: Sequence[tuple[Counts, Counts]], level: float = 0.95
) -> Estimate | None:
    """One difference of shares for all strata, each of (one, other) weighing n₁n₂/(n₁+n₂).

    The weights of Mantel and Haenszel; the variance of Sato, Greenland and Robins, in Sato (1989),
    *Biometrics* 45, 1323–1324, which holds for few large strata and for many small ones. ``None``
    where the two never meet in a stratum.
    """
    weights, differences, along, across = [], [], [], []
    for (a, na), (b, nb) in strata:
        if not na or not nb:
            continue
        counts_checked(a, na)
        counts_checked(b, nb)
        n = na + nb
        weights.append(na * nb / n)
        differences.append((a * nb - b * na) / n)
        along.append((na * na * b - nb * nb * a + na * nb * (nb - na) / 2) / (n * n))
        across.append((a * (nb - b) + b * (na - a)) / (2 * n))
    if not weights:
        return None
    whole = fsum(weights)
    value = fsum(differences) / whole
    variance = max(0.0, value * fsum(along) + fsum(across)) / (whole * whole)
    reach = normal_quantile(level) * sqrt(variance)
    low, high = max(-1.0, value - reach), min(1.0, value + reach)
    return Estimate(value, low, high, "Mantel–Haenszel, Sato", level)
