"""Mails about meetings. Each is written when it is sent, from the facts of that moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from matching.names import with_whom
from mentoring import clock, links, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import PARTICIPANT_ROLES
from mentoring.outbox import Mail, Notification, Suppress
from sessions import calendar
from sessions.models import (
    Meeting,
    MeetingState,
    Participant,
)
from sessions.notifications import page, reader_of
from sessions.times import When, when

RECORD_DAYS = 30
# What mails ask of a seat: whose it is, and whether she comes.
_SEAT = (
    "meeting",
    "answer",
    "holds",
    *(f"person__{name}" for name in ("given_name", "family_name", "email", "erased_at")),
)


def load_meetings(notes: Sequence[Notification]) -> None:
    """Read the meetings of many mails at once."""
    meetings = _meetings(notes)
    for note in notes:
        note.loaded = meetings.get(note.context["meeting"])


def _meeting(note: Notification) -> Meeting | None:
    loaded: Meeting | None = note.loaded
    return loaded or _meetings([note]).get(note.context["meeting"])


def _meetings(notes: Sequence[Notification]) -> dict[int, Meeting]:
    """Each with its seats; a training only with the readers'."""
    readers = [note.recipient_id for note in notes]
    seats = Participant.objects.filter(Q(meeting__series=None) | Q(person__in=readers))
    seats = seats.select_related("person").only(*_SEAT)
    return (
        Meeting.objects.order_by()
        .select_related("series")
        .prefetch_related(Prefetch("participants", seats))
        .in_bulk({note.context["meeting"] for note in notes})
    )


def _facts(meeting: Meeting, reader: User, **more: Any) -> dict[str, Any]:
    # Of a training, only what it is: who else comes is not told to everyone.
    seats = [] if meeting.of_cohort else meeting.participants.all()
    return {
        "meeting": meeting,
        "title": calendar.title(meeting),
        "when": when(meeting, reader.zone),
        "where": calendar.where(meeting),
        "people": with_whom([s.person for s in seats if s.person_id != reader.pk]),
        "page_url": page("meeting", meeting.key),
        **more,
    }


def _by(note: Notification, meeting: Meeting) -> str:
    """Who did it: mostly one of those who meet, sometimes a coordinator, sometimes nobody."""
    key = note.context.get("by")
    here = (seat.person for seat in meeting.participants.all() if seat.person_id == key)
    person = next(here, None) or (key and User.objects.filter(pk=key).first())
    return person.full_name if person else ""


def _entry(
    note: Notification, *states: MeetingState, cancelled: bool = False, **more: Any
) -> Mail | Suppress:
    """A mail with a calendar entry, unless a later change has overtaken it."""
    meeting, reader = _meeting(note), reader_of(note)
    if meeting is None or meeting.sequence != note.context["sequence"]:
        return Suppress("changed since")
    if meeting.state not in states:
        return Suppress(f"the meeting is {meeting.state}")
    if meeting.of_cohort and not cancelled and not _comes(meeting, note):
        return Suppress("gave the place back")
    facts = _facts(meeting, reader, by=_by(note, meeting), **more)
    return _with_entries(note, meeting, facts, cancelled=cancelled)


def _with_entries(
    note: Notification, meeting: Meeting, facts: dict[str, Any], *, cancelled: bool = False
) -> Mail:
    """The mail with the entry of the meeting, or with those of all days of a course."""
    reader = reader_of(note)
    days = [meeting]
    if note.context.get("days"):
        rows = Meeting.objects.filter(pk__in=note.context["days"]).select_related("series")
        days = list(rows.prefetch_related("participants__person").order_by("starts_at", "pk"))
        facts = facts | {"days": [when(day, reader.zone) for day in days]}
    events = [calendar.entry(day, reader, url=page("meeting", day.key)) for day in days]
    return Mail(facts, calendar.attachments(*events, cancelled=cancelled))


# A booking tells of itself until its hour; whoever recorded it early has it in the calendar anyway.
_STANDING = (MeetingState.BOOKED, MeetingState.HELD, MeetingState.MISSED)


@outbox.kind("meeting_booked", title=_("Meeting booked"), mutable=False, load=load_meetings)
def meeting_booked(note: Notification) -> Mail | Suppress:
    return _entry(note, *_STANDING, changed=note.context.get("changed", False))


@outbox.kind("meeting_moved", title=_("Meeting moved"), mutable=False, load=load_meetings)
def meeting_moved(note: Notification) -> Mail | Suppress:
    meeting, reader = _meeting(note), reader_of(note)
    before = datetime.fromisoformat(note.context["before"])
    former = When(before.astimezone(reader.zone), before.astimezone(reader.zone))
    if meeting is not None:
        length = meeting.ends_at - meeting.starts_at
        zone = when(meeting, reader.zone).starts.tzinfo
        former = When(before.astimezone(zone), (before + length).astimezone(zone))
    return _entry(note, *_STANDING, before=former)


@outbox.kind("meeting_cancelled", title=_("Meeting cancelled"), mutable=False, load=load_meetings)
def meeting_cancelled(note: Notification) -> Mail | Suppress:
    return _entry(note, MeetingState.CANCELLED, cancelled=True)


@outbox.kind(
    "meeting_left",
    title=_("You do not come to a group's meeting"),
    mutable=False,
    load=load_meetings,
)
def meeting_left(note: Notification) -> Mail | Suppress:
    meeting, reader = _meeting(note), reader_of(note)
    if meeting is None:
        return Suppress("the meeting is gone")
    if _comes(meeting, note):
        return Suppress("comes again")
    why = {name: note.context.get(name, False) for name in ("clash", "removed")}
    return _with_entries(note, meeting, _facts(meeting, reader, **why), cancelled=True)


