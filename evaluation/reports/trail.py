"""What became of meetings and contacts, and when that was known: the history behind two sections.

A meeting's row says only how it stands now. Records are corrected, and each correction is an audit
event; with them, how a meeting stood on any earlier day is had again.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from evaluation.reports.basis import Basis
from mentoring.audit.models import Event
from sessions.models import Contact, Meeting, MeetingState

OPEN, HELD, MISSED, CANCELLED = "open", "held", "missed", "cancelled"
RECORDED = ("meeting.recorded", "meeting.recorded_unplanned")


@dataclass(frozen=True, slots=True)
class Course:
    """A meeting of a mentorship: its states, each from an instant on, and who missed it."""

    mentorship: int
    meeting: int
    kind: str
    starts_at: datetime
    states: tuple[tuple[datetime, str, str], ...]


@dataclass(frozen=True, slots=True)
class Touch:
    """A contact: when it was, from when it was known, and when it was taken back."""

    mentorship: int
    at: datetime
    known: datetime
    undone: datetime | None = None


def courses(basis: Basis) -> tuple[Course, ...]:
    """The meetings of a cohort's mentorships; two queries."""
    rows = Meeting.objects.filter(cohort=basis.cohort, mentorship__isnull=False)
    records: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    events = Event.objects.filter(
        subject_type="meetings.meeting",
        action__in=RECORDED,
        subject__in=rows.values("pk").order_by(),
    )
    for pk, at, data in events.order_by("at", "pk").values_list("subject", "at", "data"):
        if pk is not None:
            records[pk].append((at, data.get("outcome", HELD)))
    columns = rows.order_by("pk").only(
        "mentorship_id", "kind", "starts_at", "state", "missed_by", "created_at", "recorded_at",
        "cancelled_at", "unplanned",
    )  # fmt: skip
    return tuple(
        Course(
            row.mentorship_id,
            row.pk,
            row.kind,
            row.starts_at,
            tuple(_states(row, records.get(row.pk, []))),
        )
        for row in columns
        if row.mentorship_id is not None
    )


def _states(
    row: Meeting, records: list[tuple[datetime, str]]
) -> Iterator[tuple[datetime, str, str]]:
    if not records and row.recorded_at is not None:
        records = [(row.recorded_at, row.missed_by or HELD)]
    if not row.unplanned:
        # What was written in afterwards may be older than its row.
        known = [row.created_at, row.cancelled_at, *(at for at, _ in records)]
        yield min(at for at in known if at is not None), OPEN, ""
    for at, outcome in records:
        yield at, HELD if outcome == HELD else MISSED, "" if outcome == HELD else outcome
    if row.state == MeetingState.CANCELLED and row.cancelled_at is not None:
        yield row.cancelled_at, CANCELLED, ""


def touches(basis: Basis) -> tuple[Touch, ...]:
    """The contacts of a cohort's mentorships, those taken back later included; three queries."""
    pairs = set(basis.cohort.mentorships.order_by().values_list("pk", flat=True))
    rows = Contact.objects.filter(mentorship__cohort=basis.cohort).order_by("pk")
    found = [Touch(*row) for row in rows.values_list("mentorship", "at", "created_at")]
    undone = Event.objects.filter(subject_type="meetings.contact", action="contact.undone")
    # Contacts count only from their noting to their undoing; the row is gone since.
    for at, data in undone.order_by("pk").values_list("at", "data"):
        if data.get("mentorship") in pairs:
            was, known = (datetime.fromisoformat(data[key]) for key in ("was_at", "noted_at"))
            found.append(Touch(data["mentorship"], was, known, at))
    return tuple(found)
