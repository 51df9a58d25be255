"""Wishes for another mentor, as the coordinator sees them."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from matching.queries import free_places
from mentoring import access
from mentoring.access import Permission, policy
from mentoring.accounts.permissions import Role
from mentoring.ui.lists import listing
from programs.models import Cohort
from sessions.circle import circle
from sessions.models import ChangeRequest
from sessions.services import change_requests
from sessions.views.support import attempt, page, person

_ROWS = ChangeRequest.objects.select_related("person", "mentorship__cohort", "decided_by")


@require_safe
@policy(Permission.DECIDE_CHANGE_REQUEST)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """All wishes of a cohort, open ones first; those about the coordinator's own pair left out."""
    place = access.get_or_404(
        request.user, Permission.DECIDE_CHANGE_REQUEST, Cohort.objects.all(), key=cohort
    )
    rows = _ROWS.filter(mentorship__cohort=place).exclude(
        mentorship__memberships__person=person(request)
    )
    found = listing(
        request,
        rows,
        sorts={"when": "created_at", "state": ("decided_at", "created_at")},
        default="-when",
    )
    return page(request, "changes.html", {"cohort": place, "listing": found})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy(Permission.DECIDE_CHANGE_REQUEST)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One wish, its reason, and the answer."""
    wish = access.get_or_404(request.user, Permission.DECIDE_CHANGE_REQUEST, _ROWS, key=key)
    reader = person(request)
    if request.method == "POST":
        grant = request.POST.get("answer") == "grant"
        act = partial(change_requests.decide, request=wish, grant=grant, by=reader)
        if attempt(request, act):
            messages.success(request, _("Answered. The person who asked is told."))
        return redirect("sessions:change_request", key=key)
    context = {
        "wish": wish,
        "reason": change_requests.read_reason(request=wish, by=reader),
        "members": circle(wish.mentorship),
        "cohort": wish.mentorship.cohort,
        "asks_for_mentor": wish.mentorship.memberships.filter(
            person=wish.person, role=Role.STUDENT
        ).exists(),
        "free": free_places(wish.mentorship.cohort),
    }
    return page(request, "change_request.html", context)
