"""What recorded acts of monitoring were about, for the page that says who did what."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation import presenters, queries
from evaluation.monitoring.catalog import BY_SLUG
from mentoring.accounts.models import User
from mentoring.audit.models import Event
from mentoring.ports import About
from programs.models import Cohort


def about(_reader: User, cohort: Cohort, events: Sequence[Event]) -> dict[int, About]:
    """Flags by title and names, rules by what became of their numbers; a few queries."""
    found = _flags(cohort, [event for event in events if event.action.startswith("flag.")])
    for event in events:
        if event.action in {"rule.set", "rule.reset"}:
            rule = BY_SLUG.get(event.data.get("rule", ""))
            title = rule.title if rule else ""
            found[event.pk] = About(
                title, reverse("evaluation:rules", args=[cohort.key]), _changes(event)
            )
        elif event.action == "broadcast.sent":
            count = len(event.data.get("people", []))
            text = ngettext("%(n)d person", "%(n)d people", count) % {"n": count}
            found[event.pk] = About(text)
    return found


def _flags(cohort: Cohort, events: Sequence[Event]) -> dict[int, About]:
    """Only flags that the program lets the reader see are named."""
    ids = {event.subject for event in events if event.subject}
    rows = list(queries.flags(cohort).filter(pk__in=ids).select_related("mentorship"))
    words = {row.flag.pk: row for row in presenters.flag_rows(cohort, rows)}
    found = {}
    for event in events:
        if row := words.get(event.subject or 0):
            days = event.data.get("days")
            note = ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else ""
            found[event.pk] = About(f"{row.who}: {row.title}", row.url, note)
    return found


def _changes(event: Event) -> str:
    """“Flag for the coordinator after: 21 → 14”; only what changed, where that is known."""
    rule = BY_SLUG.get(event.data.get("rule", ""))
    before: Mapping[str, object] = event.data.get("before") or {}
    after: Mapping[str, object] = event.data.get("after") or event.data
    if rule is None:
        return ""
    parts = [
        f"{one.label}: {before[one.key]} → {after[one.key]}"
        for one in rule.thresholds
        if one.key in before and one.key in after and before[one.key] != after[one.key]
    ]
    if before.get("on") != after.get("on") and "on" in before:
        parts.insert(0, _("turned on") if after.get("on") else _("turned off"))
    return "; ".join(parts)
