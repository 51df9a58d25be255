"""Why not that one: what another pair of a run would cost, from the engine."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matching import presenters_why as presenters
from matching.forms import people
from matching.models import MatchPair, MatchRun
from matching.reasons import reasons
from matching.services import runs
from matching.services.runs import FINISHED
from matching.views.common import actor, refuse
from mentoring import access, jobs
from mentoring.access import Permission, policy
from mentoring.accounts.permissions import MENTOR_ROLES
from mentoring.errors import DomainError
from mentoring.jobs.models import Job
from mentoring.jobs.services import with_progress
from programs.models import Enrollment


@require_http_methods(["GET", "POST"])
@policy(Permission.RUN_MATCHING)
def why_not(request: HttpRequest, cohort: str, run: str, student: str) -> HttpResponse:
    """Choose another mentor for a student of a run, and read what that would change."""
    rows = MatchRun.objects.filter(state__in=FINISHED).defer("inputs")
    found = access.get_or_404(
        request.user, Permission.RUN_MATCHING, rows.select_related("cohort__program"),
        key=run, cohort__key=cohort,
    )  # fmt: skip
    pair = _pair(found, student, request.POST.get("shape") or request.GET.get("shape", ""))
    url = reverse("matching:why_not", args=[cohort, run, student])
    if request.method == "POST":
        mentor = _mentor(found, request.POST.get("mentor", ""))
        if mentor is None:
            messages.error(request, _("Choose a mentor."))
            return redirect(f"{url}?shape={pair.shape}")
        try:
            runs.refuse_old(found)
        except DomainError as error:
            refuse(request, error)
            return redirect(f"{url}?shape={pair.shape}")
        args = {
            "run": found.pk,
            "student": pair.student_id,
            "mentor": mentor.pk,
            "shape": pair.shape,
        }
        job = jobs.start(kind="matching.why_not", cohort=found.cohort, by=actor(request), args=args)
        return redirect(f"{url}?shape={pair.shape}&job={job.key}")
    context = {
        "cohort": found.cohort,
        "run": found,
        "pair": pair,
        "why": reasons(pair),
        "mentors": people(found.cohort, *MENTOR_ROLES).exclude(pk=pair.mentor_id),
        **_answered(request, found, pair),
    }
    return render(request, "matching/why_not.html", context)


def _pair(run: MatchRun, student: str, shape: str) -> MatchPair:
    rows = MatchPair.objects.filter(run=run, student__key=student).select_related(
        "student__person", "mentor__person"
    )
    found = rows.filter(shape=shape).first() if shape else rows.first()
    if found is None:
        raise Http404
    return found


def _mentor(run: MatchRun, key: str) -> Enrollment | None:
    return people(run.cohort, *MENTOR_ROLES).filter(key=key).first()  # type: ignore[no-any-return]


def _answered(request: HttpRequest, run: MatchRun, pair: MatchPair) -> dict[str, Any]:
    """The job of the address, if it is about this pair, and its answer once there is one."""
    job = Job.objects.filter(key=request.GET.get("job", ""), kind="matching.why_not").first()
    if job is None or (job.args["run"], job.args["student"]) != (run.pk, pair.student_id):
        return {}
    asked = Enrollment.objects.select_related("person").filter(pk=job.args["mentor"]).first()
    found: dict[str, Any] = {"job": with_progress(job), "asked": asked}
    if job.state == "done" and asked is not None:
        found["answer"] = presenters.answer(job.result, pair.student, asked)
    return found
