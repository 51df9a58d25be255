"""Trainings and supervisions for those they are for: what is owed, the dates, one tap."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import SIGNED_IN, Permission, policy
from sessions import standings
from sessions.models import Meeting
from sessions.services import enrolling
from sessions.views.support import attempt, page, person

ROWS = Meeting.objects.select_related("series__group", "cohort")


@require_safe
@policy(SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    """For each place in a cohort: quotas by term, credits, my dates and those to choose."""
    found = standings.of(person(request), all_dates=True)
    return page(request, "training.html", {"standings": found})


@require_POST
@policy(Permission.ENROLL)
def enroll(request: HttpRequest, key: str) -> HttpResponse:
    """Take a place."""
    meeting = access.get_or_404(request.user, Permission.ENROLL, ROWS, key=key)
    act = partial(enrolling.enroll, meeting=meeting, by=person(request))
    if attempt(request, act):
        messages.success(
            request, _("You have a place. The calendar entry is on its way to you by mail.")
        )
    return _back(request, key)


@require_POST
@policy(Permission.ENROLL)
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """Give the place back."""
    meeting = access.get_or_404(request.user, Permission.ENROLL, ROWS, key=key)

    def act() -> bool:
        enrolling.leave(meeting=meeting, by=person(request))
        return True

    if attempt(request, act):
        messages.success(request, _("You gave your place back; somebody else can take it."))
    return _back(request, key)


def _back(request: HttpRequest, key: str) -> HttpResponse:
    back = request.POST.get("next", "")
    if back in {"home", "sessions:training"}:
        return redirect(back)
    return redirect("sessions:meeting", key=key)
