"""Hand work over to a worker, without depending on one.

What is handed over is always in the database already: when the broker is away, beat finds it.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from mentoring import clock

logger = logging.getLogger(__name__)
# After a broker did not answer, this process does not knock again for a while: an import of
# hundreds of people must not wait for it hundreds of times.
RETRY_SECONDS = 5.0
_silent: dict[str, float] = {}


@dataclass(frozen=True)
class Handed:
    """A task and its arguments; calling it asks a worker to run them."""

    task: Any
    args: tuple[str | int, ...]

    def __call__(self) -> None:
        _send(self.task, self.args)


def after_commit(task: Any, *args: str | int) -> None:
    """Ask a worker to run the Celery task once the current transaction is committed.

    Asking several times in one transaction is asking once.
    """
    handed = Handed(task, args)
    if all(entry[1] != handed for entry in connection.run_on_commit):
        transaction.on_commit(handed)


def _send(task: Any, args: tuple[str | int, ...]) -> None:
    now = clock.stopwatch()
    if not task.app.conf.task_always_eager and now < _silent.get("until", 0.0):
        return
    try:
        task.apply_async(args=args, retry=False)
    except task.OperationalError:
        _silent["until"] = now + RETRY_SECONDS
        logger.warning("The broker is away; beat will hand %s over later.", task.name)
