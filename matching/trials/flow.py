"""The flow of participants, with the numbers of CONSORT's diagram (2010: item 13; 2025: 22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from matching.trials.data import DECLINED, Record, TrialData


@dataclass(frozen=True, slots=True)
class Reason:
    """``words`` is "" where no reason was given."""

    words: str
    n: int


@dataclass(frozen=True, slots=True)
class ArmFlow:
    """``received`` and ``not_received`` sum to ``allocated``, unless ``awaiting`` their procedure;
    ``known``, ``lost`` and ``pending`` sum to it too. Everybody allocated is ``analyzed``.
    """

    arm: str
    allocated: int
    received: int
    not_received: int
    not_received_reasons: tuple[Reason, ...]
    crossed: int
    awaiting: int
    deviated: int
    deviation_reasons: tuple[Reason, ...]
    withdrawn: int
    withdrawn_reasons: tuple[Reason, ...]
    known: int
    pending: int
    lost: int
    lost_reasons: tuple[Reason, ...]
    analyzed: int


@dataclass(frozen=True, slots=True)
class Flow:
    """``assessed`` is the sum of ``excluded``, ``waiting`` and ``randomized``."""

    assessed: int
    excluded: int
    excluded_reasons: tuple[Reason, ...]
    waiting: int
    randomized: int
    arms: tuple[ArmFlow, ...]


def flow(data: TrialData) -> Flow:
    outside = [record for record in data.records if record.arm is None]
    excluded = [why for record in outside if (why := _exclusion(record)) is not None]
    return Flow(
        assessed=len(data.records),
        excluded=len(excluded),
        excluded_reasons=_reasons(excluded),
        waiting=len(outside) - len(excluded),
        randomized=len(data.records) - len(outside),
        arms=tuple(_arm(slug, data) for slug in data.slugs),
    )


def _arm(slug: str, data: TrialData) -> ArmFlow:
    them = [record for record in data.records if record.arm == slug]
    crossed = [record for record in them if record.received is not None and not record.got_her_arm]
    none = [record for record in them if record.received is None and _nothing_comes(record, data)]
    received = sum(record.got_her_arm for record in them)
    deviations = [record.deviation for record in them if record.deviation is not None]
    withdrawn = [record.withdrawn or "" for record in them if _left(record)]
    lost = [why for record in them if (why := loss(record, data)) is not None]
    known = sum(record.established is not None for record in them)
    return ArmFlow(
        arm=slug,
        allocated=len(them),
        received=received,
        not_received=len(crossed) + len(none),
        not_received_reasons=_reasons(
            record.not_received or record.withdrawn or "" for record in [*crossed, *none]
        ),
        crossed=len(crossed),
        awaiting=len(them) - received - len(crossed) - len(none),
        deviated=len(deviations),
        deviation_reasons=_reasons(deviations),
        withdrawn=len(withdrawn),
        withdrawn_reasons=_reasons(withdrawn),
        known=known,
        pending=len(them) - known - len(lost),
        lost=len(lost),
        lost_reasons=_reasons(lost),
        analyzed=len(them),
    )


def loss(record: Record, data: TrialData) -> str | None:
    """Why nothing is known of somebody of whom something should be, or never will be."""
    if record.established is not None:
        return None
    if record.lost is not None:
        return record.lost
    if _left(record):
        return record.withdrawn or ""
    return "" if record.due(data.as_of) else None


def _left(record: Record) -> bool:
    return record.withdrawn is not None or record.withdrawn_on is not None


def _nothing_comes(record: Record, data: TrialData) -> bool:
    """No procedure was carried out and none will be."""
    return record.not_received is not None or _left(record) or record.due(data.as_of)


def _exclusion(record: Record) -> str | None:
    if record.excluded is not None:
        return record.excluded
    return None if record.consent else DECLINED


def _reasons(words: Iterable[str]) -> tuple[Reason, ...]:
    """The most frequent first; the one that nobody gave last."""
    counted = Counter(words)
    order = sorted(counted, key=lambda word: (word == "", -counted[word], word))
    return tuple(Reason(word, counted[word]) for word in order)
