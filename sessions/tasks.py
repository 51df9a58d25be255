"""What beat starts for the meetings."""

from celery import shared_task

from mentoring import clock
from sessions import reminders


@shared_task(name="sessions.remind")
def remind() -> int:
    """Queue the reminders that are due; safe to run twice and at any moment."""
    return reminders.enqueue_due(clock.now())
