"""One act for many people of a cohort: look at it first, then let a worker do it."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring import jobs
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.outbox.hours import night_note
from programs import queries
from programs.filters import PeopleFilter
from programs.models import Cohort, Enrollment
from programs.services import enrollments, many
from programs.views.base import back_with, fetch_cohort, me

SHOWN = 50
MOST_TICKED = 500


@require_POST
@policy(Permission.MANAGE_PEOPLE)
def act(request: HttpRequest, cohort: str) -> HttpResponse:
    """Say to whom it would happen; and hand it to a worker, when that is confirmed."""
    row = fetch_cohort(request, Permission.MANAGE_PEOPLE, cohort)
    try:
        proposal = many.look(rows=_chosen(request, row), act=request.POST.get("act", ""))
        if "confirm" in request.POST:
            return _confirmed(request, row, proposal)
    except DomainError as error:
        return back_with(request, "people", row.key, error=error)
    context = {
        "cohort": row,
        "proposal": proposal,
        "act": many.ACTS[proposal.act],
        "going": proposal.going[:SHOWN],
        "more": max(0, len(proposal.going) - SHOWN),
        "passed_over": [
            (why, len(rows), rows[:SHOWN], max(0, len(rows) - SHOWN))
            for why, rows in proposal.passed_over.items()
        ],
        "all": request.POST.get("all", ""),
        "query": request.POST.get("query", ""),
        "keys": [] if request.POST.get("all") else request.POST.getlist("who"),
        "reasons": enrollments.LEFT_REASONS.items(),
        "night": night_note(me(request)),
    }
    return render(request, "programs/many.html", context)


def _chosen(request: HttpRequest, cohort: Cohort) -> list[Enrollment]:
    """Those ticked, or everybody who fits the filter that the page was narrowed by."""
    rows = queries.people(cohort).order_by("person__family_name", "person__given_name", "pk")
    if request.POST.get("all"):
        found = PeopleFilter(QueryDict(request.POST.get("query", "")), queryset=rows)
        return list(found.qs)
    keys = request.POST.getlist("who")[:MOST_TICKED]
    if not keys:
        raise DomainError(_("Tick somebody first, or “everybody who fits”."))
    return list(rows.filter(key__in=keys))


def _confirmed(request: HttpRequest, cohort: Cohort, proposal: many.Proposal) -> HttpResponse:
    if request.POST.get("count") != str(len(proposal.going)):
        raise DomainError(_("Nothing was done: the list has changed meanwhile. Look again."))
    args = many.start_args(proposal, request.POST.get("reason", ""))
    job = jobs.start(kind="programs.many", cohort=cohort, by=me(request), args=args)
    return redirect("jobs:job", job.key)
