"""Book, propose, answer, move and cancel meetings: the states of a meeting up to its hour.

Every change raises the SEQUENCE of the meeting's calendar entry, takes back what was still to be
sent about its former shape, and tells the people concerned.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matching.models import Membership, Mentorship
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.rows import sole
from sessions import announcements
from sessions.circle import Circle, locked, side_of
from sessions.models import BookingPreferences, Meeting, MeetingState, Participant, Side
from sessions.services import seating
from sessions.services.availability import slot_at
from sessions.services.locking import refusing_overlaps, take_turns
from sessions.services.seating import Answer, Where

TAKEN = _("This time is no longer free. Please choose another.")
BUSY = _("One of you already has something at that time. Please choose another.")
OPEN = (MeetingState.PROPOSED, MeetingState.BOOKED)
BEGUN = _("This meeting has begun. Record whether it took place instead.")


@transaction.atomic
def book(
    *, mentorship: Mentorship, starts_at: datetime, by: User, mentor: User | None = None
) -> Meeting:
    """Book one of the mentor's open slots. Who comes second is told so and books nothing.

    Whoever presses twice gets the meeting that she has booked already. In a group the other
    members are invited; only those who agreed hold the time.
    """
    members = locked(mentorship)
    member = members.need(by)
    if member.is_mentor:
        raise DomainError(_("Students book. Propose a time instead."))
    host = _host(members, mentor)
    take_turns([by.pk, host.person_id])
    slot = slot_at(mentor=host.person, student=by, starts_at=starts_at)
    if slot is None:
        booked_before = seating.own_booking(mentorship=mentorship, starts_at=starts_at, by=by)
        if booked_before is None:
            raise DomainError(TAKEN)
        return booked_before
    meeting = seating.create(
        members,
        by=by,
        state=MeetingState.BOOKED,
        starts_at=slot.starts,
        ends_at=slot.ends,
        where=where_of(host.person),
    )
    with refusing_overlaps(TAKEN):
        seating.seat(meeting, members, holding={by.pk, host.person_id})
    audit.record(by=by, action="meeting.booked", subject=meeting)
    announcements.booked(meeting)
    return meeting


@transaction.atomic
def propose(
    *,
    mentorship: Mentorship,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    where: Where | None = None,
    key: str = "",
) -> Meeting:
    """Propose a time outside the published hours. Nobody holds it until the other side accepts.

    ``key`` is the form's: sent twice, it is still one proposal.
    """
    members = locked(mentorship)
    members.need(by)
    before = mentorship.meetings.filter(key=key, created_by=by).first() if key else None
    if before is not None:
        return before
    seating.check_period(starts_at, ends_at)
    if seating.clashes(by.pk, starts_at, ends_at):
        raise DomainError(_("You already have something at that time."), field="starts")
    meeting = seating.create(
        members,
        by=by,
        state=MeetingState.PROPOSED,
        starts_at=starts_at,
        ends_at=ends_at,
        where=where or where_of(_host(members, None).person),
        key=key,
    )
    seating.seat(meeting, members, holding=set(), accepted={by.pk})
    audit.record(by=by, action="meeting.proposed", subject=meeting)
    announcements.proposed(meeting, by=by)
    return meeting


@transaction.atomic
def accept(*, meeting: Meeting, by: User) -> Meeting:
    """Agree to a proposed time, or to come to a group's meeting; conflicts are checked anew.

    A proposal is booked as soon as somebody of each side has agreed.
    """
    seats = seating.turn(meeting)
    seating.need_state(meeting, MeetingState.PROPOSED, MeetingState.BOOKED)
    if meeting.starts_at <= clock.now():
        raise DomainError(_("This time is over. Propose another."))
    own = seating.seat_of(seats, by)
    if own.answer == Answer.ACCEPTED and (own.holds or meeting.state == MeetingState.PROPOSED):
        return meeting
    own.answer, own.answered_at = Answer.ACCEPTED, clock.now()
    agreed = [seat for seat in seats if seat.answer == Answer.ACCEPTED]
    was_proposed = meeting.state == MeetingState.PROPOSED
    if len({side_of(seat.role) for seat in agreed}) < 2:
        own.save(update_fields=["answer", "answered_at"])
        return meeting
    with refusing_overlaps(BUSY if was_proposed else _("You have something else at that time.")):
        for seat in agreed:
            seat.holds = True
            seat.save(update_fields=["answer", "answered_at", "holds"])
    audit.record(by=by, action="meeting.accepted", subject=meeting)
    if not was_proposed:
        announcements.joined(meeting, own)
        return meeting
    meeting.state, meeting.booked_at = MeetingState.BOOKED, clock.now()
    seating.raise_sequence(meeting, "state", "booked_at")
    announcements.booked(meeting)
    return meeting


@transaction.atomic
def decline(*, meeting: Meeting, by: User, reason: str = "") -> Meeting:
    """Say no. The meeting falls when nobody of the decliner's side is left to say yes."""
    seats = seating.turn(meeting)
    seating.need_state(meeting, MeetingState.PROPOSED, MeetingState.BOOKED)
    own = seating.seat_of(seats, by)
    audit.record(by=by, action="meeting.declined", subject=meeting)
    if _give_up(meeting, seats, own):
        return meeting
    return _cancelled(meeting, seats, side=side_of(own.role), by=by, reason=reason)


