"""Which diary entries a program asks for, and until when. Pure; no database.

A program either states so many entries per unit (``times`` and ``per`` of its requirement), or
simply asks for a diary: then one entry for every meeting that was held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from programs.spec import ProgramSpec

DAY = timedelta(days=1)
# Where the program does not say, an entry is due a week after the meeting.
DUE_DAYS = 7
EPSILON = 1e-9

Period = tuple[date, date]  # first and last day


class Days(Protocol):
    """The days that count for one person: no pause, holiday or absence of hers."""

    def date_after(self, since: date, days: int) -> date:
        """The first day on which so many of them have passed; ``date.max``: never."""

    def between(self, first: date, last: date) -> int:
        """How many there are from the first to the last day."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What is asked of one mentor: an entry per meeting, or ``times`` per ``unit``."""

    due_days: int = DUE_DAYS
    times: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A mentor's place in a mentorship, by local dates."""

    membership: int
    mentorship: int
    cohort: int
    enrollment: int
    person: int
    role: str
    starts: date
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry with words in it: what it is about, and the day on which it was first saved."""

    meeting: int | None
    day: date
    on: date


@dataclass(frozen=True, slots=True)
class Owed:
    """One entry that is asked for: about a meeting on ``first``, or within ``first`` to ``last``.

    ``number`` tells apart several entries of one period.
    """

    place: Place
    meeting: int | None
    first: date
    last: date
    due_on: date
    number: int = 1
    written_on: date | None = None


def duty(spec: "ProgramSpec", role: str) -> Duty | None:
    """What the program asks of this role; ``None``: a diary is each one's own affair."""
    for need in spec.required(role=role, kind="diary"):
        days = DUE_DAYS if need.due_days is None else need.due_days
        if need.times is None:
            return Duty(days)
        times = ceil(need.times.min or need.times.max or 0)
        return Duty(days, times, need.per or "program") if times else None
    return None


def per_meeting(
    place: Place,
    duty: Duty,
    meetings: Iterable[tuple[int, date]],
    entries: Iterable[Written],
    days: Days,
) -> list[Owed]:
    """One entry for each of these meetings, in order of their days.

    An entry that names no meeting counts for the last one on or before its day.
    """
    found = {
        meeting: Owed(place, meeting, day, day, days.date_after(day, duty.due_days))
        for meeting, day in sorted(meetings, key=lambda pair: (pair[1], pair[0]))
    }
    named = [entry for entry in entries if entry.meeting is not None]
    for entry in sorted(named, key=lambda entry: entry.on, reverse=True):
        if entry.meeting in found:
            found[entry.meeting] = replace(found[entry.meeting], written_on=entry.on)
    free = [entry for entry in entries if entry.meeting is None]
    for entry in sorted(free, key=lambda entry: (entry.day, entry.on)):
        before = [owed for owed in found.values() if owed.first <= entry.day]
        if before and before[-1].written_on is None:
            last = before[-1]
            assert last.meeting is not None  # noqa: S101 (each stands for a meeting)
            found[last.meeting] = replace(last, written_on=entry.on)
    return list(found.values())


def per_unit(
    place: Place,
    duty: Duty,
    periods: Sequence[Period],
    entries: Iterable[Written],
    *,
    days: Days,
    everyone: Days,
) -> list[Owed]:
    """So many entries in each period, fewer where she was there for a part of its days only."""
    found: list[Owed] = []
    by_day = sorted(entries, key=lambda entry: (entry.day, entry.on))
    for first, last in periods:
        there = days.between(max(first, place.starts), min(last, place.ends or last))
        whole = everyone.between(first, last)
        asked = floor(duty.times * there / whole + EPSILON) if whole else 0
        inside = [entry.on for entry in by_day if first <= entry.day <= last]
        due_on = days.date_after(last, duty.due_days) if asked else last
        for number in range(1, asked + 1):
            on = inside[number - 1] if number <= len(inside) else None
            found.append(Owed(place, None, first, last, due_on, number, on))
    return found


def periods(unit: str, edition: Period, terms: Sequence[Period]) -> list[Period]:
    """The weeks (from the first day of the edition), months, terms or the whole of a year."""
    starts, ends = edition
    if unit == "week":
        weeks = range(0, (ends - starts).days + 1, 7)
        return [(starts + DAY * n, min(ends, starts + DAY * (n + 6))) for n in weeks]
    if unit == "month":
        return list(_months(starts, ends))
    if unit == "term" and terms:
        return sorted(terms)
    return [edition]


def _months(starts: date, ends: date) -> Iterable[Period]:
    first = starts
    while first <= ends:
        following = (first.replace(day=1) + 32 * DAY).replace(day=1)
        yield first, min(following - DAY, ends)
        first = following
