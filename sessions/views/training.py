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
from sessions.services import enrolling, waiting
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
        messages.success(request, _("You gave your place back; it goes to somebody else."))
    return _back(request, key)


@require_POST
@policy(Permission.ENROLL)
def wait(request: HttpRequest, key: str) -> HttpResponse:
    """Put oneself on the waiting list of a full date."""
    meeting = access.get_or_404(request.user, Permission.ENROLL, ROWS, key=key)

    def act() -> bool:
        if waiting.wait(meeting=meeting, by=person(request)) is None:
            messages.success(request, _("A place was free: you have it."))
        else:
            messages.success(
                request,
                _("You are on the waiting list. If a place becomes free, it is yours at once."),
            )
        return True

    attempt(request, act)
    return _back(request, key)


@require_POST
@policy(Permission.ENROLL)
def step_down(request: HttpRequest, key: str) -> HttpResponse:
    """Wait no longer."""
    meeting = access.get_or_404(request.user, Permission.ENROLL, ROWS, key=key)
    waiting.step_down(meeting=meeting, by=person(request))
    messages.success(request, _("You are no longer on the waiting list."))
    return _back(request, key)


def _back(request: HttpRequest, key: str) -> HttpResponse:
    back = request.POST.get("next", "")
    if back in {"home", "sessions:training"}:
        return redirect(back)
    return redirect("sessions:meeting", key=key)
