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
TICK = timedelta(hours=1)
# What beat starts by itself here: delivery when something is due, and nothing that only matters
# where there are real workers.
OWN = {"outbox.deliver", "outbox.heartbeat", "jobs.resume"}
DAILY = 6  # the hour of the daily scan, before people read their mail
WAKING = range(7, 22)


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
    """Periodic tasks of the apps, and delivery, at full hours when there is work for them.

    At night nothing but urgent mail would leave, and nobody in the play writes any: what comes
    up waits for the morning's tick.
    """

    def __init__(self, clockwork: Clockwork, zone: ZoneInfo) -> None:
        self.clockwork = clockwork
        self.zone = zone
        # Ticks to come, and whether periodic tasks have something to find at them.
        self._ticks: dict[datetime, bool] = {}
        app.loader.import_default_modules()
        entries = [entry for answers in ports.PERIODIC.ask() for entry in answers]
        own = [entry for entry in entries if entry.task not in OWN]
        hourly = TICK.total_seconds()
        self.frequent = sorted({entry.task for entry in own if entry.seconds < hourly})
        self.daily = sorted({entry.task for entry in own})

    def start(self) -> None:
        """From now on everything runs at least once a day."""
        self.clockwork.at(self._next_day(), self._day)

    def wake(self) -> None:
        """Something was queued: it goes out at the next tick."""
        self._tick_at(self.clockwork.now, tasks=False)

    def tick_at(self, instant: datetime) -> None:
        """Something falls due then that a periodic task has to find."""
        self._tick_at(instant, tasks=True)

    def _tick_at(self, instant: datetime, *, tasks: bool) -> None:
        local = instant.astimezone(self.zone)
        tick = local.replace(minute=0, second=0, microsecond=0)
        if tick < local:
            tick += TICK
        if tick.hour not in WAKING:
            later = tick if tick.hour < WAKING.start else tick + timedelta(days=1)
            tick = later.replace(hour=WAKING.start)
        if tick not in self._ticks:
            self.clockwork.at(tick, self._tick, tick)
        self._ticks[tick] = tasks or self._ticks.get(tick, False)

    def deliver(self) -> None:
        """Deliver what is due, and come back when the next is."""
        outbox.deliver_due()
        due = next_due()
        if due is not None:
            self._tick_at(max(due, self.clockwork.now + timedelta(minutes=1)), tasks=False)

    def _day(self) -> None:
        self.clockwork.at(self._next_day(), self._day)
        self._run(self.daily)
        self.deliver()

    def _tick(self, tick: datetime) -> None:
        if self._ticks.pop(tick):
            self._run(self.frequent)
        self.deliver()

    def _run(self, tasks: list[str]) -> None:
        for task in tasks:
            app.tasks[task]()

    def _next_day(self) -> datetime:
        local = self.clockwork.now.astimezone(self.zone)
        today = local.replace(hour=DAILY, minute=0, second=0, microsecond=0)
        return today if today > local else today + timedelta(days=1)
