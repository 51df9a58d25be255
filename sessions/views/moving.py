"""Move and cancel."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mentoring.access import Permission, policy
from sessions.doubts import about_absence, about_time
from sessions.forms import MoveForm, ReasonForm
from sessions.models import Meeting, Side
from sessions.presenters import (
    MeetingRow,
    meeting_row,
    slot_days,
    slot_page,
)
from sessions.services import availability, booking, moving
from sessions.times import zone_for
from sessions.views.booking import LATEST, meeting_of
from sessions.views.support import UNPROCESSABLE, attempt, page, person, posted


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.CHANGE_MEETING)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """A student chooses another open slot, a mentor another time; both say why."""
    meeting, reader = meeting_of(request, key), person(request)
    row = meeting_row(meeting, reader)
    if settled := _settled(row):
        messages.info(request, settled)
        return redirect("sessions:meeting", key=key)
    if row.side == Side.MENTOR:
        return _move_freely(request, meeting)
    return _move_to_slot(request, meeting)


def _settled(row: MeetingRow) -> str:
    """Why a meeting cannot be moved or cancelled any more; empty while it can."""
    if row.meeting.state == Meeting.State.CANCELLED:
        return _("This meeting is cancelled already.")
    if not row.meeting.is_open or (row.meeting.state == Meeting.State.BOOKED and row.begun):
        return str(booking.BEGUN)
    return ""


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
                moving.move,
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
    doubts: list[str] = []
    if form.is_valid():
        data = form.cleaned_data
        if not data["despite"]:
            doubts = [
                *about_time(data["starts_at"], data["ends_at"], form.zone),
                *about_absence(reader, meeting.cohort, data["starts_at"]),
            ]
        act = partial(
            moving.move,
            meeting=meeting,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            by=reader,
            reason=data["reason"],
        )
        if not doubts and attempt(request, act, form) is not None:
            return _moved(request, meeting)
    response = page(request, "move.html", {"row": row, "form": form, "doubts": doubts}, form)
    response.status_code = UNPROCESSABLE if doubts else response.status_code
    return response


def _moved(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    messages.success(request, _("Moved. Everyone concerned gets the new time by mail."))
    return redirect("sessions:meeting", key=meeting.key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.CHANGE_MEETING)
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Cancel, with a reason; what was only proposed is taken back without one."""
    meeting, reader = meeting_of(request, key), person(request)
    row = meeting_row(meeting, reader)
    if settled := _settled(row):
        messages.info(request, settled)
        return redirect("sessions:meeting", key=key)
    form = ReasonForm(posted(request))
    if meeting.state == Meeting.State.PROPOSED and form.is_bound:
        form = ReasonForm({"reason": Meeting.Reason.OTHER})
    if form.is_valid():
        act: Callable[[], Meeting] = partial(
            booking.cancel, meeting=meeting, by=reader, reason=form.cleaned_data["reason"]
        )
        if attempt(request, act, form):
            messages.success(
                request,
                _("Taken back. Those who were asked are told by mail.")
                if row.meeting.booked_at is None
                else _("Cancelled. Everyone concerned is told by mail."),
            )
            return redirect("sessions:meeting", key=key)
    return page(request, "cancel.html", {"row": row, "form": form}, form)
