"""A trial of matching procedures: set up, drawn and read by coordinators; joined by students."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from matching import presenters_trial as presenters
from matching import trial_home
from matching.forms_trial import TrialForm
from matching.models import Trial, TrialRecord
from matching.services import trials as services
from matching.views.common import actor, cohort_for, place_for, refuse
from mentoring import jobs
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.jobs.models import Job
from mentoring.jobs.services import with_progress
from mentoring.ui.lists import listing
from programs.models import Cohort, Enrollment

SORTS = {
    "student": ("student__person__family_name", "student__person__given_name"),
    "arm": ("arm", "student__person__family_name"),
}


@require_http_methods(["GET", "POST"])
@policy(Permission.RUN_MATCHING)
def trial(request: HttpRequest, cohort: str) -> HttpResponse:
    """The trial of a cohort: how it stands, who is in it, its report; or the form that opens it."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    last = found.trials.first()
    if request.method == "POST":
        return _open(request, found)
    if last is None or request.GET.get("new"):
        return _form(request, found, TrialForm(initial=TrialForm.initial_for(found.planned_spec)))
    rows = last.records.select_related("student__person")
    shown = listing(request, rows, sorts=SORTS, default="student")
    job = Job.objects.filter(key=last.job_key).first()
    context: dict[str, Any] = {
        "cohort": found,
        "trial": last,
        "counts": presenters.counts(last),
        "arms": presenters.arms(last),
        "listing": shown,
        "rows": [(row, last.title_of(row.arm)) for row in shown.page.object_list],
        "reasons": Trial.ExclusionReason.choices,
        "job": job and with_progress(job),
    }
    if job and job.state == "done":
        context["report"] = presenters.report(last, job.result["analysis"])
    return render(request, "matching/trial/trial.html", context)


def _open(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form = TrialForm(request.POST)
    if not form.is_valid():
        return _form(request, cohort, form, status=422)
    said = form.cleaned_data
    try:
        services.open_trial(
            cohort=cohort,
            title=said["title"],
            about=said["about"],
            arms=form.arms_of(cohort.planned_spec),
            strata=said["strata"],
            due_weeks=said["due_weeks"],
            by=actor(request),
        )
    except DomainError as error:
        refuse(request, error)
        return _form(request, cohort, form, status=422)
    messages.success(request, _("The trial is open. Students without a mentor are asked by mail."))
    return redirect("matching:trial", cohort=cohort.key)


def _form(request: HttpRequest, cohort: Cohort, form: TrialForm, status: int = 200) -> HttpResponse:
    context = {"cohort": cohort, "form": form}
    return render(request, "matching/trial/open.html", context, status=status)


def _current(request: HttpRequest, cohort: str) -> Trial:
    found = cohort_for(request, Permission.RUN_MATCHING, cohort).trials.first()
    if found is None:
        raise Http404
    return found


@require_POST
@policy(Permission.RUN_MATCHING)
def draw(request: HttpRequest, cohort: str) -> HttpResponse:
    """Draw the lot for everybody who agreed."""
    found = _current(request, cohort)
    try:
        count = services.draw(trial=found, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        text = ngettext("%(n)d student was drawn.", "%(n)d students were drawn.", count)
        messages.success(request, text % {"n": count})
    return redirect("matching:trial", cohort=cohort)


@require_POST
@policy(Permission.RUN_MATCHING)
def close(request: HttpRequest, cohort: str) -> HttpResponse:
    """Draw nobody any more; everybody can be matched by any procedure."""
    found = _current(request, cohort)
    try:
        services.close(trial=found, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, _("Allocation is closed. The seed is told now."))
    return redirect("matching:trial", cohort=cohort)


@require_POST
@policy(Permission.RUN_MATCHING)
def report(request: HttpRequest, cohort: str) -> HttpResponse:
    """Compute the report as of today, in a job."""
    found = _current(request, cohort)
    job = jobs.start(
        kind="matching.trial_report", cohort=found.cohort, by=actor(request),
        args={"trial": found.pk},
    )  # fmt: skip
    Trial.objects.filter(pk=found.pk).update(job_key=job.key)
    return redirect("matching:trial", cohort=cohort)


@require_POST
@policy(Permission.RUN_MATCHING)
def exclude(request: HttpRequest, cohort: str) -> HttpResponse:
    """Leave somebody out before she is drawn, or take her in again."""
    found = _current(request, cohort)
    row = found.records.select_related("trial__cohort").filter(
        student__key=request.POST.get("student", "")
    ).first()  # fmt: skip
    if row is None:
        messages.error(request, _("This student is not in the trial."))
        return redirect("matching:trial", cohort=cohort)
    try:
        services.exclude(record=row, reason=request.POST.get("reason", ""), by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, _("Noted."))
    return redirect("matching:trial", cohort=cohort)


@require_http_methods(["GET", "POST"])
@never_cache
@policy(Permission.JOIN_TRIAL)
def mine(request: HttpRequest, cohort: str, place: str) -> HttpResponse:
    """What is compared; take part or not; leave; say how content one is."""
    student = place_for(request, Permission.JOIN_TRIAL, cohort, place)
    found, record = _hers(student, request.POST.get("trial") or request.GET.get("trial", ""))
    if request.method == "POST":
        try:
            messages.success(request, _act(request, found, record, student))
        except DomainError as error:
            refuse(request, error)
        url = reverse("matching:my_trial", args=[cohort, place])
        return redirect(f"{url}?trial={found.key}")
    context = {
        "cohort": student.cohort,
        "place": student,
        "trial": found,
        "record": record,
        "arm": found.title_of(record.arm) if record and record.arm else "",
        "rates": record is not None and trial_home.is_due(record),
        "points": range(1, 8),
    }
    return render(request, "matching/trial/mine.html", context)


def _hers(student: Enrollment, key: str) -> tuple[Trial, TrialRecord | None]:
    """The trial that is meant, else the one that is open, else her last; and her record in it."""
    records = TrialRecord.objects.filter(student=student).select_related("trial__cohort")
    hers = {row.trial.key: row for row in records}
    if key in hers:
        return hers[key].trial, hers[key]
    open_ = student.cohort.trials.filter(closed_at=None).first()
    if open_ is not None:
        return open_, hers.get(open_.key)
    if not hers:
        raise Http404
    last = list(hers.values())[-1]
    return last.trial, last


def _act(
    request: HttpRequest, trial: Trial, record: TrialRecord | None, student: Enrollment
) -> str:
    act, by = request.POST.get("act", ""), actor(request)
    if act in {"yes", "no"}:
        services.answer(trial=trial, student=student, consent=act == "yes", by=by)
        return _("Thank you, it is noted.")
    if record is None:
        raise DomainError(_("Choose one of the two."))
    if act == "leave":
        services.leave(record=record, by=by)
        return _("You have left the trial. Nothing else changes for you.")
    points = request.POST.get("points", "")
    services.rate(record=record, points=int(points) if points.isdecimal() else 0, by=by)
    return _("Thank you.")
