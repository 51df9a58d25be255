"""A cohort's year as pure data: terms, public holidays, pauses; counting days that are not paused.

A day is a date in the cohort's zone. Pauses are for everyone or for one class year.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import COUNTRIES

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included."""

    starts: date
    ends: date
    name: str = ""
    kind: str = "other"
    class_year: int | None = None

    def __contains__(self, day: date) -> bool:
        return self.starts <= day <= self.ends

    def days(self) -> Iterator[date]:
        """Every day of it."""
        day = self.starts
        while day <= self.ends:
            yield day
            day += DAY


@dataclass(frozen=True)
class Calendar:
    """Terms and pauses of one edition, in the cohort's zone."""

    zone: ZoneInfo
    starts: date
    ends: date
    terms: tuple[Period, ...] = ()
    pauses: tuple[Period, ...] = ()
    country: str = ""
    subdivision: str = ""
    _paused: dict[int | None, list[date]] = field(default_factory=dict, compare=False, repr=False)

    def day(self, moment: datetime | date) -> date:
        """The date of an instant in the cohort's zone; a date stays what it is."""
        return moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment

    def holiday(self, day: date) -> str | None:
        """The name of the public holiday on that day."""
        return public_holidays(self.country, self.subdivision, day.year).get(day)

    def pause_on(self, day: date, class_year: int | None = None) -> Period | None:
        """The pause a day falls into, public holidays included."""
        for pause in self.pauses:
            if pause.class_year in (None, class_year) and day in pause:
                return pause
        name = self.holiday(day)
        return Period(day, day, name, "holiday") if name else None

    def pause_days(
        self,
        since: datetime | date,
        until: datetime | date,
        *,
        class_year: int | None = None,
        absences: Iterable[tuple[date, date]] = (),
    ) -> int:
        """Paused days after ``since`` up to and with ``until``; each once, absences included."""
        first, last = self.day(since) + DAY, self.day(until)
        if last < first:
            return 0
        paused = self._paused_days(class_year, last)
        inside = set(paused[bisect_left(paused, first) : bisect_left(paused, last + DAY)])
        for starts, ends in absences:
            inside.update(Period(max(starts, first), min(ends, last)).days())
        return len(inside)

    def days_since(
        self,
        since: datetime | date,
        until: datetime | date,
        *,
        class_year: int | None = None,
        absences: Iterable[tuple[date, date]] = (),
    ) -> int:
        """Whole days between two moments, not counting the paused ones; never below zero."""
        days = (self.day(until) - self.day(since)).days
        paused = self.pause_days(since, until, class_year=class_year, absences=absences)
        return max(0, days - paused)

    def working_days_since(
        self,
        since: datetime | date,
        until: datetime | date,
        *,
        class_year: int | None = None,
        absences: Iterable[tuple[date, date]] = (),
    ) -> int:
        """Mondays to Fridays after ``since`` up to and with ``until`` that are not paused."""
        first, last = self.day(since) + DAY, self.day(until)
        if last < first:
            return 0
        away = {day for pair in absences for day in Period(*pair).days()}
        away.update(self._paused_days(class_year, last))
        return sum(
            day.weekday() < SATURDAY and day not in away for day in Period(first, last).days()
        )

    def date_after(
        self,
        since: datetime | date,
        days: int,
        *,
        class_year: int | None = None,
        absences: Iterable[tuple[date, date]] = (),
    ) -> date:
        """The first day on which so many days, not counting paused ones, have passed."""
        day, left = self.day(since), days
        away = {each for pair in absences for each in Period(*pair).days()}
        while left > 0:
            day += DAY
            if day not in away and self.pause_on(day, class_year) is None:
                left -= 1
        return day

    def working_date_after(
        self,
        since: datetime | date,
        days: int,
        *,
        absences: Iterable[tuple[date, date]] = (),
    ) -> date:
        """The first day on which so many working days, as above, have passed."""
        day, left = self.day(since), days
        away = {each for pair in absences for each in Period(*pair).days()}
        while left > 0:
            day += DAY
            if day.weekday() < SATURDAY and day not in away and self.pause_on(day) is None:
                left -= 1
        return day

    def term_on(self, day: datetime | date) -> Period | None:
        """The term a day falls into."""
        return next((term for term in self.terms if self.day(day) in term), None)

    def academic_year(self) -> int:
        """The year in which the edition begins."""
        return self.starts.year

    def _paused_days(self, class_year: int | None, until: date) -> list[date]:
        known = self._paused.get(class_year)
        if known is not None and until <= known[-1]:
            return known[:-1]
        first = min([self.starts, *(pause.starts for pause in self.pauses)])
        last = max([until, self.ends, *(pause.ends for pause in self.pauses)])
        # Whoever asks about earlier years gets holidays of those years too.
        first = date(first.year - 1, 1, 1)
        days = {
            day
            for pause in self.pauses
            if pause.class_year in (None, class_year)
            for day in pause.days()
        }
        for year in range(first.year, last.year + 1):
            days.update(public_holidays(self.country, self.subdivision, year))
        # The last entry is a mark of how far the list reaches, and no paused day.
        horizon = date(last.year, 12, 31)
        self._paused[class_year] = [*sorted(day for day in days if day <= horizon), horizon]
        return self._paused[class_year][:-1]


@cache
def public_holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """The public holidays of a country and region; empty where none is given or known."""
    if not country:
        return {}
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        return {}
    return {day: name for day, name in found.items() if day.year == year}


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """The countries whose holidays are known, each with its regions."""
    known: dict[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(regions) for code, regions in sorted(known.items())}


@cache
def country_names() -> dict[str, str]:
    """The countries whose holidays are known, by code, in alphabetical order of their names."""
    names = {entry[1]: name.replace("_", " ").title() for name, entry in COUNTRIES.items()}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def week_period(start: date, first: int, last: int) -> tuple[date, date]:
    """First and last day of weeks counted from 1 at ``start``."""
    return start + timedelta(weeks=first - 1), start + timedelta(weeks=last) - DAY
