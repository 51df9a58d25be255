"""Who did what in a cohort."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mentoring.access import Permission, policy
from mentoring.audit.models import Event
from mentoring.ui.lists import csv_response, listing
from programs import filters, queries
from programs.models import Cohort
from programs.presenters import history
from programs.views.base import fetch_cohort, me

SORTS = {"at": ("at", "pk")}


@require_safe
@policy(Permission.VIEW_AUDIT)
def index(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """The acts of a cohort, the latest first; to whoever gave herself the role, none older."""
    row = fetch_cohort(request, Permission.VIEW_AUDIT, cohort)
    events = Event.objects.filter(cohort=row.pk, action__in=history.WORDS)
    since = queries.sees_since(me(request), row, "coordinator")
    if since is not None:
        events = events.filter(at__gte=since)
    if not any(request.GET.get(name) for name in ("q", "act")):
        # What one press did to many stands behind the act itself, for whoever looks for it.
        events = events.exclude(data__has_key="bulk")
    found = listing(request, events, sorts=SORTS, default="-at", filterset=filters.history_of(row))
    reader = me(request)
    if found.wants_csv:
        rows = history.lines(found.rows, reader, row)
        header = [_("When"), _("Who"), _("What"), _("About"), _("Change")]
        return csv_response(f"{row.name} history", header, (_cells(line, row) for line in rows))
    lines = history.lines(found.page.object_list, reader, row)
    return render(
        request, "programs/history.html", {"cohort": row, "listing": found, "lines": lines}
    )


def _cells(line: history.Line, cohort: Cohort) -> list[object]:
    at = line.at.astimezone(cohort.zone)
    about = "; ".join(str(one.text) for one in line.about)
    return [f"{at:%Y-%m-%d %H:%M}", line.who, line.what, about, line.note]
