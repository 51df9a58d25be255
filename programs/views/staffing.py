"""Whom the cohort still needs, and where."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mentoring.access import Permission, policy
from programs import staffing
from programs.forms.staffing import WhatIfForm
from programs.presenters import staffing as presenters
from programs.views.base import fetch_cohort


@require_safe
@policy(Permission.VIEW_PEOPLE)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """Mentors needed, those who said yes, and the gaps by campus, language and field."""
    row = fetch_cohort(request, Permission.VIEW_PEOPLE, cohort)
    form = WhatIfForm(request.GET or None)
    wanted = form.cleaned_data["students"] if form.is_bound and form.is_valid() else None
    found = staffing.of_cohort(row, students=wanted)
    context = {
        "cohort": row,
        "form": form,
        "asked": wanted is not None,
        "expected": found.expected,
        "needs": presenters.needs(row.planned_spec, found),
        "answers": presenters.answers(found),
        "gaps": presenters.gaps(found),
    }
    return render(request, "programs/staffing.html", context)
