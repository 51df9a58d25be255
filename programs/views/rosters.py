"""A roster on its way from file to people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.jobs import Job
from mentoring.ui.lists import paged
from programs.forms.rosters import EncodingForm, MappingForm, UploadForm
from programs.models import RosterImport
from programs.roster import ENCODINGS, FIELDS, REQUIRED, Roster, preview
from programs.services import rosters, uploads
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of

SHOWN = 200
PREVIEWED = 10
S = RosterImport.State


@policy(Permission.MANAGE_PEOPLE)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """Upload a file, and the files before it."""
    row = fetch_cohort(request, Permission.MANAGE_PEOPLE, cohort)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            record = uploads.upload(cohort=row, file=form.cleaned_data["file"], by=me(request))
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("programs:roster_preview", row.key, record.key)
    context = {
        "cohort": row,
        "form": form,
        "fields": FIELDS,
        "required": REQUIRED,
        "imports": row.roster_imports.defer("content").select_related("uploaded_by")[:20],
    }
    return render(request, "programs/roster.html", context, status=status_of(form))


def _fetch(request: HttpRequest, cohort: str, key: str) -> RosterImport:
    rows = RosterImport.objects.select_related("cohort__program").filter(cohort__key=cohort)
    return access.get_or_404(request.user, Permission.MANAGE_PEOPLE, rows, key=key)


@policy(Permission.MANAGE_PEOPLE)
def show(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Columns and what would happen; progress; or what did happen."""
    record = _fetch(request, cohort, key)
    if record.state in (S.UPLOADED, S.FAILED):
        return _preview(request, record)
    report = record.report
    later = RosterImport.objects.filter(
        cohort=record.cohort, state=S.APPLIED, applied_at__gt=record.applied_at or record.created_at
    )
    context: dict[str, Any] = {
        "cohort": record.cohort,
        "record": record,
        "job": Job.objects.filter(cohort=record.cohort, args__roster=record.key).last(),
        "latest": not later.exists(),
        **_first("problems", report.get("rejected", [])),
        **_first("warnings", report.get("warnings", [])),
    }
    return render(request, "programs/roster_done.html", context)


def _first(name: str, remarks: list[Any]) -> dict[str, Any]:
    """The first remarks, and how many more there are: a page stays a page."""
    return {name: remarks[:SHOWN], f"more_{name}": max(0, len(remarks) - SHOWN)}


def _preview(request: HttpRequest, record: RosterImport) -> HttpResponse:
    cohort = record.cohort
    seen = preview(bytes(record.content), encoding=record.encoding, country=cohort.country)
    initial = {
        f"column{index}": record.mapping.get(header, "")
        for index, header in enumerate(seen.headers)
    }
    recode = request.POST if "encoding" in request.POST else None
    recoding = EncodingForm(recode, initial={"encoding": record.encoding})
    form = MappingForm(
        None if recode else request.POST or None, headers=seen.headers, initial=initial
    )
    sent = recoding if recode else form
    if request.method == "POST" and sent.is_valid():
        try:
            if recode:
                chosen = recoding.cleaned_data["encoding"]
                uploads.set_encoding(record=record, encoding=chosen, by=me(request))
            else:
                uploads.set_mapping(record=record, mapping=form.mapping(), by=me(request))
        except DomainError as error:
            refuse(sent, error)
        else:
            return redirect("programs:roster_preview", cohort.key, record.key)
    columns = [
        {"field": field, "cells": [row[index] for row in seen.sample if index < len(row)]}
        for index, field in enumerate(form)
    ]
    context: dict[str, Any] = {
        "cohort": cohort,
        "record": record,
        "encoding": ENCODINGS.get(seen.encoding, seen.encoding),
        "recoding": recoding,
        "form": form,
        "columns": columns,
    }
    try:
        roster = uploads.roster_of(record)
    except DomainError as error:
        context["refused"] = str(error)
    else:
        context |= _would_do(request, record, roster)
    return render(request, "programs/roster_preview.html", context, status=status_of(sent))


def _would_do(request: HttpRequest, record: RosterImport, roster: Roster) -> dict[str, Any]:
    # Where an encoding goes wrong it shows in these: they come first.
    entries = sorted(roster.entries, key=lambda one: (one.given_name + one.family_name).isascii())
    outcome = rosters.dry_run(cohort=record.cohort, roster=roster)
    return {
        "roster": roster,
        "outcome": outcome,
        "taken": paged(request, entries, per_page=PREVIEWED),
        **_first("problems", roster.problems),
        **_first("warnings", outcome.warnings),
        "ready": outcome.created + outcome.updated,
    }


@require_POST
@policy(Permission.MANAGE_PEOPLE)
def apply(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Put the people into the cohort, in a job."""
    record = _fetch(request, cohort, key)
    try:
        uploads.start(record=record, by=me(request))
    except DomainError as error:
        return back_with(request, "roster_preview", cohort, key, error=error)
    return redirect("programs:roster_preview", cohort, key)


@require_POST
@policy(Permission.MANAGE_PEOPLE)
def undo(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Take an import back."""
    record = _fetch(request, cohort, key)
    try:
        counts = uploads.undo(record=record, by=me(request))
    except DomainError as error:
        return back_with(request, "roster_preview", cohort, key, error=error)
    done = _("Undone: %(removed)s removed, %(restored)s as they were.") % counts
    if counts["kept"]:
        done += " " + ngettext(
            "%(count)s person stays as now: answered or changed since.",
            "%(count)s people stay as now: answered or changed since.",
            counts["kept"],
        ) % {"count": counts["kept"]}
    return back_with(request, "roster_preview", cohort, key, done=done)


@require_POST
@policy(Permission.MANAGE_PEOPLE)
def discard(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Throw an uploaded file away."""
    record = _fetch(request, cohort, key)
    try:
        uploads.discard(record=record, by=me(request))
    except DomainError as error:
        return back_with(request, "roster_preview", cohort, key, error=error)
    return back_with(request, "roster", cohort, done=_("The file was thrown away."))


@require_safe
@policy(Permission.MANAGE_PEOPLE)
def example(request: HttpRequest, cohort: str) -> HttpResponse:
    """An empty roster with all columns, to fill in."""
    fetch_cohort(request, Permission.MANAGE_PEOPLE, cohort)
    response = HttpResponse(
        "\ufeff" + ",".join(FIELDS) + "\r\n", content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="roster.csv"'
    return response
