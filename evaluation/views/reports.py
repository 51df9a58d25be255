"""The report of a cohort: as of a date, as it was issued, and as a file."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evaluation.forms import AsOfForm
from evaluation.models import Report, ReportFile
from evaluation.reports import figures, presenters
from evaluation.services import reports as services
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.paper import Paper, language
from mentoring.ui.downloads import attached
from mentoring.ui.lists import csv_response, listing
from programs.models import Cohort


def _cohort(request: HttpRequest, permission: Permission, key: str) -> Cohort:
    rows = Cohort.objects.select_related("program")
    return access.get_or_404(request.user, permission, rows, key=key)


def _report(request: HttpRequest, key: str) -> Report:
    files = ReportFile.objects.filter(language=language()).defer("content")
    rows = Report.objects.select_related("cohort__program", "made_by").prefetch_related(
        Prefetch("files", files.order_by("paper"))
    )
    return access.get_or_404(request.user, Permission.VIEW_REPORT, rows, key=key)


def _context(cohort: Cohort, found: figures.Figures, **more: Any) -> dict[str, Any]:
    return {
        "cohort": cohort,
        "sections": presenters.sections(found),
        "highlights": presenters.highlights(found),
        "level_note": presenters.level_note(found["level"]),
        "day": date.fromisoformat(found["as_of"]),
        "fewest": found["fewest"],
        "definitions": found["definitions"],
        **more,
    }


@require_GET
@access.policy(Permission.VIEW_REPORT)
def current(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """The figures as of a date, and the reports that were issued."""
    found = _cohort(request, Permission.VIEW_REPORT, cohort)
    form = AsOfForm(request.GET if "as_of" in request.GET else None)
    as_of = form.cleaned_data["as_of"] if form.is_bound and form.is_valid() else None
    rows = Report.objects.filter(cohort=found).select_related("made_by").defer("figures")
    issued = listing(
        request, rows, sorts={"made": "made_at", "as_of": "as_of"}, default="-made", per_page=10
    )
    computed = figures.collect(found, as_of)
    return render(
        request,
        "evaluation/report/current.html",
        _context(
            found,
            computed,
            form=form,
            listing=issued,
            may_issue=access.can(request.user, Permission.ISSUE_REPORT, found),
        ),
    )


@require_POST
@access.policy(Permission.ISSUE_REPORT)
def issue(request: HttpRequest, cohort: str) -> HttpResponse:
    """Keep the figures as of a date."""
    found = _cohort(request, Permission.ISSUE_REPORT, cohort)
    form = AsOfForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is not a date."))
        return redirect("evaluation:report", cohort=cohort)
    try:
        report = services.issue(cohort=found, as_of=form.cleaned_data["as_of"], by=_user(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("evaluation:report", cohort=cohort)
    return redirect("evaluation:issued_report", key=report.key)


@require_GET
@access.policy(Permission.VIEW_REPORT)
def issued(request: HttpRequest, key: str) -> HttpResponse:
    """A report as it was issued, and whether the database would say the same today."""
    report = _report(request, key)
    context = _context(
        report.cohort,
        report.figures,
        report=report,
        papers=_papers(report),
        same=figures.collect(report.cohort, report.as_of) == report.figures,
        counted_otherwise=report.definitions != figures.DEFINITIONS,
    )
    return render(request, "evaluation/report/issued.html", context)


def _papers(report: Report) -> list[dict[str, Any]]:
    made = {file.paper for file in report.files.all()}
    return [
        {
            "value": value,
            "label": label,
            "url": reverse("evaluation:report_pdf", args=[report.key, value])
            if value in made
            else "",
        }
        for value, label in Paper.choices
    ]


@require_GET
@access.policy(Permission.VIEW_REPORT)
def as_csv(request: HttpRequest, key: str) -> HttpResponseBase:
    """The figures as a table of codes and numbers."""
    report = _report(request, key)
    return csv_response(
        _name(report), list(presenters.CSV_HEADER), presenters.csv_rows(report.figures)
    )


@require_GET
@access.policy(Permission.VIEW_REPORT)
def as_json(request: HttpRequest, key: str) -> HttpResponse:
    """The figures as they are kept."""
    report = _report(request, key)
    response = JsonResponse(report.figures, json_dumps_params={"indent": 2})
    return attached(response, f"{_name(report)}.json")


@require_POST
@access.policy(Permission.VIEW_REPORT)
def order_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """Have the PDF made, and show how far it is."""
    report = _report(request, key)
    try:
        job = services.order_pdf(
            report=report, paper=request.POST.get("paper", Paper.A4), by=_user(request)
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("evaluation:issued_report", key=key)
    return redirect("jobs:job", key=job.key)


@require_GET
@access.policy(Permission.VIEW_REPORT)
def pdf(request: HttpRequest, key: str, paper: str) -> HttpResponse:
    """The PDF, if it was made in the reader's language."""
    report = _report(request, key)
    file = ReportFile.objects.filter(report=report, paper=paper, language=language())
    found = file.first()
    if found is None:
        messages.info(request, _("This file has not been made yet."))
        return redirect("evaluation:issued_report", key=key)
    response = HttpResponse(bytes(found.content), content_type="application/pdf")
    return attached(response, f"{_name(report)}-{paper}.pdf")


def _name(report: Report) -> str:
    return f"report-{report.cohort.key}-{report.as_of:%Y-%m-%d}"


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the policy let nobody else in)
    return request.user
