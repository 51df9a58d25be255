"""Who attends which training and supervision: exact counts from the behavior. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mentoring.simulation.plan.calendar import Calendar
from mentoring.simulation.plan.shares import count, stream

# Lists are written well before a term ends.
CLEAR = timedelta(days=12)
ABSENT_SHARE = 0.5


@dataclass(frozen=True)
class Season:
    """The days of one kind in one term, and what each person makes of each: came, absent, stays.

    ``came`` and ``absent`` are (person's number, place of the day); everyone else never enrolls.
    """

    kind: str
    days: tuple[date, ...]
    came: frozenset[tuple[int, int]]
    absent: frozenset[tuple[int, int]]


def season(
    *,
    kind: str,
    times: int,
    first: date,
    last: date,
    people: Sequence[int],
    share: float,
    calendar: Calendar,
    seed: int,
) -> Season:
    """As many days as the quota asks for, spread over the open weeks of the term.

    Of all attendances that the days inside the run ask for, exactly ``share`` take place.
    """
    days = _days(times, first, last, calendar, weekday=1 if kind == "training" else 3)
    inside = [n for n, day in enumerate(days) if day <= calendar.last]
    slots = [(person, n) for person in people for n in inside]
    rng = stream(seed, "training", kind, first.isoformat())
    rng.shuffle(slots)
    came = count(share, len(slots)) if slots else 0
    missed = slots[came:]
    absent = missed[: count(ABSENT_SHARE, len(missed))] if missed else []
    return Season(kind, days, frozenset(slots[:came]), frozenset(absent))


def _days(
    times: int, first: date, last: date, calendar: Calendar, *, weekday: int
) -> tuple[date, ...]:
    """Evenly over the term: on that weekday, or the next working day that is not paused."""
    fitting = [
        day
        for week in calendar.open_weeks
        if (day := _in_week(calendar, week, weekday)) is not None
        and first + timedelta(days=7) <= day <= last - CLEAR
    ]
    if not fitting:
        return ()
    wanted = min(times, len(fitting))
    return tuple(fitting[(2 * n + 1) * len(fitting) // (2 * wanted)] for n in range(wanted))


def _in_week(calendar: Calendar, week: int, weekday: int) -> date | None:
    days = [day for day in calendar.week(week).days() if day not in calendar.paused_days]
    working = [day for day in days if day.weekday() < 5]
    later = [day for day in working if day.weekday() >= weekday]
    return next(iter(later or working), None)
