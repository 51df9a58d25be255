"""Work that beat starts or a worker does for us."""

from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mentoring import jobs
from programs.models import Cohort
from programs.services import invitations, many, uploads

if TYPE_CHECKING:
    from mentoring.jobs import Job, Progress


@shared_task(name="programs.remind_invited")
def remind_invited() -> int:
    """Remind those who have not answered an invitation; safe to run twice."""
    return invitations.remind_due()


def _cohort(job: "Job") -> Cohort:
    return Cohort.objects.get(jobs=job)


def _roster_page(job: "Job") -> str:
    return reverse("programs:roster_preview", args=[_cohort(job).key, job.args["roster"]])


def _people_page(job: "Job") -> str:
    return reverse("programs:people", args=[_cohort(job).key])


@jobs.handler("programs.roster", title=_("Importing the roster"), url=_roster_page)
def import_roster(job: "Job", progress: "Progress") -> dict[str, Any]:
    """Apply an uploaded roster."""
    return uploads.work(job, progress)


@jobs.handler("programs.invite", title=_("Sending invitations"), url=_people_page)
def invite_all(job: "Job", progress: "Progress") -> dict[str, Any]:
    """Invite everyone who was never invited."""
    count = invitations.invite_all(cohort=_cohort(job), by=job.created_by, progress=progress)
    text = ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", count)
    return {"invited": count, "said": text % {"n": count}}


@jobs.handler("programs.many", title=_("Changing many people"), url=_people_page)
def change_many(job: "Job", progress: "Progress") -> dict[str, Any]:
    """Do to many people what was looked at before."""
    return many.do(cohort=_cohort(job), args=job.args, by=job.created_by, progress=progress)
