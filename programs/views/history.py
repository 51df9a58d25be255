"""Who did what in a cohort."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mentoring.access import Permission, policy
from mentoring.audit.models import Event
from mentoring.ui.lists import listing
from programs import queries
from programs.presenters import history
from programs.views.base import fetch_cohort, me

SORTS = {"at": "at"}


@require_safe
@policy(Permission.VIEW_AUDIT)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """The acts of a cohort, the latest first; to whoever gave herself the role, none older."""
    row = fetch_cohort(request, Permission.VIEW_AUDIT, cohort)
    events = Event.objects.filter(cohort=row.pk, action__in=history.WORDS)
    since = queries.sees_since(me(request), row, "coordinator")
    if since is not None:
        events = events.filter(at__gte=since)
    found = listing(request, events, sorts=SORTS, default="-at")
    context = {"cohort": row, "listing": found, "lines": history.lines(found.page.object_list)}
    return render(request, "programs/history.html", context)
