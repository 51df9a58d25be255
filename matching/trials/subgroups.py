"""Who was in the arms, and how they fared by what they had in common, without telling on anyone.

The trial's own arms are shown as they are: that is what people consented to. Within an arm, a
number that speaks of one to four people is suppressed, and so is what it could be worked out from,
as the arm's totals are known. Hundepool et al. (2012), *Statistical Disclosure Control*, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.trials.data import Record, TrialData

FEWEST = 5
"""Fewer than so many people are never told apart."""

STRATUM = "stratum"


@dataclass(frozen=True, slots=True)
class Cell:
    """``n`` of the arm, of whom ``established``; ``None``: suppressed, or not to be told yet."""

    arm: str
    n: int | None
    established: int | None
    suppressed: bool
    outcome_suppressed: bool


@dataclass(frozen=True, slots=True)
class Row:
    value: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One attribute. Descriptive: nothing is tested within subgroups."""

    attribute: str
    rows: tuple[Row, ...]


def tables(data: TrialData) -> tuple[Table, ...]:
    """One table for the strata, if there are several, and one for each attribute of the records."""
    names = sorted({name for record in data.randomized for name in record.subgroups})
    several = len({record.stratum for record in data.randomized}) > 1
    return tuple(_table(data, name) for name in ([STRATUM] if several else []) + names)


def _table(data: TrialData, attribute: str) -> Table:
    values = sorted({_value(record, attribute) for record in data.randomized})
    columns = [_column(data, attribute, arm, values) for arm in data.slugs]
    return Table(
        attribute,
        tuple(
            Row(value, tuple(column[index] for column in columns))
            for index, value in enumerate(values)
        ),
    )


def _column(data: TrialData, attribute: str, arm: str, values: Sequence[str]) -> list[Cell]:
    them = [record for record in data.randomized if record.arm == arm]
    parts = []
    for value in values:
        here = [record for record in them if _value(record, attribute) == value]
        reached = sum(record.established is True for record in here)
        parts.append((reached, len(here) - reached))
    few = hidden([(sum(part),) for part in parts])
    untold = hidden(parts, few) if data.final else few
    return [
        Cell(
            arm=arm,
            n=None if index in few else sum(part),
            established=None if index in untold or not data.final else part[0],
            suppressed=index in few,
            outcome_suppressed=index in untold,
        )
        for index, part in enumerate(parts)
    ]


def hidden(parts: Sequence[tuple[int, ...]], start: frozenset[int] = frozenset()) -> frozenset[int]:
    """The rows of a column that are kept back, when the sum of each of its parts is known.

    All with a part of one to four, and then the smallest others until at least two are hidden and
    what they hide together is, part by part, nobody or at least five, or nothing is left to hide.
    """
    few = {index for index, part in enumerate(parts) if any(0 < n < FEWEST for n in part)}
    found = few | start
    others = sorted(
        (index for index, part in enumerate(parts) if index not in found and any(part)),
        key=lambda index: (sum(parts[index]), index),
    )
    while found and others and not _safe([parts[index] for index in found]):
        found.add(others.pop(0))
    return frozenset(found)


def _safe(kept: Sequence[tuple[int, ...]]) -> bool:
    sums = [sum(column) for column in zip(*kept, strict=True)]
    return len(kept) > 1 and not any(0 < n < FEWEST for n in sums)


def _value(record: Record, attribute: str) -> str:
    if attribute == STRATUM:
        return " · ".join(record.stratum)
    return record.subgroups.get(attribute, "")
