"""Satisfaction in the arms: those who answered, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.trials import stats
from matching.trials.data import TrialData
from matching.trials.subgroups import FEWEST


@dataclass(frozen=True, slots=True)
class ArmSatisfaction:
    """``rate`` is of all who were randomized to the arm. A mean of one to four answers is
    ``suppressed``: it would tell what somebody said.
    """

    arm: str
    randomized: int
    matched: int
    answered: int
    rate: stats.Estimate | None
    mean: stats.Estimate | None
    suppressed: bool


@dataclass(frozen=True, slots=True)
class ContrastSatisfaction:
    """Left minus right; nothing where an arm of either side is suppressed."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    difference: stats.Estimate | None
    test: stats.Test
    adjusted: float | None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Nothing is imputed. Who answers may depend on the arm, so these are comparisons of those who
    answered and not of those who were randomized: read them with the response rates.
    """

    arms: tuple[ArmSatisfaction, ...]
    test: stats.Test
    ranks: stats.Test
    contrasts: tuple[ContrastSatisfaction, ...]


def satisfaction(data: TrialData) -> Satisfaction:
    answers: dict[str, list[float]] = {arm: [] for arm in data.slugs}
    for record in data.randomized:
        if record.satisfaction is not None:
            answers[record.arm or ""].append(record.satisfaction)
    told = {arm: given for arm, given in answers.items() if len(given) >= FEWEST}
    compared = stats.compare_means(told)
    return Satisfaction(
        arms=tuple(_arm(data, arm, given) for arm, given in answers.items()),
        test=compared.test,
        ranks=compared.ranks,
        contrasts=_contrasts(data, told),
    )


def _arm(data: TrialData, arm: str, given: Sequence[float]) -> ArmSatisfaction:
    them = [record for record in data.randomized if record.arm == arm]
    few = 0 < len(given) < FEWEST
    return ArmSatisfaction(
        arm=arm,
        randomized=len(them),
        matched=sum(record.matched for record in them),
        answered=len(given),
        rate=stats.proportion(len(given), len(them), data.level) if them else None,
        mean=None if few else stats.mean(given, data.level),
        suppressed=few,
    )


def _contrasts(data: TrialData, told: dict[str, list[float]]) -> tuple[ContrastSatisfaction, ...]:
    sides = []
    for one in data.planned:
        whole = all(arm in told for arm in [*one.left, *one.right])
        sides.append(
            {
                name: [value for arm in arms for value in told[arm]] if whole else []
                for name, arms in (("left", one.left), ("right", one.right))
            }
        )
    tests = [stats.compare_means(side).test for side in sides]
    adjusted = stats.holm([test.p for test in tests])
    return tuple(
        ContrastSatisfaction(
            one.name,
            tuple(one.left),
            tuple(one.right),
            stats.mean_difference(side["left"], side["right"], data.level),
            test,
            p,
        )
        for one, side, test, p in zip(data.planned, sides, tests, adjusted, strict=True)
    )
