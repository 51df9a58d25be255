"""What workers do for monitoring."""

from celery import shared_task

from evaluation import monitoring


@shared_task(name="evaluation.scan")
def scan() -> None:
    """One monitoring pass; safe to run twice and at any moment."""
    monitoring.scan()
