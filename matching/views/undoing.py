"""Pairs left out of a publication, and a publication taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from matching.models import MatchPair
from matching.services import undoing as services
from matching.views.common import actor, refuse, run_for
from mentoring.access import Permission, policy
from mentoring.errors import DomainError


@require_POST
@policy(Permission.RUN_MATCHING)
def undo(request: HttpRequest, cohort: str, run: str) -> HttpResponse:
    """Take a publication back, as far as nobody has met."""
    found = run_for(request, cohort, run)
    try:
        done = services.undo(run=found, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        text = ngettext(
            "%(n)d mentorship is taken back; its people get a kind mail.",
            "%(n)d mentorships are taken back; their people get a kind mail.",
            done.taken_back,
        ) % {"n": done.taken_back}
        if done.stay:
            text += " " + ngettext(
                "%(n)d stays, as its people have met.",
                "%(n)d stay, as their people have met.",
                done.stay,
            ) % {"n": done.stay}
        messages.success(request, text)
    return redirect("matching:run", cohort=cohort, run=run)


@require_POST
@policy(Permission.RUN_MATCHING)
def leave_out(request: HttpRequest, cohort: str, run: str) -> HttpResponse:
    """Leave a pair out of the publication, or take it in again."""
    found = run_for(request, cohort, run)
    kind, _colon, pk = request.POST.get("pair", "").partition(":")
    pair = MatchPair.objects.filter(run=found, pk=pk if pk.isdecimal() else 0).first()
    if pair is None:
        messages.error(request, _("This pair is not in the run any more."))
        return redirect("matching:run", cohort=cohort, run=run)
    try:
        services.leave_out(run=found, pair=pair, out=kind == "out", by=actor(request))
    except DomainError as error:
        refuse(request, error)
    query = request.POST.get("query", "")
    return redirect(f"{reverse('matching:run', args=[cohort, run])}?{query}")
