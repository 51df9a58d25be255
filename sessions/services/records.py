"""What became of a meeting: held, or missed and by whom; and meetings that nobody had booked."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import audit, clock, ports
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions import announcements
from sessions.circle import Circle, circle, side_of
from sessions.models import Meeting, MeetingKind, MeetingState, Participant, Side
from sessions.services import seating
from sessions.services.booking import where_of
from sessions.services.locking import refusing_overlaps, take_turns

Attendance = Participant.Attendance
# Later corrections are the coordinator's, who can ask both sides.
CORRECTION = timedelta(days=30)
RECORDABLE = timedelta(days=400)
# People record while they are still sitting together.
STILL_SITTING = timedelta(minutes=30)


class Outcome(models.TextChoices):
    """What can have become of a meeting."""

    HELD = "held", _("It took place")
    STUDENT = "student", _("The student did not come")
    MENTOR = "mentor", _("The mentor did not come")
    BOTH = "both", _("Neither of us came")


class ClashError(DomainError):
    """Somebody has another meeting at that time; recording it needs a second, explicit yes."""


@transaction.atomic
def record(
    *,
    meeting: Meeting,
    outcome: str,
    by: User,
    attendance: Mapping[int, str] | None = None,
) -> Meeting:
    """Say what became of a meeting whose hour has come.

    The first side that says it is believed; the other side's word then confirms it or marks it
    as disputed, and a coordinator's settles it. ``attendance`` is by person, where it differs
    from what the outcome implies.
    """
    seats = seating.turn(meeting)
    side = _side(seats, by)
    if outcome not in Outcome.values:
        raise DomainError(_("Say what became of the meeting."), field="outcome")
    _check_recordable(meeting)
    if meeting.state != MeetingState.BOOKED and side not in {Side.STAFF, meeting.recorded_side}:
        _check_correctable(meeting, side)
        return _second_word(meeting, outcome, by)
    if side != Side.STAFF and attendance is None and outcome == outcome_of(meeting):
        return meeting
    _check_correctable(meeting, side)
    held = outcome == Outcome.HELD
    meeting.state = MeetingState.HELD if held else MeetingState.MISSED
    meeting.missed_by = "" if held else outcome
    meeting.recorded_by, meeting.recorded_side, meeting.recorded_at = by, side, clock.now()
    meeting.confirmed_at = meeting.disputed_at = None
    meeting.disputed_as = ""
    meeting.save()
    _attend(seats, outcome, attendance or {})
    announcements.forget(meeting, "recorded")
    audit.record(
        by=by,
        action="meeting.recorded",
        subject=meeting,
        cohort=meeting.cohort if side == Side.STAFF else None,
        outcome=outcome,
    )
    _tell_staff_word(meeting)
    if not held:
        announcements.missed(meeting, by=by)
    return meeting


@transaction.atomic
def record_unplanned(
    *,
    mentorship: Mentorship,
    starts_at: datetime,
    minutes: int,
    mode: str,
    by: User,
    present: Collection[int] | None = None,
    despite_clash: bool = False,
) -> Meeting:
    """Record a meeting that nobody had booked: by either side, or on their word by a coordinator.

    ``present`` names the people who were there (default: all who belonged to it then). If a
    meeting of the same mentorship stood in the calendar at that time, that one is recorded
    instead. Also after the mentorship has ended, about a day before it did.
    """
    Mentorship.objects.select_for_update(no_key=True).get(pk=mentorship.pk)
    mentorship.refresh_from_db()
    ends_at = starts_at + timedelta(minutes=minutes)
    _check_past(mentorship, starts_at, ends_at)
    members = circle(mentorship, at=starts_at)
    everyone = {member.person_id for member in members.members}
    there = everyone if present is None else everyone & set(present)
    _check_present(members, there, by)
    take_turns(member.person_id for member in members.members)
    standing = _standing(mentorship, starts_at, ends_at)
    if standing is not None:
        return record(
            meeting=standing,
            outcome=Outcome.HELD,
            by=by,
            attendance={m.person_id: _presence(m.person_id in there) for m in members.members},
        )
    busy = _busy(there, starts_at, ends_at)
    if busy and not despite_clash:
        raise ClashError(
            _("There is another meeting of one of them at that time. Record this one all the same?")
        )
    meeting = _unplanned(members, starts_at, ends_at, mode, by)
    _seat_unplanned(meeting, members, there=there, busy=busy)
    audit.record(
        by=by,
        action="meeting.recorded_unplanned",
        subject=meeting,
        cohort=mentorship.cohort if meeting.recorded_side == Side.STAFF else None,
        despite_clash=bool(busy),
    )
    _tell_staff_word(meeting)
    return meeting


def _tell_staff_word(meeting: Meeting) -> None:
    """A coordinator looks next at what her word changed: it must not wait for the hour."""
    if meeting.recorded_side == Side.STAFF:
        ports.FACTS_SETTLED.tell(meeting.cohort)


def _seat_unplanned(
    meeting: Meeting, members: Circle, *, there: Collection[int], busy: Collection[int]
) -> None:
    """Everyone has a place; who was there holds the time, unless another meeting holds it."""
    with refusing_overlaps(_("Another meeting was recorded for that time a moment ago.")):
        Participant.objects.bulk_create(
            Participant(
                meeting=meeting,
                person_id=member.person_id,
                enrollment_id=member.enrollment_id,
                role=member.role,
                answer=Participant.Answer.ACCEPTED,
                attendance=_presence(member.person_id in there),
                holds=member.person_id in there and member.person_id not in busy,
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
            )
            for member in members.members
        )


def outcome_of(meeting: Meeting) -> str:
    """What is recorded, in the words of ``Outcome``; empty while nothing is."""
    if meeting.state == MeetingState.HELD:
        return Outcome.HELD
    return meeting.missed_by


def _second_word(meeting: Meeting, outcome: str, by: User) -> Meeting:
    agrees = outcome == outcome_of(meeting)
    meeting.confirmed_at = clock.now() if agrees else None
    meeting.disputed_at = None if agrees else clock.now()
    meeting.disputed_as = "" if agrees else outcome
    meeting.save(update_fields=["confirmed_at", "disputed_at", "disputed_as"])
    action = "meeting.confirmed" if agrees else "meeting.disputed"
    audit.record(by=by, action=action, subject=meeting)
    return meeting


def _side(seats: list[Participant], by: User) -> Side:
    if all(seat.person_id != by.pk for seat in seats):
        return Side.STAFF
    return side_of(seating.seat_of(seats, by).role)


def _check_recordable(meeting: Meeting) -> None:
    if meeting.state == MeetingState.CANCELLED:
        raise DomainError(
            _("This meeting was cancelled. If you met anyway, record a meeting nobody booked.")
        )
    if meeting.state == MeetingState.PROPOSED:
        raise DomainError(
            _("This time was never agreed. If you met anyway, record a meeting nobody booked.")
        )
    if meeting.starts_at > clock.now():
        raise DomainError(_("This meeting is still to come."))


def _check_correctable(meeting: Meeting, side: Side) -> None:
    if side == Side.STAFF or meeting.recorded_at is None:
        return
    if clock.now() - meeting.recorded_at > CORRECTION:
        raise DomainError(_("It is too late to correct this. Ask your coordinator."))


def _attend(seats: list[Participant], outcome: str, attendance: Mapping[int, str]) -> None:
    missing = {Outcome.STUDENT: {Side.STUDENT}, Outcome.MENTOR: {Side.MENTOR}}.get(
        Outcome(outcome), set(Side) if outcome == Outcome.BOTH else set()
    )
    for seat in seats:
        if seat.answer == Participant.Answer.DECLINED:
            default = Attendance.EXCUSED
        elif side_of(seat.role) in missing:
            default = Attendance.ABSENT
        else:
            # Who was only invited and never answered is not said to have come.
            default = Attendance.PRESENT if seat.holds else Attendance.UNKNOWN
        seat.attendance = attendance.get(seat.person_id, default)
        if seat.attendance not in Attendance.values:
            raise DomainError(_("Say who was there."), field="attendance")
    there = {side_of(seat.role) for seat in seats if seat.attendance == Attendance.PRESENT}
    if outcome == Outcome.HELD and len(there) < 2:
        raise DomainError(
            _("A meeting that took place had a mentor and a student."), field="attendance"
        )
    for said in {seat.attendance for seat in seats}:
        rows = Participant.objects.filter(pk__in=[s.pk for s in seats if s.attendance == said])
        rows.update(attendance=said)


def _presence(there: bool) -> str:
    return Attendance.PRESENT if there else Attendance.ABSENT


def _check_past(mentorship: Mentorship, starts_at: datetime, ends_at: datetime) -> None:
    now = clock.now()
    if not seating.MIN_LENGTH <= ends_at - starts_at <= seating.MAX_LENGTH:
        raise DomainError(_("A meeting lasts from 10 minutes to 12 hours."), field="minutes")
    if starts_at > now:
        raise DomainError(_("This is still to come. Book or propose it instead."), field="starts")
    if ends_at > now + STILL_SITTING:
        raise DomainError(
            _("That is not over yet. Record it afterwards, or say how long it was."),
            field="minutes",
        )
    if starts_at < now - RECORDABLE:
        raise DomainError(_("This is more than a year ago."), field="starts")
    zone = mentorship.cohort.zone
    if starts_at.astimezone(zone).date() < mentorship.started_at.astimezone(zone).date():
        raise DomainError(_("The mentorship had not begun then."), field="starts")
    if mentorship.ended_at and starts_at >= mentorship.ended_at:
        raise DomainError(_("This mentorship had ended by then."), field="starts")


def _check_present(members: Circle, there: set[int], by: User) -> None:
    sides = {side_of(m.role) for m in members.members if m.person_id in there}
    if len(sides) < 2:
        raise DomainError(_("A meeting needs a mentor and a student."), field="present")
    own = members.of(by)
    if own is not None and by.pk not in there:
        raise DomainError(_("Record only meetings where you were yourself."), field="present")


def _standing(mentorship: Mentorship, starts_at: datetime, ends_at: datetime) -> Meeting | None:
    rows = mentorship.meetings.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    found = rows.exclude(state__in=[MeetingState.CANCELLED, MeetingState.PROPOSED]).first()
    if found is not None and found.state == MeetingState.HELD:
        raise DomainError(_("A meeting at that time is recorded already."), field="starts")
    return found if found is None or found.starts_at <= clock.now() else None


def _busy(people: set[int], starts_at: datetime, ends_at: datetime) -> set[int]:
    rows = Participant.objects.filter(
        person__in=people, holds=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return set(rows.values_list("person_id", flat=True))


def _unplanned(
    members: Circle, starts_at: datetime, ends_at: datetime, mode: str, by: User
) -> Meeting:
    now, side = clock.now(), members.side(by)
    return Meeting.objects.create(
        cohort_id=members.mentorship.cohort_id,
        mentorship=members.mentorship,
        kind=MeetingKind.GROUP if members.is_group else MeetingKind.MENTORING,
        state=MeetingState.HELD,
        starts_at=starts_at,
        ends_at=ends_at,
        mode=mode,
        time_zone=where_of(members.mentors[0].person).time_zone,
        unplanned=True,
        created_by=by,
        created_side=side,
        recorded_by=by,
        recorded_side=side,
        recorded_at=now,
    )
