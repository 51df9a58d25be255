"""What workers do for the outbox."""

from celery import shared_task

from mentoring.outbox.delivery import deliver_due
from mentoring.outbox.models import Heartbeat

# One task works this long at most, so that a queue full of mail leaves room for other work.
SECONDS = 20


@shared_task(name="outbox.deliver")
def deliver() -> None:
    """Deliver what is due now."""
    deliver_due(seconds=SECONDS)


@shared_task(name="outbox.heartbeat")
def heartbeat() -> None:
    """Show that beat, broker and a worker work together."""
    Heartbeat.beat("worker")
