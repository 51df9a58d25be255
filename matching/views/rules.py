"""Rules about one student and one mentor."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching import queries
from matching.forms import RuleForm
from matching.models import MatchRun, PairRule
from matching.services import pair_rules
from matching.views.common import actor, cohort_for, refuse
from mentoring import access
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs.models import Cohort

SORTS = {
    "student": ("student__person__family_name", "student__person__given_name"),
    "mentor": ("mentor__person__family_name", "mentor__person__given_name"),
    "rule": "kind",
}


@require_GET
@policy(Permission.RUN_MATCHING)
def rules(request: HttpRequest, cohort: str) -> HttpResponse:
    """Who must or must not be paired."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    return _rules(request, found, RuleForm(cohort=found))


@require_POST
@policy(Permission.RUN_MATCHING)
def add(request: HttpRequest, cohort: str) -> HttpResponse:
    """Set a rule; from the review page one goes back there."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    form = RuleForm(_said(request), cohort=found)
    if not form.is_valid():
        return _rules(request, found, form, status=422)
    try:
        pair_rules.set_rule(cohort=found, by=actor(request), **form.cleaned_data)
    except DomainError as error:
        refuse(request, error)
        if not request.POST.get("run"):
            return _rules(request, found, form, status=422)
    else:
        messages.success(request, _("The rule is kept. It counts from the next run on."))
    return _back(request, found)


@require_POST
@policy(Permission.RUN_MATCHING)
def remove(request: HttpRequest, cohort: str, rule: str) -> HttpResponse:
    """Forget a rule."""
    rows = PairRule.objects.select_related("cohort")
    found = access.get_or_404(
        request.user, Permission.RUN_MATCHING, rows, key=rule, cohort__key=cohort
    )
    pair_rules.remove_rule(rule=found, by=actor(request))
    messages.success(request, _("The rule is removed. It counts from the next run on."))
    return _back(request, found.cohort)


def _rules(request: HttpRequest, cohort: Cohort, form: RuleForm, status: int = 200) -> HttpResponse:
    shown = listing(request, queries.rules(cohort), sorts=SORTS, default="student")
    context = {"cohort": cohort, "form": form, "listing": shown}
    return render(request, "matching/rules.html", context, status=status)


def _said(request: HttpRequest) -> Mapping[str, str]:
    """The form's fields; a row of the review page says them in one button."""
    parts = request.POST.get("rule", "").split(":")
    if len(parts) != 3:
        return request.POST
    return dict(zip(("kind", "student", "mentor"), parts, strict=True))


def _back(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """To the run from which the rule was set, at the same page and filter, or to the rules."""
    run = MatchRun.objects.filter(cohort=cohort, key=request.POST.get("run", "")).first()
    if run is None:
        return redirect("matching:rules", cohort=cohort.key)
    response = redirect("matching:run", cohort=cohort.key, run=run.key)
    query = request.POST.get("query", "")
    if query:
        response["Location"] += "?" + query.lstrip("?").replace("\r", "").replace("\n", "")
    return response
