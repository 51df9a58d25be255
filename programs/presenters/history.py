"""Who did what in a cohort, in words. Acts inside a pair are not among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.models import User
from mentoring.audit.models import Event
from programs.models import Enrollment

# What is not listed here is nobody's business outside the pair: meetings, messages, concerns.
WORDS: Final[dict[str, str | Promise]] = {
    "cohort.opened": _("opened the cohort"),
    "cohort.moved": _("moved the cohort along its life"),
    "cohort.changed": _("changed the settings"),
    "edition.dated": _("changed the first or last day"),
    "term.saved": _("saved a term"),
    "term.removed": _("removed a term"),
    "pause.saved": _("saved a pause"),
    "pause.removed": _("removed a pause"),
    "contact.saved": _("saved a contact of the help page"),
    "contact.removed": _("removed a contact of the help page"),
    "applications.opened": _("opened applications"),
    "applications.closed": _("closed applications"),
    "enrollment.added": _("added a person"),
    "enrollment.applied": _("applied"),
    "enrollment.moved": _("changed the state of a place"),
    "enrollment.changed": _("changed a profile"),
    "enrollment.year": _("recorded a class year"),
    "invitation.sent": _("sent an invitation"),
    "invitations.sent": _("invited everyone on the list"),
    "absence.declared": _("declared an absence"),
    "absence.ended": _("took an absence back"),
    "roster.uploaded": _("uploaded a roster"),
    "roster.mapped": _("mapped the columns of a roster"),
    "roster.imported": _("imported a roster"),
    "roster.undone": _("undid an import"),
    "roster.discarded": _("threw a roster away"),
    "matching.run_started": _("started a matching"),
    "matching.published": _("published a matching"),
    "matching.rule_set": _("set a rule for a pair"),
    "matching.rule_removed": _("removed a rule for a pair"),
    "mentorship.assigned": _("assigned a student by hand"),
    "rule.set": _("changed a monitoring rule"),
    "rule.reset": _("reset a monitoring rule"),
    "broadcast.sent": _("wrote to a list of people"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act."""

    at: datetime
    who: str
    what: str | Promise
    about: Enrollment | None
    note: str


def lines(events: Iterable[Event]) -> list[Line]:
    """Events with the names of those who acted, and of those whom it concerned: two queries."""
    rows = list(events)
    actors = User.objects.in_bulk({row.actor for row in rows if row.actor})
    label = Enrollment._meta.label_lower  # noqa: SLF001 (public in practice)
    places = Enrollment.objects.select_related("person").in_bulk(
        {row.subject for row in rows if row.subject_type == label and row.subject}
    )
    found = []
    for row in rows:
        actor = actors.get(row.actor or 0)
        before, after = row.data.get("before"), row.data.get("after")
        found.append(
            Line(
                at=row.at,
                who=actor.full_name if actor else "",
                what=WORDS[row.action],
                about=places.get(row.subject or 0) if row.subject_type == label else None,
                note=f"{before} → {after}" if before and after else "",
            )
        )
    return found
