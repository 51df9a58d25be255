"""Book, propose, answer, move and cancel."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.models import Mentorship
from mentoring import access
from mentoring.access import Permission, policy
from mentoring.accounts.models import User
from sessions.circle import Circle, circle
from sessions.doubts import about_absence, about_proposals, about_time
from sessions.forms import ProposeForm
from sessions.models import BookingPreferences, Meeting, Participant, Side
from sessions.presenters import (
    meeting_row,
    slot_days,
    slot_page,
    slot_zone,
    with_people,
    zone_note,
)
from sessions.services import availability, booking, seating
from sessions.services.seating import Where
from sessions.times import When
from sessions.views.support import UNPROCESSABLE, attempt, page, person, posted

LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def _mentorship(request: HttpRequest, key: str) -> Mentorship:
    rows = Mentorship.objects.select_related("cohort")
    return access.get_or_404(request.user, Permission.TAKE_PART, rows, key=key)


def meeting_of(request: HttpRequest, key: str) -> Meeting:
    """A meeting in which the reader has a seat."""
    return access.get_or_404(
        request.user, Permission.CHANGE_MEETING, with_people(Meeting.objects.all()), key=key
    )


def _host(members: Circle, wanted: str | None) -> User | None:
    """The mentor who was chosen, else the first."""
    mentors = [member.person for member in members.mentors]
    chosen = [mentor for mentor in mentors if mentor.key == wanted] or mentors
    return chosen[0] if chosen else None


@require_safe
@policy(Permission.TAKE_PART)
def slots(request: HttpRequest, key: str) -> HttpResponse:
    """The mentor's open times, by day."""
    mentorship = _mentorship(request, key)
    reader, members = person(request), circle(mentorship)
    mentors = [member.person for member in members.mentors]
    host = _host(members, request.GET.get("with"))
    found = availability.open_slots(mentor=host, student=reader) if host else []
    preferences = BookingPreferences.objects.filter(person=host).first()
    zone = slot_zone(preferences, reader)
    query = f"?with={host.key}" if host and len(mentors) > 1 else ""
    url = reverse("sessions:slots", args=[key])
    context = {
        "mentorship": mentorship,
        "mentors": mentors,
        "host": host,
        "slots": slot_page(
            slot_days(found, zone=zone, url=url, query=query), request.GET.get("from", "")
        ),
        "zone_note": zone_note(zone, reader),
        "preferences": preferences,
        "is_student": members.side(reader) == Side.STUDENT,
    }
    return page(request, "slots.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.TAKE_PART)
def book(request: HttpRequest, key: str, at: int) -> HttpResponse:
    """One time: what it means, and the button that books it."""
    mentorship = _mentorship(request, key)
    reader, members = person(request), circle(mentorship)
    host = _host(members, request.GET.get("with"))
    starts_at = datetime.fromtimestamp(min(at, LATEST), UTC)
    back = reverse("sessions:slots", args=[key])
    standing = seating.own_booking(mentorship=mentorship, starts_at=starts_at, by=reader)
    if standing is not None:
        messages.info(request, _("You have booked this already."))
        return redirect("sessions:meeting", key=standing.key)
    if request.method == "POST":
        act = partial(
            booking.book, mentorship=mentorship, starts_at=starts_at, by=reader, mentor=host
        )
        meeting = attempt(request, act)
        if meeting is None:
            return redirect(back)
        messages.success(request, _("Booked. The calendar entry is on its way to you by mail."))
        return redirect("sessions:meeting", key=meeting.key)
    slot = availability.slot_at(mentor=host, student=reader, starts_at=starts_at) if host else None
    if slot is None:
        messages.error(request, str(booking.TAKEN))
        return redirect(back)
    preferences = BookingPreferences.objects.filter(person=host).first()
    zone = slot_zone(preferences, reader)
    context = {
        "mentorship": mentorship,
        "host": host,
        "preferences": preferences,
        "when": When(
            slot.starts.astimezone(zone), slot.ends.astimezone(zone), zone_note(zone, reader)
        ),
        "back": back,
        "others": [m.person for m in members.others(reader) if m.person != host],
    }
    return page(request, "book.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.TAKE_PART)
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """A time outside the published hours."""
    mentorship = _mentorship(request, key)
    reader, members = person(request), circle(mentorship)
    usual = booking.where_of(members.mentors[0].person) if members.mentors else Where()
    form = ProposeForm(
        posted(request),
        initial={"mode": usual.mode, "place": usual.place, "video_link": usual.video_link},
    )
    instead = _declined_by(reader, mentorship, request.GET.get("instead", ""))
    doubts: list[str] = []
    if form.is_valid():
        data = form.cleaned_data
        when = (data["starts_at"], data["ends_at"])
        if not data["despite"]:
            doubts = [
                *about_time(*when, form.zone),
                *about_absence(reader, mentorship.cohort, when[0]),
                *about_proposals(reader, *when, besides=data.get("key", "")),
            ]
        where = Where(data["mode"], data["place"], data["video_link"], usual.time_zone)
        act = partial(
            booking.propose,
            mentorship=mentorship,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            by=reader,
            where=where,
            key=data["key"],
        )
        meeting = attempt(request, partial(_propose, act, instead), form) if not doubts else None
        if meeting is not None:
            messages.success(request, _("Proposed. You will hear as soon as there is an answer."))
            return redirect("sessions:meeting", key=meeting.key)
    others = [member.person for member in members.others(reader)]
    context = {
        "mentorship": mentorship,
        "form": form,
        "others": others,
        "doubts": doubts,
        "instead": meeting_row(instead, reader) if instead else None,
    }
    response = page(request, "propose.html", context, form)
    response.status_code = UNPROCESSABLE if doubts else response.status_code
    return response


def _declined_by(reader: User, mentorship: Mentorship, key: str) -> Meeting | None:
    """The open proposal to which another time is the answer."""
    return with_people(
        mentorship.meetings.filter(
            key=key,
            state=Meeting.State.PROPOSED,
            participants__person=reader,
            participants__answer=Participant.Answer.OPEN,
        )
    ).first()


@transaction.atomic
def _propose(act: Callable[[], Meeting], instead: Meeting | None) -> Meeting:
    """A proposal; where it answers another one, that one is declined with it."""
    meeting = act()
    if instead is not None and meeting.created_by is not None:
        booking.decline(meeting=instead, by=meeting.created_by)
    return meeting


@require_POST
@policy(Permission.CHANGE_MEETING)
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Accept or decline."""
    meeting, reader = meeting_of(request, key), person(request)
    if request.POST.get("answer") == "accept":
        if attempt(request, partial(booking.accept, meeting=meeting, by=reader)):
            messages.success(request, _("Thank you. You come."))
    elif attempt(request, partial(booking.decline, meeting=meeting, by=reader)):
        messages.success(request, _("Thank you, they are told."))
    return redirect("sessions:meeting", key=key)
