"""What workers do for monitoring."""

from celery import shared_task

from evaluation import monitoring
from evaluation.surveys.tick import tick
from mentoring import clock


@shared_task(name="evaluation.scan")
def scan() -> None:
    """One monitoring pass; safe to run twice and at any moment."""
    monitoring.scan()


@shared_task(name="evaluation.surveys")
def surveys() -> None:
    """Open, write, take in and close what is due; safe to run twice and at any moment."""
    tick(clock.now())
