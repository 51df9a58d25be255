"""A single date of a series: moved or cancelled, with all who have a place or wait for one."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions import announcements, training
from sessions.models import Meeting, MeetingState, Participant, Side
from sessions.services import places, seating


@transaction.atomic
def move(*, meeting: Meeting, starts_at: datetime, minutes: int, reason: str, by: User) -> Meeting:
    """Move a date. Whoever has something else at the new time gives her place back, and is told.

    Those who wait keep their order, and are told. In a course, who cannot come on one day has no
    place any more. The calendar entries keep their UID and get a higher SEQUENCE.
    """
    days, seats = _locked(meeting)
    seating.check_reason(reason)
    ends_at = starts_at + timedelta(minutes=minutes)
    seating.check_period(starts_at, ends_at)
    if (starts_at, ends_at) == (meeting.starts_at, meeting.ends_at):
        raise DomainError(_("It is at that time already."))
    before = meeting.starts_at
    lost = places.reseat(meeting, seats, starts_at, ends_at)
    meeting.starts_at, meeting.ends_at, meeting.reason = starts_at, ends_at, reason
    meeting.booked_at = clock.now()
    meeting.moved_from, meeting.moved_by = before, Side.STAFF
    moved = ("starts_at", "ends_at", "moved_from", "moved_by")
    seating.raise_sequence(meeting, *moved, "reason", "booked_at")
    audit.record(
        by=by, action="meeting.moved", subject=meeting, cohort=meeting.cohort, reason=reason
    )
    announcements.moved(meeting, by=by, before=before)
    for seat in lost:
        _lose(days, seat)
    places.fill(places.together(meeting, days), by=by)
    _tell_waiting(meeting, became="moved")
    return meeting


def _lose(days: list[Meeting], seat: Participant) -> None:
    """The new time does not suit her: of a course, the other days are no use to her either."""
    others = Participant.objects.filter(
        meeting__in=days, person=seat.person_id, holds=True, starts_at__gt=clock.now()
    ).select_related("meeting", "person")
    rest = list(others.order_by("starts_at", "pk"))
    places.give_back(rest)
    announcements.gave_back([seat, *rest], clash=True)


def _tell_waiting(meeting: Meeting, *, became: str) -> None:
    """Whoever waits for this date is told once what became of it."""
    rows = training.line(training.series_of(meeting), meeting).select_related("person")
    announcements.waiting(meeting, [row.person for row in rows], became=became)


@transaction.atomic
def cancel(*, meeting: Meeting, reason: str, by: User) -> Meeting:
    """Cancel a date with a reason: everyone enrolled is told, and her time is free again.

    So are those who wait, and their list ends; that of a course with its last day.
    """
    days, seats = _locked(meeting)
    seating.check_reason(reason)
    meeting.state, meeting.cancelled_by = MeetingState.CANCELLED, Side.STAFF
    meeting.cancelled_at, meeting.reason = clock.now(), reason
    Participant.objects.filter(meeting=meeting).update(holds=False)
    seating.raise_sequence(meeting, "state", "cancelled_by", "cancelled_at", "reason")
    audit.record(
        by=by, action="meeting.cancelled", subject=meeting, cohort=meeting.cohort, reason=reason
    )
    holding = [seat for seat in seats if seat.holds]
    announcements.cancelled(meeting, holding, by=by, was_booked=True)
    if days == [meeting]:
        _tell_waiting(meeting, became="cancelled")
        training.line(training.series_of(meeting), meeting).delete()
    return meeting


def _locked(meeting: Meeting) -> tuple[list[Meeting], list[Participant]]:
    """A date that is still to come, with what belongs to it, and its seats; for this act alone."""
    days = places.lock(meeting)
    places.turns(days, seated=True)
    seats = seating.turn(meeting)
    seating.need_state(meeting, MeetingState.BOOKED)
    if meeting.starts_at <= clock.now():
        raise DomainError(_("This date has begun. Write the attendance list instead."))
    return days, seats
