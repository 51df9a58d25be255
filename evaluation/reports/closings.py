"""The moments to which figures are counted: ends of weeks, where the cohort is."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Closing:
    """A Sunday, and the instant at which it is over."""

    day: date
    over: datetime


def closing(day: date, zone: ZoneInfo) -> Closing:
    """The end of that day."""
    return Closing(day, datetime.combine(day + DAY, time(), tzinfo=zone))


def last_sunday(day: date) -> date:
    """The Sunday on or before ``day``."""
    return day - timedelta(days=(day.weekday() - SUNDAY) % 7)


def counted_to(asked: date | None, today: date) -> date:
    """The Sunday to which figures are counted that are asked for as of ``asked``.

    The week must be over: a figure that is still moving could not be had again later.
    """
    over = last_sunday(today - DAY)
    return over if asked is None else min(last_sunday(asked), over)


def closings(first: date, last: date, zone: ZoneInfo) -> tuple[Closing, ...]:
    """Every Sunday from the week of ``first`` to ``last``; at least that of ``last``."""
    days = max(0, (last - last_sunday(first)).days // 7)
    return tuple(closing(last - number * WEEK, zone) for number in range(days, -1, -1))
