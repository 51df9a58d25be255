"""Start, run, resume and cancel long work."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db.models import F, Model
from django.utils import translation
from django.utils.translation import gettext as _

from mentoring import clock, handover
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.jobs import live, registry
from mentoring.jobs.models import Job, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
# Progress is written and the wish to stop is read at most this often, however eager the work is.
PROGRESS_SECONDS = 0.3


class CancelledError(Exception):
    """Somebody cancelled the job; let it pass so that the transaction rolls back."""


def start(*, kind: str, by: User | None, cohort: Model | None = None, args: dict[str, Any]) -> Job:
    """Queue long work; a worker gets it once the caller's transaction is committed."""
    from mentoring.jobs.tasks import run_job  # noqa: PLC0415 - tasks import this module

    registry.get(kind)
    job = Job.objects.create(kind=kind, cohort=cohort, created_by=by, args=args)  # type: ignore[misc]
    handover.after_commit(run_job, job.pk)
    return job


def cancel(*, job: Job, by: User) -> None:  # noqa: ARG001 - who may is the gate's business
    """Take a waiting job back at once; ask a running one to stop at its next step."""
    stopped = Job.objects.filter(pk=job.pk, state=State.QUEUED).update(
        state=State.CANCELLED, finished_at=clock.now()
    )
    if not stopped:
        live.wish_to_stop(job.key)
    job.refresh_from_db()


def with_progress(job: Job) -> Job:
    """The job with ``done`` and ``total`` as they are this moment."""
    if job.state == State.RUNNING:
        job.done, job.total = live.progress(job.key) or (job.done, job.total)
    return job


def abandoned() -> "QuerySet[Job]":
    """Jobs nobody works on: never picked up, or left by a worker that died."""
    waited = clock.now() - timedelta(seconds=15)
    dead = [
        job.pk
        for job in Job.objects.filter(
            state=State.RUNNING, claimed_at__lt=clock.now() - timedelta(seconds=live.ALIVE_SECONDS)
        )
        if not live.is_alive(job.claim)
    ]
    waiting = Job.objects.filter(state=State.QUEUED, created_at__lt=waited)
    return waiting | Job.objects.filter(pk__in=dead)


def run(pk: int) -> bool:
    """Do the work of one job, if nobody else does; whether it was ours."""
    job = _claim(pk)
    if job is None:
        return False
    with live.kept_alive(job.claim):
        state, result, error = _work(job)
        done, total = live.progress(job.key) or (0, 0)
        mine = Job.objects.filter(pk=pk, claim=job.claim, state=State.RUNNING)
        mine.update(
            state=state,
            result=result,
            error=error[:500],
            done=done,
            total=total,
            finished_at=clock.now(),
        )
    return True


def _claim(pk: int) -> Job | None:
    job = Job.objects.filter(pk=pk).first()
    if job is None or job.finished or (job.state == State.RUNNING and live.is_alive(job.claim)):
        return None
    claim = uuid4().hex
    won = Job.objects.filter(pk=pk, state=job.state, claim=job.claim).update(
        state=State.RUNNING, claim=claim, claimed_at=clock.now(), attempts=F("attempts") + 1
    )
    if not won:
        return None
    job.refresh_from_db()
    return job


def _work(job: Job) -> tuple[State, dict[str, Any], str]:
    language = job.created_by.language if job.created_by else ""
    with translation.override(language or settings.LANGUAGE_CODE):
        if job.attempts > MAX_ATTEMPTS:
            return State.FAILED, {}, _("This was tried several times and never came to its end.")
        try:
            result = registry.get(job.kind).work(job, _reporter(job))
        except CancelledError:
            return State.CANCELLED, {}, ""
        except DomainError as error:
            return State.FAILED, {}, str(error)
        except Exception:
            logger.exception("Job %s of kind %s failed.", job.key, job.kind)
            return State.FAILED, {}, _("Something went wrong on our side. Please try again.")
    return State.DONE, result, ""


def _reporter(job: Job) -> registry.Progress:
    last = clock.stopwatch() - PROGRESS_SECONDS

    def progress(done: int, total: int) -> None:
        nonlocal last
        if done < total and clock.stopwatch() - last < PROGRESS_SECONDS:
            return
        last = clock.stopwatch()
        live.set_progress(job.key, done, total)
        if live.should_stop(job.key):
            raise CancelledError

    return progress