@outbox.kind(
    "place_given", title=_("A place became free for you"), mutable=False, load=load_meetings
)
def place_given(note: Notification) -> Mail | Suppress:
    return _entry(note, *_STANDING)


@outbox.kind(
    "waiting_changed",
    title=_("Something changed about a date for which you wait"),
    mutable=False,
    load=load_meetings,
)
def waiting_changed(note: Notification) -> Mail | Suppress:
    meeting, reader = _meeting(note), reader_of(note)
    became = note.context["became"]
    if meeting is None:
        return Suppress("the meeting is gone")
    if became == "moved" and meeting.sequence != note.context["sequence"]:
        return Suppress("changed since")
    if _comes(meeting, note):
        return Suppress("has a place since")
    return Mail(_facts(meeting, reader, became=became))


@outbox.kind(
    "meeting_invited", title=_("Invitation to a group's meeting"), mutable=False, load=load_meetings
)
def meeting_invited(note: Notification) -> Mail | Suppress:
    return _open_question(note, MeetingState.BOOKED)


@outbox.kind("meeting_proposed", title=_("Time proposed"), mutable=False, load=load_meetings)
def meeting_proposed(note: Notification) -> Mail | Suppress:
    return _open_question(note, MeetingState.PROPOSED)


@outbox.kind(
    "proposal_unanswered",
    title=_("Reminder: a proposed time waits for your answer"),
    load=load_meetings,
    to=PARTICIPANT_ROLES,
)
def proposal_unanswered(note: Notification) -> Mail | Suppress:
    return _open_question(note, MeetingState.PROPOSED)


def _open_question(note: Notification, state: MeetingState) -> Mail | Suppress:
    meeting, reader = _meeting(note), reader_of(note)
    if meeting is None or meeting.state != state:
        return Suppress("settled since")
    if meeting.starts_at <= clock.now():
        return Suppress("the time is over")
    own = next((s for s in meeting.participants.all() if s.person_id == reader.pk), None)
    if own is None or own.answer != Participant.Answer.OPEN:
        return Suppress("answered since")
    answer = links.make(
        purpose="meeting.answer", user=reader, subject=meeting.key, max_age=RECORD_DAYS
    )
    asker = meeting.created_by.full_name if meeting.created_by else ""
    facts = _facts(meeting, reader, by=asker, answer_url=answer)
    if state != MeetingState.BOOKED:
        return Mail(facts)
    # Tentative in the calendar; it also corrects the entry of somebody whom a move does not suit.
    event = calendar.entry(meeting, reader, url=facts["page_url"])
    return Mail(facts, calendar.attachments(event))


@outbox.kind(
    "meeting_declined", title=_("Proposed time declined"), mutable=False, load=load_meetings
)
def meeting_declined(note: Notification) -> Mail | Suppress:
    meeting = _meeting(note)
    if meeting is None:
        return Suppress("the meeting is gone")
    return Mail(_facts(meeting, reader_of(note), by=_by(note, meeting)))


@outbox.kind(
    "meeting_missed", title=_("A meeting was recorded as missed"), mutable=False, load=load_meetings
)
def meeting_missed(note: Notification) -> Mail | Suppress:
    meeting, reader = _meeting(note), reader_of(note)
    if meeting is None or meeting.state != MeetingState.MISSED:
        return Suppress("recorded otherwise since")
    record_url = _record_url(meeting, reader)
    return Mail(_facts(meeting, reader, by=_by(note, meeting), record_url=record_url))


@outbox.kind(
    "meeting_tomorrow",
    title=_("Reminder the day before a meeting"),
    load=load_meetings,
    to=PARTICIPANT_ROLES,
)
def meeting_tomorrow(note: Notification) -> Mail | Suppress:
    return _to_come(note)


@outbox.kind(
    "meeting_soon",
    title=_("Reminder two hours before a meeting"),
    load=load_meetings,
    to=PARTICIPANT_ROLES,
)
def meeting_soon(note: Notification) -> Mail | Suppress:
    return _to_come(note)


def _to_come(note: Notification) -> Mail | Suppress:
    meeting = _meeting(note)
    if meeting is None or meeting.sequence != note.context["sequence"]:
        return Suppress("changed since")
    if meeting.state != MeetingState.BOOKED:
        return Suppress(f"the meeting is {meeting.state}")
    if meeting.starts_at <= clock.now():
        return Suppress("the meeting has begun")
    if not _comes(meeting, note):
        return Suppress("does not come")
    return Mail(_facts(meeting, reader_of(note)))


def _comes(meeting: Meeting, note: Notification) -> bool:
    reader = note.recipient_id
    return any(seat.person_id == reader and seat.holds for seat in meeting.participants.all())


@outbox.kind(
    "meeting_unconfirmed",
    title=_("Did your meeting take place?"),
    load=load_meetings,
    to=PARTICIPANT_ROLES,
)
def meeting_unconfirmed(note: Notification) -> Mail | Suppress:
    meeting, reader = _meeting(note), reader_of(note)
    if meeting is None or meeting.state != MeetingState.BOOKED:
        return Suppress("recorded since")
    if not _comes(meeting, note):
        return Suppress("did not mean to come")
    return Mail(_facts(meeting, reader, record_url=_record_url(meeting, reader)))


def _record_url(meeting: Meeting, reader: User) -> str:
    return links.make(
        purpose="meeting.record", user=reader, subject=meeting.key, max_age=RECORD_DAYS
    )
