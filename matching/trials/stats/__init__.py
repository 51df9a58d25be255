"""Intervals, tests and power, each from a named source, as few as a trial's report needs.

Intervals of proportions and power need the standard library alone. What needs a distribution of
SciPy's imports it when called.
"""

from matching.trials.stats.comparing import compare_proportions, holm, pairwise
from matching.trials.stats.means import compare_means, mean, mean_difference
from matching.trials.stats.power import detectable, needed, power
from matching.trials.stats.proportions import difference, proportion, risk_ratio
from matching.trials.stats.results import Estimate, Pair, Test
from matching.trials.stats.strata import cochran_mantel_haenszel, common_difference

__all__ = [
    "Estimate",
    "Pair",
    "Test",
    "cochran_mantel_haenszel",
    "common_difference",
    "compare_means",
    "compare_proportions",
    "detectable",
    "difference",
    "holm",
    "mean",
    "mean_difference",
    "needed",
    "pairwise",
    "power",
    "proportion",
    "risk_ratio",
]
