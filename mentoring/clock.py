"""The only caller of the system clock.

Domain code asks here what time it is, so that a simulation or a test can set it. Time is always
an aware datetime in UTC; dates are asked for in a time zone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_process_wide: list[datetime] = []


def now() -> datetime:
    """The present instant, in UTC."""
    return _frozen.get() or (_process_wide[0] if _process_wide else datetime.now(UTC))


def today(zone: ZoneInfo) -> date:
    """The present date for somebody who lives in ``zone``."""
    return now().astimezone(zone).date()


def stopwatch() -> float:
    """Seconds on a monotonic counter, for measuring durations only; never set by a simulation."""
    return perf_counter()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within the block, in this thread, ``now()`` is ``instant``."""
    token = _frozen.set(_aware(instant))
    try:
        yield
    finally:
        _frozen.reset(token)


def set_process(instant: datetime | None) -> None:
    """Set the clock of the whole process (the simulation's virtual clock); ``None`` frees it."""
    _process_wide[:] = [] if instant is None else [_aware(instant)]


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    return instant.astimezone(UTC)
