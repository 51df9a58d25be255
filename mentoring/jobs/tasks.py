"""What workers do for jobs."""

from celery import shared_task

from mentoring import handover
from mentoring.jobs import services


@shared_task(name="jobs.run")
def run_job(pk: int) -> None:
    """Run one job, unless somebody else does."""
    services.run(pk)


@shared_task(name="jobs.resume")
def resume() -> None:
    """Hand over jobs that nobody works on: the broker was away, or a worker died."""
    for job in services.abandoned():
        handover.after_commit(run_job, job.pk)
