"""Scoring of answers and the statistics of a report: pure functions that know no Django."""

from evaluation.surveys.scoring.scales import Item, Scale, favorable, score, value
from evaluation.surveys.scoring.statistics import Estimate, alpha, mean, proportion

__all__ = [
    "Estimate",
    "Item",
    "Scale",
    "alpha",
    "favorable",
    "mean",
    "proportion",
    "score",
    "value",
]
