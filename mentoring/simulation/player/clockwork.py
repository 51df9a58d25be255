"""The virtual clock: what is due next happens next, and beat ticks when there is work."""

import heapq
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from mentoring import clock, outbox, ports
from mentoring.celery import app
from mentoring.outbox.services import next_due

logger = logging.getLogger(__name__)
QUARTER = timedelta(minutes=15)
# What beat starts by itself here: delivery when something is due, and nothing that only matters
# where there are real workers.
OWN = {"outbox.deliver", "outbox.heartbeat", "jobs.resume"}
DAILY = 6.0  # the hour of the daily scan, before people read their mail
WAKING = range(6, 22)


class Clockwork:
    """A queue of instants with something to do at each."""

    def __init__(self, begins: datetime) -> None:
        self.now = begins
        self._queue: list[tuple[datetime, int, Callable[..., object], tuple[Any, ...]]] = []
        self._order = count()
        clock.set_process(begins)

    def at(self, instant: datetime, act: Callable[..., object], *args: Any) -> None:
        """Do this then; what lies in the past is done next."""
        heapq.heappush(self._queue, (max(instant, self.now), next(self._order), act, args))

    def run(self, until: datetime) -> None:
        """Play everything up to that instant; the clock stands there afterwards."""
        while self._queue and self._queue[0][0] <= until:
            self.now, _, act, args = heapq.heappop(self._queue)
            clock.set_process(self.now)
            act(*args)
        self.now = until
        clock.set_process(until)


class Beat:
    """Periodic tasks of the apps, and delivery within a quarter of an hour."""

    def __init__(self, clockwork: Clockwork, zone: ZoneInfo) -> None:
        self.clockwork = clockwork
        self.zone = zone
        self._ticks: set[datetime] = set()
        entries = [entry for answers in ports.PERIODIC.ask() for entry in answers]
        app.loader.import_default_modules()
        self.tasks = sorted({entry.task for entry in entries} - OWN)

    def start(self) -> None:
        self.clockwork.at(self._next(DAILY), self._day)

    def wake(self) -> None:
        """Something was queued: it goes out at the next tick."""
        self._tick_at(self.clockwork.now)

    def tick_at(self, instant: datetime) -> None:
        """Reminders become due then."""
        self._tick_at(instant)

    def _day(self) -> None:
        self.clockwork.at(self._next(DAILY), self._day)
        for task in self.tasks:
            self._run(task)
        self.deliver()

    def _tick_at(self, instant: datetime) -> None:
        tick = datetime.fromtimestamp(
            -(-instant.timestamp() // QUARTER.total_seconds()) * QUARTER.total_seconds(),
            tz=self.zone,
        )
        if tick not in self._ticks:
            self._ticks.add(tick)
            self.clockwork.at(tick, self._tick, tick)

    def _tick(self, tick: datetime) -> None:
        self._ticks.discard(tick)
        for task in self.tasks:
            if "remind" in task:
                self._run(task)
        self.deliver()

    def deliver(self) -> None:
        """Deliver what is due, and come back when the next is."""
        outbox.deliver_due()
        due = next_due()
        if due is not None:
            self._tick_at(max(due, self.clockwork.now + QUARTER))

    def _run(self, task: str) -> None:
        app.tasks[task]()

    def _next(self, hour: float) -> datetime:
        local = self.clockwork.now.astimezone(self.zone)
        today = local.replace(hour=int(hour), minute=0, second=0, microsecond=0)
        if today > local:
            return today
        tomorrow = (local + timedelta(days=1)).date()
        return today.replace(year=tomorrow.year, month=tomorrow.month, day=tomorrow.day)
