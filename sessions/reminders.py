"""Reminders, derived from the database at each tick: due, and not yet in the outbox.

Nothing is scheduled when a meeting is booked, so nothing has to be unscheduled, an outage is
caught up with, and a second tick adds nothing: the keys name the meeting's present shape.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from mentoring import outbox
from sessions import announcements
from sessions.models import MeetingState, Participant

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


def enqueue_due(now: datetime) -> int:
    """Put into the outbox what is due at ``now``; how many were new."""
    due = [
        *(draft for entry in _BEFORE for draft in _before(now, *entry)),
        *_unconfirmed(now),
        *_unanswered(now),
    ]
    return outbox.enqueue_many(_new(due))


def _new(drafts: list[outbox.Draft]) -> list[outbox.Draft]:
    """Those not in the outbox yet, so that a tick with nothing new writes nothing.

    Two ticks at once may both find a draft new; its unique key lets one of them in.
    """
    known: set[str] = set()
    for start in range(0, len(drafts), _CHUNK):
        keys = [draft.dedupe_key for draft in drafts[start : start + _CHUNK]]
        rows = outbox.Notification.objects.filter(dedupe_key__in=keys)
        known.update(rows.values_list("dedupe_key", flat=True))
    return [draft for draft in drafts if draft.dedupe_key not in known]


def _before(now: datetime, kind: str, ahead: timedelta, until: timedelta) -> Iterable[outbox.Draft]:
    seats = _seats(MeetingState.BOOKED).filter(
        holds=True,
        starts_at__gt=now + until,
        starts_at__lte=now + ahead,
        meeting__booked_at__lte=F("starts_at") - (ahead + _FRESH),
    )
    return (
        _draft(kind, seat, due_at=seat.starts_at - ahead, not_after=seat.starts_at - until)
        for seat in seats
    )


def _unconfirmed(now: datetime) -> Iterable[outbox.Draft]:
    seats = _seats(MeetingState.BOOKED).filter(
        holds=True, ends_at__lte=now - _AFTER, ends_at__gt=now - _ASK_UNTIL
    )
    return (
        _draft(
            "meeting_unconfirmed",
            seat,
            due_at=seat.ends_at + _AFTER,
            not_after=seat.ends_at + _ASK_UNTIL,
        )
        for seat in seats
    )


def _unanswered(now: datetime) -> Iterable[outbox.Draft]:
    seats = _seats(MeetingState.PROPOSED).filter(
        answer=Participant.Answer.OPEN,
        starts_at__gt=now,
        meeting__created_at__lte=now - _ANSWER,
    )
    return (
        _draft(
            "proposal_unanswered",
            seat,
            due_at=seat.meeting.created_at + _ANSWER,
            not_after=seat.starts_at,
        )
        for seat in seats
    )


def _seats(state: MeetingState) -> QuerySet[Participant]:
    return (
        Participant.objects.filter(meeting__state=state, person__is_active=True)
        .select_related("meeting", "person")
        .order_by("pk")
    )


def _draft(kind: str, seat: Participant, *, due_at: datetime, not_after: datetime) -> outbox.Draft:
    meeting = seat.meeting
    return outbox.Draft(
        kind=kind,
        recipient=seat.person,
        dedupe_key=f"{kind}:{meeting.pk}:{meeting.sequence}:{seat.person_id}",
        context={"meeting": meeting.pk, "sequence": meeting.sequence},
        due_at=due_at,
        not_after=not_after,
        about=announcements.about(meeting),
    )
