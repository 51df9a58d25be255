"""An endpoint of two values in the arms: shares, tests, contrasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matching.trials import stats
from matching.trials.data import Contrast, Record, TrialData
from matching.trials.stats.comparing import Counts

ESTABLISHED, MATCHED = "established", "matched"

Success = Callable[[Record], bool | None]
"""Whether somebody reached the endpoint; ``None`` leaves her out of the analysis."""


@dataclass(frozen=True, slots=True)
class ArmOutcome:
    """``successes`` of ``n``; ``unknown`` of them count as not reached, because nobody knows."""

    arm: str
    successes: int
    n: int
    unknown: int
    share: stats.Estimate | None


@dataclass(frozen=True, slots=True)
class ContrastOutcome:
    """Left against right. ``adjusted`` is p after Holm over the trial's contrasts; the last two
    hold strata fast, and are there when there is more than one.
    """

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    left_counts: Counts
    right_counts: Counts
    difference: stats.Estimate | None
    ratio: stats.Estimate | None
    test: stats.Test
    adjusted: float | None
    common_difference: stats.Estimate | None
    within_strata: stats.Test | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``population`` says who is counted; ``within_strata`` is the test of Cochran, Mantel and
    Haenszel, when there is more than one stratum.
    """

    endpoint: str
    population: str
    arms: tuple[ArmOutcome, ...]
    test: stats.Test
    within_strata: stats.Test | None
    contrasts: tuple[ContrastOutcome, ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """Counts by stratum and arm."""

    successes: Counter[tuple[tuple[str, ...], str]]
    people: Counter[tuple[tuple[str, ...], str]]
    strata: list[tuple[str, ...]]

    def of(self, arms: Sequence[str], stratum: tuple[str, ...] | None = None) -> Counts:
        strata = self.strata if stratum is None else [stratum]
        keys = [(one, arm) for one in strata for arm in arms]
        return sum(self.successes[key] for key in keys), sum(self.people[key] for key in keys)


def outcome(data: TrialData, endpoint: str, population: str, success: Success) -> Outcome:
    """Everything about one endpoint in one population."""
    counted = _count(data, success)
    unknown = _unknown(data, success) if endpoint == ESTABLISHED else Counter()
    by_stratum = [
        {arm: counted.of([arm], stratum) for arm in data.slugs} for stratum in counted.strata
    ]
    return Outcome(
        endpoint=endpoint,
        population=population,
        arms=tuple(_arm(arm, counted.of([arm]), unknown[arm], data.level) for arm in data.slugs),
        test=stats.compare_proportions({arm: counted.of([arm]) for arm in data.slugs}),
        within_strata=stats.cochran_mantel_haenszel(by_stratum) if len(by_stratum) > 1 else None,
        contrasts=_contrasts(data, counted),
    )


def _count(data: TrialData, success: Success) -> _Counted:
    successes: Counter[tuple[tuple[str, ...], str]] = Counter()
    people: Counter[tuple[tuple[str, ...], str]] = Counter()
    for record in data.records:
        reached = success(record)
        if record.arm is None or reached is None:
            continue
        people[record.stratum, record.arm] += 1
        successes[record.stratum, record.arm] += reached
    return _Counted(successes, people, sorted({stratum for stratum, _ in people}))


def _unknown(data: TrialData, success: Success) -> Counter[str | None]:
    """Of how many who are counted, by arm, nobody knows."""
    return Counter(
        record.arm
        for record in data.randomized
        if record.established is None and success(record) is not None
    )


def _arm(arm: str, counts: Counts, unknown: int, level: float) -> ArmOutcome:
    share = stats.proportion(*counts, level) if counts[1] else None
    return ArmOutcome(arm, *counts, unknown, share)


def _contrasts(data: TrialData, counted: _Counted) -> tuple[ContrastOutcome, ...]:
    planned = data.planned
    tests = [
        stats.compare_proportions({"left": counted.of(one.left), "right": counted.of(one.right)})
        for one in planned
    ]
    adjusted = stats.holm([test.p for test in tests])
    return tuple(
        _contrast(one, counted, test, p, data.level)
        for one, test, p in zip(planned, tests, adjusted, strict=True)
    )


def _contrast(
    contrast: Contrast,
    counted: _Counted,
    test: stats.Test,
    adjusted: float | None,
    level: float,
) -> ContrastOutcome:
    left, right = counted.of(contrast.left), counted.of(contrast.right)
    somebody = left[1] > 0 and right[1] > 0
    common, within = None, None
    if len(counted.strata) > 1:
        pairs = [
            (counted.of(contrast.left, stratum), counted.of(contrast.right, stratum))
            for stratum in counted.strata
        ]
        common = stats.common_difference(pairs, level)
        within = stats.cochran_mantel_haenszel([{"left": a, "right": b} for a, b in pairs])
    return ContrastOutcome(
        name=contrast.name,
        left=tuple(contrast.left),
        right=tuple(contrast.right),
        left_counts=left,
        right_counts=right,
        difference=stats.difference(*left, *right, level) if somebody else None,
        ratio=stats.risk_ratio(*left, *right, level) if somebody else None,
        test=test,
        adjusted=adjusted,
        common_difference=common,
        within_strata=within,
    )
