"""Reminders, derived from the database at each tick: due, and not yet in the outbox.

Nothing is scheduled when a meeting is booked, so nothing has to be unscheduled, an outage is
caught up with, and a second tick adds nothing: the keys name the meeting's present shape.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from mentoring import outbox
from mentoring.accounts.models import User
from sessions import announcements
from sessions.models import Meeting, MeetingState, Participant

# (kind, how long before the start it is due, until how long before it still makes sense)
_BEFORE = (
    ("meeting_tomorrow", timedelta(hours=24), timedelta(hours=3)),
    ("meeting_soon", timedelta(hours=2), timedelta(0)),
)
# Who has just booked needs no reminder of it.
_FRESH = timedelta(hours=2)
_AFTER = timedelta(hours=1)
_ASK_UNTIL = timedelta(days=14)
_ANSWER = timedelta(days=2)
_CHUNK = 400
# What a reminder is told apart by; whole rows are read only for those that are new.
_IDS = ("meeting_id", "meeting__sequence", "person_id")


@dataclass(frozen=True)
class _Due:
    """A reminder that is due to somebody, whether or not it is in the outbox already."""

    kind: str
    meeting: int
    sequence: int
    person: int
    due_at: datetime
    not_after: datetime

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.meeting}:{self.sequence}:{self.person}"


def enqueue_due(now: datetime) -> int:
    """Put into the outbox what is due at ``now``; how many were new."""
    due = [
        *_before(now),
        *_unconfirmed(now),
        *_unanswered(now),
    ]
    return outbox.enqueue_many(_drafts(_new(due)))


def _new(due: list[_Due]) -> list[_Due]:
    """Those not in the outbox yet, so that a tick with nothing new writes nothing.

    Two ticks at once may both find one new; its unique key lets one of them in.
    """
    known: set[str] = set()
    for start in range(0, len(due), _CHUNK):
        keys = [one.key for one in due[start : start + _CHUNK]]
        rows = outbox.Notification.objects.filter(dedupe_key__in=keys)
        known.update(rows.values_list("dedupe_key", flat=True))
    return [one for one in due if one.key not in known]


def _drafts(due: list[_Due]) -> Iterator[outbox.Draft]:
    people = User.objects.in_bulk({one.person for one in due}) if due else {}
    for one in due:
        yield outbox.Draft(
            kind=one.kind,
            recipient=people[one.person],
            dedupe_key=one.key,
            context={"meeting": one.meeting, "sequence": one.sequence},
            due_at=one.due_at,
            not_after=one.not_after,
            about=announcements.about(Meeting(pk=one.meeting)),
        )


def _before(now: datetime) -> Iterator[_Due]:
    farthest = max(ahead for _kind, ahead, _until in _BEFORE)
    seats = _seats(MeetingState.BOOKED).filter(
        holds=True, starts_at__gt=now, starts_at__lte=now + farthest
    )
    rows = seats.values_list(
        *_IDS, "meeting__series_id", "answered_at", "meeting__booked_at", "starts_at"
    )
    for meeting, sequence, person, series, answered_at, set_at, starts_at in rows:
        # In a training each person books for herself: what counts is when she did.
        booked_at = answered_at or set_at if series else set_at
        for kind, ahead, until in _BEFORE:
            due, over = starts_at - ahead, starts_at - until
            if booked_at is not None and booked_at <= due - _FRESH and due <= now < over:
                yield _Due(kind, meeting, sequence, person, due, over)


def _unconfirmed(now: datetime) -> Iterator[_Due]:
    seats = _seats(MeetingState.BOOKED).filter(
        holds=True,
        ends_at__lte=now - _AFTER,
        ends_at__gt=now - _ASK_UNTIL,
        meeting__series=None,
    )
    kind = "meeting_unconfirmed"
    for meeting, sequence, person, ends_at in seats.values_list(*_IDS, "ends_at"):
        yield _Due(kind, meeting, sequence, person, ends_at + _AFTER, ends_at + _ASK_UNTIL)


def _unanswered(now: datetime) -> Iterator[_Due]:
    seats = _seats(MeetingState.PROPOSED).filter(
        answer=Participant.Answer.OPEN,
        starts_at__gt=now,
        meeting__created_at__lte=now - _ANSWER,
    )
    rows = seats.values_list(*_IDS, "meeting__created_at", "starts_at")
    for meeting, sequence, person, created_at, starts_at in rows:
        due = created_at + _ANSWER
        yield _Due("proposal_unanswered", meeting, sequence, person, due, starts_at)


def _seats(state: MeetingState) -> QuerySet[Participant]:
    return Participant.objects.filter(meeting__state=state, person__is_active=True).order_by("pk")
