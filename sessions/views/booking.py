"""Book, propose, answer, move and cancel."""

from datetime import UTC, datetime
from functools import partial

from django.contrib import messages
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
from sessions.forms import MoveForm, ProposeForm, ReasonForm
from sessions.models import BookingPreferences, Meeting, Side
from sessions.presenters import meeting_row, slot_days, slot_page, slot_zone, with_people, zone_note
from sessions.services import availability, booking, seating
from sessions.services.seating import Where
from sessions.times import When, zone_for
from sessions.views.support import attempt, page, person, posted

LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def _mentorship(request: HttpRequest, key: str) -> Mentorship:
    rows = Mentorship.objects.select_related("cohort")
    return access.get_or_404(request.user, Permission.TAKE_PART, rows, key=key)


def _meeting(request: HttpRequest, key: str) -> Meeting:
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
    if form.is_valid():
        data = form.cleaned_data
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
        meeting = attempt(request, act, form)
        if meeting is not None:
            messages.success(request, _("Proposed. You will hear as soon as there is an answer."))
            return redirect("sessions:meeting", key=meeting.key)
    others = [member.person for member in members.others(reader)]
    return page(
        request, "propose.html", {"mentorship": mentorship, "form": form, "others": others}, form
    )


@require_POST
@policy(Permission.CHANGE_MEETING)
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Accept or decline."""
    meeting, reader = _meeting(request, key), person(request)
    if request.POST.get("answer") == "accept":
        if attempt(request, partial(booking.accept, meeting=meeting, by=reader)):
            messages.success(request, _("Thank you. You come."))
    elif attempt(request, partial(booking.decline, meeting=meeting, by=reader)):
        messages.success(request, _("Thank you, they are told."))
    return redirect("sessions:meeting", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.CHANGE_MEETING)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """A student chooses another open slot, a mentor another time; both say why."""
    meeting, reader = _meeting(request, key), person(request)
    row = meeting_row(meeting, reader)
    if row.side == Side.MENTOR:
        return _move_freely(request, meeting)
    return _move_to_slot(request, meeting)


def _move_to_slot(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    reader = person(request)
    row = meeting_row(meeting, reader)
    form = ReasonForm(posted(request))
    if form.is_valid():
        stamp = request.POST.get("at", "")
        if not stamp.isdigit():
            form.add_error(None, _("Choose one of the times."))
        else:
            act = partial(
                booking.move,
                meeting=meeting,
                starts_at=datetime.fromtimestamp(min(int(stamp), LATEST), UTC),
                by=reader,
                reason=form.cleaned_data["reason"],
            )
            if attempt(request, act, form):
                return _moved(request, meeting)
    mentors = [seat.person for seat in row.seats if seat.holds and seat.person != reader]
    host = mentors[0] if mentors else None
    found = availability.open_slots(mentor=host, student=reader, ignoring=meeting) if host else []
    zone = zone_for(meeting, reader.zone)
    context = {
        "row": row,
        "form": form,
        "slots": slot_page(
            slot_days(
                (slot for slot in found if slot.starts != meeting.starts_at), zone=zone, url=""
            ),
            request.GET.get("from", ""),
        ),
        "chosen": request.POST.get("at", ""),
        "host": host,
    }
    return page(request, "move_to_slot.html", context, form)


def _move_freely(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    reader = person(request)
    row = meeting_row(meeting, reader)
    length = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    initial = {"day": row.when.starts.date(), "starts": row.when.starts.time(), "minutes": length}
    form = MoveForm(posted(request), initial=initial, zone=zone_for(meeting, reader.zone))
    if form.is_valid():
        data = form.cleaned_data
        act = partial(
            booking.move,
            meeting=meeting,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            by=reader,
            reason=data["reason"],
        )
        if attempt(request, act, form):
            return _moved(request, meeting)
    return page(request, "move.html", {"row": row, "form": form}, form)


def _moved(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    messages.success(request, _("Moved. Everyone concerned gets the new time by mail."))
    return redirect("sessions:meeting", key=meeting.key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.CHANGE_MEETING)
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Cancel, with a reason."""
    meeting, reader = _meeting(request, key), person(request)
    form = ReasonForm(posted(request))
    if form.is_valid():
        act = partial(
            booking.cancel, meeting=meeting, by=reader, reason=form.cleaned_data["reason"]
        )
        if attempt(request, act, form):
            messages.success(request, _("Cancelled. Everyone concerned is told by mail."))
            return redirect("sessions:meeting", key=key)
    return page(request, "cancel.html", {"row": meeting_row(meeting, reader), "form": form}, form)
