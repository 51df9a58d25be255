"""What workers do for monitoring."""

from celery import shared_task

from evaluation import monitoring
from evaluation.surveys.tick import tick
from mentoring import clock
from programs.models import Cohort


@shared_task(name="evaluation.scan")
def scan() -> None:
    """One monitoring pass; safe to run twice and at any moment."""
    monitoring.scan()


@shared_task(name="evaluation.surveys")
def surveys() -> None:
    """Open, write, take in and close what is due; safe to run twice and at any moment."""
    tick(clock.now())


@shared_task(name="evaluation.refresh")
def refresh(cohort: int) -> None:
    """What stands in a cohort, looked at again because somebody changed the facts."""
    found = Cohort.objects.filter(pk=cohort).first()
    if found is not None:
        monitoring.refresh(cohort=found)
