"""Move a booked meeting: the same entry of the calendar, at another time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions import announcements
from sessions.circle import side_of
from sessions.models import Meeting, MeetingState, Participant, Side
from sessions.services import seating
from sessions.services.availability import slot_at
from sessions.services.booking import BEGUN, BUSY, TAKEN
from sessions.services.locking import refusing_overlaps
from sessions.services.seating import Answer


@transaction.atomic
def move(
    *,
    meeting: Meeting,
    starts_at: datetime,
    by: User,
    reason: str,
    ends_at: datetime | None = None,
) -> Meeting:
    """Move a booked meeting, with a reason. The calendar entry keeps its UID.

    A student moves it to an open slot; a mentor to any time that is free for both. In a group,
    those for whom the new time does not fit are asked again.
    """
    seats = seating.turn(meeting)
    seating.need_state(meeting, MeetingState.BOOKED)
    own = seating.seat_of(seats, by)
    seating.check_reason(reason)
    if meeting.starts_at <= clock.now():
        raise DomainError(BEGUN)
    holding = [seat for seat in seats if seat.holds]
    if side_of(own.role) == Side.STUDENT:
        starts_at, ends_at = _slot_for(meeting, holding, by, starts_at)
    else:
        ends_at = ends_at or starts_at + (meeting.ends_at - meeting.starts_at)
        seating.check_period(starts_at, ends_at)
    if starts_at == meeting.starts_at and ends_at == meeting.ends_at:
        raise DomainError(_("The meeting is at that time already."))
    before = meeting.starts_at
    own.answered_at = clock.now()
    _reseat(meeting, seats, own, starts_at, ends_at)
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.reason, meeting.booked_at = reason, clock.now()
    meeting.moved_from, meeting.moved_by = before, side_of(own.role)
    moved = ("starts_at", "ends_at", "moved_from", "moved_by")
    seating.raise_sequence(meeting, "reason", "booked_at", *moved)
    audit.record(by=by, action="meeting.moved", subject=meeting, reason=reason)
    announcements.moved(meeting, by=by, before=before)
    return meeting


def _slot_for(
    meeting: Meeting, holding: list[Participant], student: User, starts_at: datetime
) -> tuple[datetime, datetime]:
    hosts = [seat.person for seat in holding if side_of(seat.role) == Side.MENTOR]
    for host in hosts:
        slot = slot_at(mentor=host, student=student, starts_at=starts_at, ignoring=meeting)
        if slot is not None:
            return slot.starts, slot.ends
    raise DomainError(TAKEN)


def _reseat(
    meeting: Meeting,
    seats: list[Participant],
    mover: Participant,
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    """Give everyone the new time; in a group, who cannot come is asked instead of refused."""
    others = [seat for seat in seats if seat.holds and seat.pk != mover.pk]
    needed = {mover.pk}
    opposite = [seat for seat in others if side_of(seat.role) != side_of(mover.role)]
    needed |= {seat.pk for seat in opposite} if len(opposite) == 1 else set()
    taken = set(
        Participant.objects.filter(
            person__in=[seat.person_id for seat in others],
            holds=True,
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
        )
        .exclude(meeting=meeting)
        .values_list("person_id", flat=True)
    )
    if opposite and all(seat.person_id in taken for seat in opposite):
        raise DomainError(BUSY)
    with refusing_overlaps(BUSY):
        for seat in seats:
            if seat.holds and seat.pk not in needed and seat.person_id in taken:
                seat.holds, seat.answer = False, Answer.OPEN
            seat.starts_at, seat.ends_at = starts_at, ends_at
            seat.save(update_fields=["starts_at", "ends_at", "holds", "answer", "answered_at"])
