"""How long a pair has been out of touch, measured against what it agreed. Pure; no database.

A *window* is a number of days that count (``calendar``): four weeks, or twice the time that is
meant to pass between two contacts where that is longer, but never more than a third of the year:
two of them must fit into it, or nobody would hear of a pair that means to meet rarely. In each
window a pair should be in touch at least half as often as it means to meet, by any means, and
once at least. A window is looked at from today backwards, so it ends today; the one before ends
where it begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil

from evaluation.monitoring.calendar import Calendar, DayCount

MONTH = 30.0
# One gentle mail about silence is enough for so many windows.
NUDGE_EVERY = 2


@dataclass(frozen=True, slots=True)
class Measure:
    """What is expected of a pair: how long a window is, and how often it is in touch in one."""

    window: int
    needed: int
    nudge: int

    @classmethod
    def of(
        cls, *, meeting: float, contact: float | None, limits: dict[str, int], year: int
    ) -> "Measure":
        """From the days between meetings and between contacts that are agreed or asked for.

        ``year``: the length of the edition in days.
        """
        between = min(contact or meeting, meeting)
        window = max(float(limits["window"]), min(2 * between, year / 3))
        # Less than so many is less than the share; a hair keeps 91.25 / 91.25 at one.
        needed = max(1, ceil(window / meeting * limits["share"] / 100 - 1e-9))
        nudge = max(limits["nudge"], ceil(min(2 * between, window)))
        return cls(ceil(window), needed, nudge)


@dataclass(frozen=True, slots=True)
class Silence:
    """A window that is not met: since when, and how many days that count have passed."""

    since: datetime
    last: datetime
    days: int
    reminded: bool = False


def silence(
    moments: Sequence[datetime],
    *,
    began: datetime,
    now: datetime,
    calendar: Calendar,
    count: DayCount,
    measure: Measure,
) -> Silence:
    """How it stands. ``moments`` are in order of time; the clock never starts before ``began``.

    ``since`` is the first of the last contacts that together met a window: from then on, one
    window later, it is met no more.
    """
    known = [at for at in moments if began <= at <= now]
    today = calendar.day(now)
    since, last = began, known[-1] if known else began
    for index, at in enumerate(known):
        first = known[max(0, index - measure.needed + 1)]
        enough = index + 1 >= measure.needed
        if enough and count.days(calendar.day(first), calendar.day(at)) < measure.window:
            since = first
    return Silence(
        since=since,
        last=last,
        days=count.days(calendar.day(since), today),
        reminded=_reminded([began, *known], calendar, count, measure),
    )


def _reminded(
    known: Sequence[datetime], calendar: Calendar, count: DayCount, measure: Measure
) -> bool:
    """Whether an earlier gap was long enough for a mail, and not long before this one."""
    days = [calendar.day(at) for at in known]
    told = None
    rest = NUDGE_EVERY * measure.window
    for before, after in pairwise(days):
        fresh = told is None or count.days(told, before) >= rest
        if fresh and count.days(before, after) >= measure.nudge:
            told = before
    return told is not None and count.days(told, days[-1]) < rest
