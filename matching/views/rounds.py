"""Choosing, for coordinators: opened, followed and closed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from matching import presenters_choosing as presenters
from matching import presenters_wishes, queries
from matching.choices import choosable
from matching.forms_choosing import RoundForm
from matching.models import ChoosingRound, MentorRequest
from matching.services import choosing as services
from matching.services import wishes
from matching.views.common import actor, cohort_for, refuse
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs.models import Cohort
from programs.services import gate

SORTS = {
    "student": ("student__person__family_name", "student__person__given_name"),
    "mentor": ("mentor__person__family_name", "mentor__person__given_name"),
    "asked": "asked_at",
    "state": "state",
}


@require_http_methods(["GET", "POST"])
@policy(Permission.RUN_MATCHING)
def choosing(request: HttpRequest, cohort: str) -> HttpResponse:
    """How far choosing has come; the form that opens it, or changes how it goes."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    round_ = services.current(found)
    if request.method == "GET":
        initial = {} if round_ else services.proposed(found.planned_spec)
        return _page(request, found, round_, RoundForm(instance=round_, initial=initial))
    # The form writes nothing: it is given a copy to compare with.
    form = RoundForm(request.POST, instance=ChoosingRound(cohort=found))
    if form.is_valid():
        said = form.said()
        try:
            if round_:
                services.change_round(round_=round_, by=actor(request), **said)
                done = _("Changed. Whoever is asked already keeps the time she was told.")
            else:
                services.open_round(cohort=found, by=actor(request), **said)
                done = _("Students can choose now. They and the mentors get a mail.")
        except DomainError as error:
            refuse(request, error)
        else:
            messages.success(request, done)
            return redirect("matching:choosing", cohort=cohort)
    return _page(request, found, round_, form, status=422)


def _page(
    request: HttpRequest,
    cohort: Cohort,
    round_: ChoosingRound | None,
    form: RoundForm,
    status: int = 200,
) -> HttpResponse:
    last = round_ or cohort.choosing_rounds.first()
    context: dict[str, Any] = {
        "cohort": cohort,
        "round": round_,
        "last": last,
        "form": form,
        "waiting": queries.unplaced_count(cohort),
        "places": queries.free_places(cohort),
        "closed_by": gate.closed_by(cohort),
        "choosable": bool(choosable(cohort)),
        "trial": cohort.trials.filter(closed_at=None).exists(),
    }
    if last is not None:
        waiting = list(queries.unplaced(cohort).values_list("pk", flat=True))
        if last.is_ranked:
            context["ranked"] = presenters_wishes.progress(last, waiting)
            return render(request, "matching/choosing/round.html", context, status=status)
        context["progress"] = presenters.progress(last, waiting)
        rows = MentorRequest.objects.filter(round=last).select_related(
            "student__person", "mentor__person", "round__cohort"
        )
        context["listing"] = listing(request, rows, sorts=SORTS, default="-asked")
    return render(request, "matching/choosing/round.html", context, status=status)


@require_POST
@policy(Permission.RUN_MATCHING)
def mentors_turn(request: HttpRequest, cohort: str) -> HttpResponse:
    """Students' lists stand; mentors rank those who named them."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    round_ = services.current(found)
    if round_ is None:
        raise Http404
    try:
        count = wishes.let_mentors_rank(round_=round_, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        text = ngettext("%(n)d mentor gets a mail.", "%(n)d mentors get a mail.", count)
        messages.success(request, text % {"n": count})
    return redirect("matching:choosing", cohort=cohort)


@require_POST
@policy(Permission.RUN_MATCHING)
def close(request: HttpRequest, cohort: str) -> HttpResponse:
    """End choosing; whoever has no mentor is matched by the coordinators."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    round_ = services.current(found)
    if round_ is None:
        raise Http404
    try:
        services.close_round(round_=round_, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        done = (
            _("The lists stand. Students read that places are given now: start a run.")
            if round_.is_ranked
            else _("Choosing is over. Students without a mentor read that you go on looking.")
        )
        messages.success(request, done)
    return redirect("matching:choosing", cohort=cohort)
