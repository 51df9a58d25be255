"""Equity of runs in rows and words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from matching.models import MatchRun
from matching.presenters_trial import points, share
from programs.presenters.labels import ATTRIBUTES


@dataclass(frozen=True)
class GroupRow:
    """A group of students and how it fared; ``few``: its people are too few to be told."""

    value: str
    few: bool
    n: int | None = None
    placed: str = ""
    difference: str = ""
    mean: str = ""
    score_difference: str = ""


@dataclass(frozen=True)
class EquityTable:
    """One attribute of a run. ``told``: there is something to compare."""

    attribute: str
    rows: list[GroupRow]
    told: bool


def tables(run: MatchRun) -> list[EquityTable]:
    """What the page of a run shows; nothing where the program does not look at it."""
    return [
        EquityTable(
            attribute=str(ATTRIBUTES[name]),
            rows=[_row(found, scored=not run.is_lot) for found in groups],
            told=len(groups) > 1 and not all(found.get("few") for found in groups),
        )
        for name, groups in run.result.get("equity", {}).items()
        if groups
    ]


def _row(found: Mapping[str, Any], *, scored: bool) -> GroupRow:
    value = found["value"] or _("not on record")
    if found.get("few"):
        return GroupRow(value, few=True)
    return GroupRow(
        value,
        few=False,
        n=found["n"],
        placed=share(found["share"]),
        difference=points(found["difference"]),
        mean=_mean(found) if scored else "",
        score_difference=_apart(found.get("score_difference")) if scored else "",
    )


def _mean(found: Mapping[str, Any]) -> str:
    if found.get("few_scores"):
        return _("too few to tell")
    return "–" if found["mean"] is None else f"{found['mean']:.1f}"


def _apart(found: Mapping[str, float] | None) -> str:
    """A difference of mean scores, which are points of a hundred already."""
    return points(found and {name: value / 100 for name, value in found.items()})


@dataclass(frozen=True)
class Spread:
    """Of the groups of one run: the lowest and the highest share placed, and mean score."""

    placed: str
    score: str


@dataclass(frozen=True)
class Comparison:
    """Runs by attributes, for the list of runs."""

    attributes: list[str]
    rows: list[tuple[MatchRun, list[tuple[str, Spread | None]]]]


def compared(runs: Iterable[MatchRun]) -> Comparison | None:
    """Runs that looked at equity, side by side; ``None`` where none did."""
    looked = [run for run in runs if run.result.get("equity")]
    names = [name for name in ATTRIBUTES if any(name in run.result["equity"] for run in looked)]
    if not names:
        return None
    words = [str(ATTRIBUTES[name]) for name in names]
    return Comparison(
        words,
        [
            (
                run,
                [
                    (word, _spread(run.result["equity"].get(name, []), scored=not run.is_lot))
                    for name, word in zip(names, words, strict=True)
                ],
            )
            for run in looked
        ],
    )


def _spread(groups: Sequence[Mapping[str, Any]], *, scored: bool) -> Spread | None:
    told = [found for found in groups if not found.get("few")]
    if len(told) < 2:
        return None
    means = [found["mean"] for found in told if found.get("mean") is not None]
    return Spread(
        placed=_ends([100 * found["share"]["value"] for found in told]),
        score=_ends(means) if scored and len(means) > 1 else "",
    )


def _ends(values: Sequence[float]) -> str:
    low, high = round(min(values)), round(max(values))
    return str(low) if low == high else f"{low}–{high}"
