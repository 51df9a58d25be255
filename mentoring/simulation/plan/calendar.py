"""The days of a run: weeks, calendar months and pauses, counted in the cohort's zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def needed(number: int) -> int:
    """How many of ``number`` weeks or months make up the 90 % that count as "every"."""
    return -(-number * 9 // 10)


@dataclass(frozen=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day += DAY


@dataclass(frozen=True)
class Calendar:
    """Week 1 starts on ``start``; a week counts as paused when no working day is left of it."""

    start: date
    weeks: int
    zone: ZoneInfo
    pauses: tuple[Span, ...] = ()

    @cached_property
    def last(self) -> date:
        """The last day of the run."""
        return self.start + timedelta(weeks=self.weeks) - DAY

    @cached_property
    def paused_days(self) -> frozenset[date]:
        return frozenset(day for pause in self.pauses for day in pause.days())

    @cached_property
    def open_weeks(self) -> tuple[int, ...]:
        """The weeks (from 1) that are not paused."""
        return tuple(
            week
            for week in range(1, self.weeks + 1)
            if any(
                day.weekday() < 5 and day not in self.paused_days for day in self.week(week).days()
            )
        )

    @cached_property
    def whole_months(self) -> tuple[Span, ...]:
        """The calendar months wholly inside the run."""
        return tuple(span for span, whole in self._months() if whole)

    @cached_property
    def edges(self) -> tuple[Span, ...]:
        """What lies before the first and after the last whole month."""
        return tuple(span for span, whole in self._months() if not whole)

    def week(self, number: int) -> Span:
        first = self.start + timedelta(weeks=number - 1)
        return Span(first, first + 6 * DAY)

    def week_of(self, day: date) -> int:
        return (day - self.start).days // 7 + 1

    def at(self, day: date, hour: float) -> datetime:
        """That hour of the day, by the clock on the wall there."""
        wall = time(int(hour), int(hour % 1 * 60))
        return datetime.combine(day, wall, tzinfo=self.zone)

    def _months(self) -> Iterator[tuple[Span, bool]]:
        first = self.start
        while first <= self.last:
            following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            last = min(following - DAY, self.last)
            yield Span(first, last), first.day == 1 and last == following - DAY
            first = following
