"""The moments to which figures are counted: ends of weeks, where the cohort is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
SUNDAY = 6

Year = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Closing:
    """A Sunday, the instant at which it is over, and whether the year is over by then."""

    day: date
    over: datetime
    year_over: bool = False


def closing(day: date, zone: ZoneInfo, years: Sequence[Year] = ()) -> Closing:
    """The end of that day; ``years`` are the first and last days of the cohort's editions."""
    begun = [ends for starts, ends in years if starts <= day]
    over = datetime.combine(day + DAY, time(), tzinfo=zone)
    return Closing(day, over, bool(begun) and max(begun) <= day)


def last_sunday(day: date) -> date:
    """The Sunday on or before ``day``."""
    return day - timedelta(days=(day.weekday() - SUNDAY) % 7)


def counted_to(asked: date | None, today: date) -> date:
    """The Sunday to which figures are counted that are asked for as of ``asked``.

    The week must be over: a figure that is still moving could not be had again later.
    """
    over = last_sunday(today - DAY)
    return over if asked is None else min(last_sunday(asked), over)


def closings(
    first: date, last: date, zone: ZoneInfo, years: Sequence[Year] = ()
) -> tuple[Closing, ...]:
    """Every Sunday from the week of ``first`` to ``last``; at least that of ``last``."""
    days = max(0, (last - last_sunday(first)).days // 7)
    return tuple(closing(last - number * WEEK, zone, years) for number in range(days, -1, -1))
