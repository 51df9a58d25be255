"""The report of a trial: flow, endpoints by intention to treat, what that leans on.

As long as somebody's last day is not over, only the flow and who is in the arms are told: looking
at outcomes along the way and stopping when they please makes findings of chance (CONSORT 2010, item
7b), and would tell those who run the arms how they do.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from math import isfinite

from matching.trials.data import Record, TrialData, check
from matching.trials.flow import Flow, flow
from matching.trials.outcomes import ESTABLISHED, MATCHED, Outcome, outcome
from matching.trials.satisfaction import Satisfaction, satisfaction
from matching.trials.subgroups import Table, tables

DEFINITIONS = 1
"""Raised when a figure is defined anew, so that a stored report can say by which it was made."""

INTENTION, COMPLETE, PROTOCOL = "intention to treat", "complete cases", "per protocol"


@dataclass(frozen=True, slots=True)
class Analysis:
    """``established`` is the primary endpoint; ``sensitivity`` the same among complete cases and
    per protocol. What cannot be told yet is ``None``.
    """

    definitions: int
    as_of: date
    level: float
    final: bool
    flow: Flow
    established: Outcome | None
    sensitivity: tuple[Outcome, ...]
    matched: Outcome | None
    satisfaction: Satisfaction | None
    subgroups: tuple[Table, ...]


def analyse(data: TrialData) -> Analysis:
    """Every figure of the report; a function of the data alone."""
    check(data)
    told = data.final
    return Analysis(
        definitions=DEFINITIONS,
        as_of=data.as_of,
        level=data.level,
        final=told,
        flow=flow(data),
        established=outcome(data, ESTABLISHED, INTENTION, by_intention) if told else None,
        sensitivity=(
            outcome(data, ESTABLISHED, COMPLETE, among_complete_cases),
            outcome(data, ESTABLISHED, PROTOCOL, per_protocol),
        )
        if told
        else (),
        matched=outcome(data, MATCHED, INTENTION, was_matched) if told else None,
        satisfaction=satisfaction(data) if told and data.survey_closed else None,
        subgroups=tables(data),
    )


def by_intention(record: Record) -> bool:
    """Everyone counts in the arm she was given; of whom nobody knows, nothing was established."""
    return record.established is True


def among_complete_cases(record: Record) -> bool | None:
    """Only of whom it is known."""
    return record.established


def per_protocol(record: Record) -> bool | None:
    """Only who received the arm's procedure, as it was meant, and of whom it is known.

    Those who did are not those who were randomized: it shows what the first figure leans on, and
    proves nothing by itself.
    """
    return record.established if record.got_her_arm and record.deviation is None else None


def was_matched(record: Record) -> bool:
    return record.matched


def plain(value: object) -> object:
    """The same as JSON has it: objects, lists, numbers, texts; a day as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    raise TypeError(f"{value!r} has no place in a report.")
