"""When people were in touch by whatever means: meetings held, contacts noted, answers written.

A message counts when it answers one of the other side: who writes into the void is not in touch.
Nothing here reads what was said. A fixed number of queries, whatever the size.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from matching.models import Mentorship
from sessions.models import Contact, Meeting, MeetingState, Message, Side


@dataclass(slots=True)
class Lately:
    """The last exchange of a mentorship, and how many there were in a recent period at least."""

    cohort: int
    last: datetime
    recent: int = 0


def lately(cohorts: Iterable[int], *, since: datetime) -> dict[int, Lately]:
    """Active mentorships that were ever in touch; three queries.

    ``last`` may be earlier than the last answer written, never later; ``recent`` counts meetings
    and contacts after ``since``.
    """
    found: dict[int, Lately] = {}

    def note(mentorship: int, cohort: int, last: datetime | None, recent: int = 0) -> None:
        if last is None:
            return
        known = found.setdefault(mentorship, Lately(cohort, last))
        known.last = max(known.last, last)
        known.recent += recent

    among = {
        "mentorship__cohort__in": list(cohorts),
        "mentorship__state": Mentorship.State.ACTIVE,
    }
    where = ("mentorship", "mentorship__cohort")
    held = Meeting.objects.filter(state=MeetingState.HELD, **among).values(*where)
    noted = Contact.objects.filter(**among).values(*where)
    for rows, field in ((held, "starts_at"), (noted, "at")):
        counted = rows.annotate(
            last=Max(field), n=Count("pk", filter=Q((f"{field}__gt", since)))
        ).order_by()
        for mentorship, cohort, last, recent in counted.values_list(*where, "last", "n"):
            note(mentorship, cohort, last, recent)
    written = (
        Message.objects.filter(**among)
        .values(*where)
        .annotate(
            student=Max("sent_at", filter=Q(side=Side.STUDENT)),
            mentor=Max("sent_at", filter=Q(side=Side.MENTOR)),
        )
    )
    both = written.filter(student__isnull=False, mentor__isnull=False).order_by()
    for mentorship, cohort, student, mentor in both.values_list(*where, "student", "mentor"):
        # The later of the two is an answer, or follows one that was not earlier than the other.
        note(mentorship, cohort, min(student, mentor))
    return found


def moments(
    meetings: QuerySet[Meeting], contacts: QuerySet[Contact], messages: QuerySet[Message]
) -> dict[int, list[datetime]]:
    """Every exchange among these rows, by mentorship, in order of time; three queries."""
    found: dict[int, list[datetime]] = defaultdict(list)
    held = meetings.filter(state=MeetingState.HELD, mentorship__isnull=False)
    for mentorship, at in held.order_by().values_list("mentorship", "starts_at"):
        if mentorship is not None:
            found[mentorship].append(at)
    for key, at in contacts.order_by().values_list("mentorship", "at"):
        found[key].append(at)
    spoke: dict[int, str] = {}
    written = messages.order_by("sent_at", "pk").values_list("mentorship", "side", "sent_at")
    for key, side, at in written:
        if spoke.get(key, side) != side:
            found[key].append(at)
        spoke[key] = side
    for known in found.values():
        known.sort()
    return dict(found)
