"""What a program requires of each person in each term, as pure data; no database.

“4 trainings and 2 supervisions a semester, 90 minutes each” (R42 of the domain): a quota is a
requirement in a period. Who joins late owes the share of the days that are left, rounded.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil, floor, inf
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sessions.models import SeriesKind

if TYPE_CHECKING:
    from programs.spec import ProgramSpec

DAY = timedelta(days=1)
# How long before an edition trainings count for it: mentors are prepared before students come.
AHEAD = timedelta(days=366)
COUNTED = frozenset(SeriesKind.values)

# Days that count in the period (after, until].
CountDays = Callable[[date, date], int]


@dataclass(frozen=True, slots=True)
class Period:
    """A term, or the whole of a program's year; attendance counts from ``counts_from`` on."""

    name: str
    starts: date
    ends: date
    counts_from: date

    @property
    def slug(self) -> str:
        """Its name in addresses and flags."""
        return f"{self.starts:%Y%m%d}"

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """First instant, and the first one after it."""
        return midnight(self.counts_from, zone), midnight(self.ends + DAY, zone)


@dataclass(frozen=True, slots=True)
class Quota:
    """How often somebody of a role has to attend something in a period.

    ``steps``: whoever joined before this day owes so many times, the earliest day first; whoever
    joined later owes nothing.
    """

    requirement: str
    kind: str
    role: str
    title: str
    times: int
    minutes: int
    credits: bool
    period: Period
    steps: tuple[tuple[date, int], ...]
    # How many days a course has at least, to count.
    days: int = 1

    @property
    def slug(self) -> str:
        return f"{self.requirement}-{self.period.slug}"

    def owed(self, joined: date) -> int:
        """How many times somebody owes who joined on that day."""
        return next((times for before, times in self.steps if joined < before), 0)

    def fits(self, kind: str, minutes: float, day: date, days: int = 0) -> bool:
        """Whether a meeting of that kind, length and day counts; a course by its last day.

        ``days`` is how many a course has; 0: it is a single date.
        """
        if (days or 1) < self.days:
            return False
        inside = self.period.counts_from <= day <= self.period.ends
        return kind == self.kind and minutes >= self.minutes and inside


def quotas(
    spec: "ProgramSpec",
    *,
    edition: tuple[date, date],
    terms: Iterable[tuple[date, date, str]],
    days: CountDays,
) -> list[Quota]:
    """What the program requires in an edition, in order of time and of the document."""
    starts, ends = edition
    whole = Period("", starts, ends, starts - AHEAD)
    in_terms = [Period(name, first, last, first) for first, last, name in sorted(terms)]
    found: list[Quota] = []
    for part in spec.requirements:
        if part.kind not in COUNTED or not part.mandatory or part.before == "activation":
            continue
        times = _times(part.times)
        per_term = part.per == "term" and in_terms
        found.extend(
            Quota(
                requirement=part.slug,
                kind=part.kind,
                role=part.role,
                title=part.title or part.slug,
                times=times,
                minutes=int(part.minutes.min or 0) if part.minutes else 0,
                credits=part.decides == "credits",
                period=period,
                steps=_steps(period, times, days),
                days=ceil(part.days or 1),
            )
            for period in (in_terms if per_term else [whole])
        )
    return sorted(found, key=lambda quota: (quota.period.starts, quota.period.ends))


def _times(times: object) -> int:
    """The least number; one where only a most, or nothing, is said."""
    least = getattr(times, "min", None)
    return int(least) if least else 1


def _steps(period: Period, times: int, days: CountDays) -> tuple[tuple[date, int], ...]:
    """From which day on a newcomer owes one less: the share of days left, rounded."""
    whole = days(period.starts - DAY, period.ends)
    found: list[tuple[date, int]] = []
    owed, day = times, period.starts
    while day <= period.ends and whole:
        left = floor(times * days(day - DAY, period.ends) / whole + 0.5)
        if left < owed:
            found.append((day, owed))
            owed = left
        day += DAY
    if owed:
        found.append((period.ends + DAY, owed))
    return tuple(found)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there."""
    return datetime.combine(day, time.min, tzinfo=zone)


def current(periods: Iterable[Period], today: date) -> Period | None:
    """The period that a page shows first: today's, else the next one, else the last."""
    known = sorted(periods, key=lambda period: (period.ends - period.starts, period.starts))
    inside = [period for period in known if period.starts <= today <= period.ends]
    ahead = [period for period in known if period.starts > today]
    if inside:
        return inside[0]
    if ahead:
        return min(ahead, key=lambda period: period.starts)
    return max(known, key=lambda period: period.ends, default=None)


def passed(quota: Quota, share: int, days: CountDays, today: date) -> bool:
    """Whether that share (in percent) of the period's days has passed."""
    period = quota.period
    whole = days(period.starts - DAY, period.ends) or inf
    return days(period.starts - DAY, min(today, period.ends)) * 100 >= share * whole
