"""The progress of a job, as a page and as the fragment that replaces itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.accounts.models import User
from mentoring.jobs import services
from mentoring.jobs.models import Job


@require_GET
@never_cache
@policy(Permission.VIEW_JOB)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """How far the job is."""
    return _render(request, _job(request, key))


@require_POST
@policy(Permission.VIEW_JOB)
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Stop the job; nothing it has not committed remains."""
    job = _job(request, key)
    if isinstance(request.user, User):
        services.cancel(job=job, by=request.user)
    return _render(request, job)


def _job(request: HttpRequest, key: str) -> Job:
    rows = Job.objects.select_related("cohort", "created_by")
    return access.get_or_404(request.user, Permission.VIEW_JOB, rows, key=key)


def _render(request: HttpRequest, job: Job) -> HttpResponse:
    htmx = bool(getattr(request, "htmx", False))
    template = "_components/job.html" if htmx else "jobs/job.html"
    response = render(request, template, {"job": services.with_progress(job)})
    if htmx and job.finished:
        # Pages that show more than the bar listen for this and refresh what they show.
        response["HX-Trigger"] = "job-finished"
    return response
