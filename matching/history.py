"""What recorded acts of matching were about, for the page that says who did what."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import EndReason, MatchRun, PairRule
from mentoring.accounts.models import User
from mentoring.audit.models import Event
from mentoring.ports import About
from programs.models import Cohort

REASONS = dict(EndReason.choices)
RULES = dict(PairRule.Kind.choices)


def about(_reader: User, cohort: Cohort, events: Sequence[Event]) -> dict[int, About]:
    """Runs by their number, ends by their reason; one query. Names are resolved by programs."""
    of_runs = [event for event in events if event.subject_type == "matching.matchrun"]
    ids = {event.subject for event in of_runs if event.subject}
    runs = MatchRun.objects.defer("inputs").in_bulk(ids)
    found = {}
    for event in of_runs:
        if run := runs.get(event.subject or 0):
            url = reverse("matching:run", args=[cohort.key, run.key])
            text = _("Run %(number)d") % {"number": run.number}
            found[event.pk] = About(text, url, _formed(event))
    for event in events:
        if event.action.startswith("mentorship."):
            found[event.pk] = About(note=REASONS.get(event.data.get("reason", ""), ""))
        elif event.action.startswith("matching.rule_"):
            found[event.pk] = About(note=RULES.get(event.data.get("kind", ""), ""))
    return found


def _formed(event: Event) -> str:
    count = event.data.get("mentorships")
    if count is None:
        return ""
    return ngettext("%(n)d mentorship", "%(n)d mentorships", count) % {"n": count}
