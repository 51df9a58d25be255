"""The beat: starts the periodic tasks that apps registered, and keeps nothing on disk.

It may be restarted, or run twice, at any moment: everything is due once at its start, and every
periodic task is safe to run twice.
"""

import logging
from datetime import timedelta
from typing import Any

from celery import beat
from django.db import DatabaseError, close_old_connections

from mentoring import clock, ports
from mentoring.outbox.models import Heartbeat

logger = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 15


def schedule() -> dict[str, dict[str, Any]]:
    """Celery's entries for what the ``PERIODIC`` port answers."""
    long_ago = clock.now() - timedelta(days=30)
    return {
        periodic.name: {
            "task": periodic.task,
            "schedule": timedelta(seconds=periodic.seconds),
            "last_run_at": long_ago,
            # A tick that no worker took in time is worth nothing: the next one sees the same.
            "options": {"expires": max(periodic.seconds, 30)},
        }
        for answer in ports.PERIODIC.ask()
        for periodic in answer
    }


class Scheduler(beat.Scheduler):
    """A scheduler in memory that shows it is alive."""

    max_interval = 5
    _shown: float | None = None

    def setup_schedule(self) -> None:
        self.merge_inplace(schedule())  # type: ignore[arg-type]

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self._show()
        return min(super().tick(*args, **kwargs), self.max_interval)

    def _show(self) -> None:
        if self._shown is not None and clock.stopwatch() - self._shown < HEARTBEAT_SECONDS:
            return
        self._shown = clock.stopwatch()
        try:
            close_old_connections()
            Heartbeat.beat("beat")
        except DatabaseError as error:
            logger.warning("The beat cannot write its heartbeat: %s", error)
