"""What every change of a meeting is made of: its seats, its checks, its sequence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.keys import new_key
from sessions.circle import Circle, seats_of
from sessions.models import (
    Meeting,
    MeetingKind,
    MeetingReason,
    MeetingState,
    Mode,
    Participant,
)
from sessions.services.locking import take_turns

CHANGED = _("This meeting has changed in the meantime. Look at it again.")
MIN_LENGTH, MAX_LENGTH = timedelta(minutes=10), timedelta(hours=12)
HORIZON = timedelta(days=366)

Answer = Participant.Answer


@dataclass(frozen=True)
class Where:
    """How and where a meeting takes place."""

    mode: str = Mode.IN_PERSON
    place: str = ""
    video_link: str = ""
    time_zone: str = "UTC"


def create(
    members: Circle,
    *,
    by: User,
    state: MeetingState,
    starts_at: datetime,
    ends_at: datetime,
    where: Where,
    key: str = "",
) -> Meeting:
    return Meeting.objects.create(
        key=key or new_key(),
        cohort_id=members.mentorship.cohort_id,
        mentorship=members.mentorship,
        kind=MeetingKind.GROUP if members.is_group else MeetingKind.MENTORING,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        mode=where.mode,
        place=where.place,
        video_link=where.video_link,
        time_zone=where.time_zone,
        created_by=by,
        created_side=members.side(by),
        booked_at=clock.now() if state == MeetingState.BOOKED else None,
    )


def seat(
    meeting: Meeting, members: Circle, *, holding: set[int], accepted: set[int] | None = None
) -> None:
    agreed = holding if accepted is None else accepted
    Participant.objects.bulk_create(
        Participant(
            meeting=meeting,
            person_id=member.person_id,
            enrollment_id=member.enrollment_id,
            role=member.role,
            answer=Answer.ACCEPTED if member.person_id in agreed else Answer.OPEN,
            holds=member.person_id in holding,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
        )
        for member in members.members
    )


def add(meeting: Meeting, member: Membership) -> None:
    """A seat for somebody who joined later: asked, and holding nothing yet."""
    Participant.objects.create(
        meeting=meeting,
        person_id=member.person_id,
        enrollment_id=member.enrollment_id,
        role=member.role,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )
    if meeting.kind == MeetingKind.MENTORING:
        meeting.kind = MeetingKind.GROUP
        meeting.save(update_fields=["kind"])


def turn(meeting: Meeting) -> list[Participant]:
    """Wait for the people's turn, then read the meeting as it stands now."""
    take_turns(Participant.objects.filter(meeting=meeting).values_list("person_id", flat=True))
    meeting.refresh_from_db()
    seats = meeting.participants.order_by().select_related("person")
    return sorted(seats, key=lambda seat: seat.pk)


def need_state(meeting: Meeting, *states: MeetingState) -> None:
    if meeting.state not in states:
        raise DomainError(CHANGED)


def seat_of(seats: list[Participant], user: User) -> Participant:
    """Her seat, while the meeting is hers; refused for everyone else."""
    own = next((seat for seat in seats if seat.person_id == user.pk), None)
    if own is None or not seats_of(user).filter(pk=own.pk).exists():
        raise DomainError(_("You are not part of this meeting."))
    return own


def check_period(starts_at: datetime, ends_at: datetime) -> None:
    now = clock.now()
    if starts_at <= now:
        raise DomainError(_("This time is over. Choose one to come."), field="starts")
    if starts_at > now + HORIZON:
        raise DomainError(_("This is more than a year ahead."), field="starts")
    if not MIN_LENGTH <= ends_at - starts_at <= MAX_LENGTH:
        raise DomainError(_("A meeting lasts from 10 minutes to 12 hours."), field="minutes")


def check_reason(reason: str) -> None:
    if reason not in MeetingReason.values:
        raise DomainError(_("Say why, so that the others can make sense of it."), field="reason")


def clashes(person: int, starts_at: datetime, ends_at: datetime) -> bool:
    return Participant.objects.filter(
        person=person, holds=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).exists()


def own_booking(*, mentorship: Mentorship, starts_at: datetime, by: User) -> Meeting | None:
    """The meeting of this mentorship that this person has at that very time already."""
    return mentorship.meetings.filter(
        state=MeetingState.BOOKED,
        starts_at=starts_at,
        participants__person=by,
        participants__holds=True,
    ).first()


def raise_sequence(meeting: Meeting, *fields: str) -> None:
    meeting.sequence += 1
    meeting.save(update_fields=["sequence", *fields])