@transaction.atomic
def cancel(*, meeting: Meeting, by: User, reason: str) -> Meeting:
    """Cancel before it begins, with a reason. The time is free again for everyone."""
    seats = seating.turn(meeting)
    seating.need_state(meeting, MeetingState.PROPOSED, MeetingState.BOOKED)
    own = seating.seat_of(seats, by)
    seating.check_reason(reason)
    if meeting.state == MeetingState.BOOKED and meeting.starts_at <= clock.now():
        raise DomainError(BEGUN)
    own.answered_at = clock.now()
    own.save(update_fields=["answered_at"])
    return _cancelled(meeting, seats, side=side_of(own.role), by=by, reason=reason)


@transaction.atomic
def release(*, membership: Membership, by: User | None) -> int:
    """After somebody's place ended: no future meeting counts on her. How many were cancelled.

    A meeting that has begun stays as it is: whether it took place can still be recorded. Who has
    another place in the same group, as a student who no longer leads it, still comes.
    """
    other = Membership.objects.filter(
        mentorship=membership.mentorship_id, person=membership.person_id, ended_at=None
    ).exclude(pk=membership.pk)
    if other.exists():
        return 0
    rows = Meeting.objects.filter(
        mentorship=membership.mentorship_id,
        participants__person=membership.person_id,
        state__in=OPEN,
        starts_at__gt=clock.now(),
    )
    cancelled = 0
    for meeting in rows.distinct():
        seats = seating.turn(meeting)
        if meeting.state not in OPEN or meeting.starts_at <= clock.now():
            continue
        own = next(seat for seat in seats if seat.person_id == membership.person_id)
        if _give_up(meeting, seats, own):
            continue
        _cancelled(meeting, seats, side=Side.STAFF, by=by, reason="")
        cancelled += 1
    return cancelled


@transaction.atomic
def ask_along(*, membership: Membership, by: User | None) -> int:
    """After somebody joined a group: invite her to what is booked or proposed; to how many.

    Who joins for some days is not asked to what lies behind them.
    """
    person = membership.person
    rows = Meeting.objects.filter(
        mentorship=membership.mentorship_id, state__in=OPEN, starts_at__gt=clock.now()
    ).exclude(participants__person=person)
    if membership.ends_at is not None:
        rows = rows.filter(starts_at__lt=membership.ends_at)
    for meeting in rows:
        seating.turn(meeting)
        seating.add(meeting, membership)
        audit.record(by=by, action="meeting.invited_along", subject=meeting)
        announcements.asked_along(meeting, person)
    return len(rows)


def _give_up(meeting: Meeting, seats: list[Participant], own: Participant) -> bool:
    """Take somebody out of a meeting; ``False`` when it falls without her.

    It falls when nobody of her side is left to come: nobody who agreed, once it is booked.
    """
    counting = {Answer.ACCEPTED} if meeting.state == MeetingState.BOOKED else set(Answer)
    counting -= {Answer.DECLINED}
    side = side_of(own.role)
    peers = [seat for seat in seats if side_of(seat.role) == side and seat.pk != own.pk]
    held = own.holds
    own.answer, own.holds, own.answered_at = Answer.DECLINED, False, clock.now()
    own.save(update_fields=["answer", "holds", "answered_at"])
    stays = any(seat.answer in counting for seat in peers)
    if held and stays:
        announcements.left(meeting, own)
    own.holds = held  # a cancellation goes to everyone who had it in the calendar
    return stays


def where_of(mentor: User) -> Where:
    """Where this mentor usually meets people."""
    kept = sole(BookingPreferences.objects.filter(person=mentor))
    if kept is None:
        return Where(time_zone=mentor.time_zone)
    return Where(kept.mode, kept.place, kept.video_link, kept.time_zone)


def _host(members: Circle, mentor: User | None) -> Membership:
    mentors = members.mentors
    if mentor is not None:
        mentors = [member for member in mentors if member.person_id == mentor.pk]
    if not mentors:
        raise DomainError(_("There is no mentor to meet with at the moment."))
    return mentors[0]


def _cancelled(
    meeting: Meeting, seats: list[Participant], *, side: Side, by: User | None, reason: str
) -> Meeting:
    was_booked = meeting.state == MeetingState.BOOKED
    meeting.state = MeetingState.CANCELLED
    meeting.cancelled_by, meeting.cancelled_at, meeting.reason = side, clock.now(), reason
    Participant.objects.filter(meeting=meeting).update(holds=False)
    seating.raise_sequence(meeting, "state", "cancelled_by", "cancelled_at", "reason")
    audit.record(by=by, action="meeting.cancelled", subject=meeting, side=side, reason=reason)
    announcements.cancelled(meeting, seats, by=by, was_booked=was_booked)
    return meeting
