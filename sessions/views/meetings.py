"""A person's meetings, and the page of one."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mentoring import access, clock
from mentoring.access import SIGNED_IN, Permission, policy
from mentoring.accounts.visibility import sees_meeting_facts
from mentoring.ui.lists import listing
from sessions import news, queries
from sessions.forms import RecordForm
from sessions.ideas import meeting_ideas
from sessions.models import Meeting, MeetingState, Participant
from sessions.presenters import MeetingRow, meeting_row, meeting_rows, names_in, with_people
from sessions.services import records
from sessions.services.records import Outcome
from sessions.views.dates import date_page
from sessions.views.support import attempt, page, person
from sessions.words import own_outcome

_UPCOMING = 50


@require_safe
@policy(SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    """What waits, what is to come, what has been."""
    reader = person(request)
    mine = with_people(queries.meetings_of(reader))
    waiting = mine.filter(pk__in=queries.waiting_for(reader)).order_by("starts_at")
    ahead = mine.filter(state__in=queries.OPEN, ends_at__gt=clock.now()).order_by("starts_at")
    past = mine.exclude(state__in=queries.OPEN, ends_at__gt=clock.now())
    found = listing(request, past, sorts={"when": "starts_at"}, default="-when", per_page=20)
    waits = meeting_rows(waiting[:_UPCOMING], reader)
    shown = {row.meeting.pk for row in waits}
    places = list(queries.live_memberships(reader))
    context = {
        "waiting": waits,
        "letters": news.letters(reader, places, queries.unread(reader)),
        "ahead": [
            row for row in meeting_rows(ahead[:_UPCOMING], reader) if row.meeting.pk not in shown
        ],
        "listing": found,
        "past": meeting_rows(found.page, reader),
        "outcomes": Outcome,
        "places": [(place, names_in(place.mentorship, besides=reader)) for place in places],
    }
    return page(request, "meetings.html", context)


@require_safe
@policy(Permission.VIEW_MEETING)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One meeting: when, where, who, and what can be done now."""
    meeting = access.get_or_404(
        request.user, Permission.VIEW_MEETING, with_people(Meeting.objects.all()), key=key
    )
    return date_page(request, meeting) if meeting.of_cohort else _page(request, meeting)


@require_POST
@policy(Permission.CHANGE_MEETING)
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Held, or missed by whom: one button."""
    meeting = access.get_or_404(
        request.user, Permission.CHANGE_MEETING, with_people(Meeting.objects.all()), key=key
    )
    return _record(request, meeting)


@require_POST
@policy(Permission.RECORD_FOR_OTHERS)
def record_for_them(request: HttpRequest, key: str) -> HttpResponse:
    """The same, by a coordinator on somebody's word."""
    meeting = access.get_or_404(
        request.user, Permission.RECORD_FOR_OTHERS, with_people(Meeting.objects.all()), key=key
    )
    return _record(request, meeting)


def _record(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    act = partial(
        records.record,
        meeting=meeting,
        outcome=request.POST.get("outcome", ""),
        by=person(request),
        attendance=_attendance(request, meeting),
    )
    done = attempt(request, act)
    if done is not None and done.disputed_at:
        messages.warning(
            request, _("Noted. The other side recorded it differently: what each said stands here.")
        )
    elif done is not None:
        messages.success(request, _("Thank you, it is recorded."))
    back = request.POST.get("next", "")
    if done is not None and done.disputed_at:
        back = ""
    if back in {"home", "sessions:meetings"}:
        return redirect(back)
    return redirect("sessions:meeting", key=meeting.key)


def _attendance(request: HttpRequest, meeting: Meeting) -> dict[int, str] | None:
    """Said person by person on the meeting's page; nothing where one button said it all."""
    said = {
        seat.person_id: request.POST[f"attendance-{seat.person.key}"]
        for seat in meeting.participants.all()
        if request.POST.get(f"attendance-{seat.person.key}")
    }
    return said or None


def _said(meeting: Meeting, row: MeetingRow) -> str:
    """What is ticked: the reader's own word, of a booked meeting that it took place."""
    if meeting.state == MeetingState.BOOKED:
        return Outcome.HELD
    return own_outcome(meeting, row.side) if row.mine else records.outcome_of(meeting)


def _page(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    reader = person(request)
    row = meeting_row(meeting, reader)
    by_staff = row.mine is None
    recordable = row.begun and meeting.state in {
        MeetingState.BOOKED,
        MeetingState.HELD,
        MeetingState.MISSED,
    }
    context = {
        "row": row,
        "ideas": meeting_ideas(meeting, reader),
        "meeting": meeting,
        "outcomes": Outcome,
        "recorded": records.outcome_of(meeting),
        "said": _said(meeting, row),
        "staff_sees": sees_meeting_facts(meeting.cohort.level),
        "form": RecordForm(),
        "attendances": [a for a in Participant.Attendance if a != Participant.Attendance.UNKNOWN],
        "can_record": recordable,
        "record_url": "sessions:record_for_them" if by_staff else "sessions:record",
        "can_cancel": not by_staff
        and meeting.is_open
        and not row.begun
        and (meeting.state == MeetingState.BOOKED or meeting.created_by_id == reader.pk),
        "can_move": not by_staff and meeting.state == MeetingState.BOOKED and not row.begun,
    }
    return page(request, "meeting.html", context)
