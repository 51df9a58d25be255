"""Hand work over to a worker, without depending on one.

What is handed over is always in the database already: when the broker is away, beat finds it.
"""

import logging
from typing import Any

from django.db import transaction

logger = logging.getLogger(__name__)


def after_commit(task: Any, *args: str | int) -> None:
    """Ask a worker to run the Celery task once the current transaction is committed."""
    transaction.on_commit(lambda: _send(task, args))


def _send(task: Any, args: tuple[str | int, ...]) -> None:
    try:
        task.apply_async(args=args, retry=False)
    except task.OperationalError:
        logger.warning("The broker is away; beat will hand %s over later.", task.name)
