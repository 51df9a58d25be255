"""The page of a training or supervision: whoever may see it gets what she can do there."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from sessions import standings, training
from sessions.models import Meeting, MeetingState, Participant
from sessions.presenters import with_people
from sessions.times import When, when
from sessions.views.support import page, person


def date_page(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """When, where, and the place; for whoever leads it also who comes. The right is checked."""
    reader = person(request)
    leads = access.can(reader, Permission.RECORD_ATTENDANCE, meeting)
    manages = access.can(reader, Permission.MANAGE_TRAINING, meeting)
    rows = training.counted(with_people(Meeting.objects.filter(pk=meeting.pk)))
    counted = training.with_turn(rows, reader).get()
    (row,) = standings.date_rows([counted], reader)
    seats = list(counted.participants.all())
    mine = next((seat for seat in seats if seat.person_id == reader.pk), None)
    begun, booked = row.begun, meeting.state == MeetingState.BOOKED
    for_me = mine is not None or access.can(reader, Permission.ENROLL, meeting)
    started = begun or counted.under_way
    can_enroll = for_me and booked and not started and not (mine and mine.holds)
    others = for_me and row.full and not started
    line = training.line(training.series_of(meeting), meeting).select_related("person")
    context = {
        "row": row,
        "meeting": counted,
        "mine": mine if mine and mine.answer == Participant.Answer.ACCEPTED else None,
        "leads": leads,
        "manages": manages,
        "seats": [s for s in seats if s.answer == Participant.Answer.ACCEPTED] if leads else [],
        "can_enroll": can_enroll and not row.turn,
        "can_wait": can_enroll and row.full and not row.turn,
        "turn": row.turn if can_enroll else None,
        "line": list(line) if leads and booked else [],
        "can_leave": bool(mine and mine.holds) and booked and not started,
        "can_write": leads and begun and meeting.state in {MeetingState.BOOKED, MeetingState.HELD},
        "can_change": manages and booked and not begun,
        "others": _others(request, meeting) if others else [],
        "days": _days(counted, reader),
    }
    return page(request, "date.html", context)


def _days(meeting: Any, reader: User) -> list[When]:
    """All days of the course that it is a day of."""
    if not meeting.days:
        return []
    rows = Meeting.objects.filter(series=meeting.series_id).exclude(state=MeetingState.CANCELLED)
    return [when(day, reader.zone) for day in rows.order_by("starts_at", "pk")]


def _others(request: HttpRequest, meeting: Meeting) -> list[standings.DateRow]:
    """Where a date is full: the other ones of its kind that still have a place."""
    reader = person(request)
    rows = training.open_to(reader).filter(cohort=meeting.cohort_id, kind=meeting.kind)
    return [row for row in standings.date_rows(rows, reader) if row.open]
