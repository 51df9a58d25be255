"""What a mentor says once about her time, and what is offered from it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MINUTES_A_DAY = 24 * 60


def minute_of(moment: time, *, closing: bool = False) -> int:
    """The minute of the day; midnight as a closing time is the day's end."""
    minute = moment.hour * 60 + moment.minute
    return _MINUTES_A_DAY if closing and minute == 0 else minute


@dataclass(frozen=True)
class Hours:
    """Weekly hours by the mentor's clock; Monday is 0, and an end of 00:00 is midnight."""

    weekday: int
    starts: time
    ends: time
    place: str = ""


@dataclass(frozen=True)
class Off:
    """Not available from ``first`` to ``last``: all day, or between two times of each day."""

    first: date
    last: date
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True)
class Extra:
    """Available on one more date."""

    day: date
    starts: time
    ends: time
    place: str = ""


@dataclass(frozen=True)
class Period:
    """Time already held, between two instants."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Slot:
    """A time that can be booked now; both ends are instants in UTC."""

    starts: datetime
    ends: datetime
    place: str = ""


@dataclass(frozen=True)
class Rules:
    """All that a mentor has published about her time.

    ``horizon`` counts days from today; ``per_day`` and ``per_week`` limit her held meetings (weeks
    begin on Monday), ``None`` meaning no limit. ``buffer`` stays free before and after each.
    """

    zone: ZoneInfo
    weekly: tuple[Hours, ...] = ()
    off: tuple[Off, ...] = ()
    extra: tuple[Extra, ...] = ()
    length: timedelta = timedelta(minutes=60)
    buffer: timedelta = timedelta(0)
    notice: timedelta = timedelta(hours=24)
    horizon: int = 60
    per_day: int | None = None
    per_week: int | None = None

    def __post_init__(self) -> None:
        if self.length < timedelta(minutes=1):
            raise ValueError("a slot lasts at least one minute")
        if self.buffer < timedelta(0) or self.notice < timedelta(0):
            raise ValueError("buffer and notice are never negative")
