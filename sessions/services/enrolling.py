"""Places in trainings and supervisions: take one, give it back. The last goes to exactly one."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.rows import sole
from programs.models import Enrollment
from sessions import announcements, training
from sessions.models import Meeting, MeetingState, Participant, SupervisorPlace
from sessions.services import seating
from sessions.services.locking import refusing_overlaps, take_turns
from sessions.services.series import lock

Answer = Participant.Answer
# The other thing stays unnamed: it may be a meeting that concerns nobody here.
BUSY = _("You already have something at that time.")
FULL = _("All places are taken. Please choose another date.")


class FullError(DomainError):
    """Nobody else can come to this date."""


@transaction.atomic
def enroll(*, meeting: Meeting, by: User) -> Participant:
    """Take a place: it holds the person's time, and the entry goes to her calendar.

    Whoever comes second to the last place is told so and takes none.
    """
    enrollment = _may_come(meeting, by)
    lock(meeting)
    take_turns([by.pk])
    seating.need_state(meeting, MeetingState.BOOKED)
    if meeting.starts_at <= clock.now():
        raise DomainError(_("This date has begun. Whoever leads it can still add you."))
    own = sole(meeting.participants.filter(person=by))
    if own is not None and own.holds:
        return own
    place = free_place(meeting)
    if place is None:
        raise FullError(FULL)
    seat = own or Participant(meeting=meeting, person=by, enrollment=enrollment)
    take(seat, enrollment, place)
    with refusing_overlaps(BUSY):
        seat.save()
    audit.record(by=by, action="meeting.enrolled", subject=meeting, cohort=meeting.cohort_id)
    announcements.joined(meeting, seat)
    return seat


@transaction.atomic
def leave(*, meeting: Meeting, by: User) -> None:
    """Give the place back before it begins; somebody else can take it at once."""
    lock(meeting)
    take_turns([by.pk])
    seating.need_state(meeting, MeetingState.BOOKED)
    if meeting.starts_at <= clock.now():
        raise DomainError(_("This date has begun; the attendance list says who came."))
    own = seating.seat_of(list(meeting.participants.select_related("person")), by)
    if own.holds:
        _give_back(own)
        audit.record(by=by, action="meeting.left", subject=meeting, cohort=meeting.cohort_id)
        announcements.left(meeting, own)


@transaction.atomic
def release(*, enrollment: Enrollment, by: User | None) -> int:
    """After somebody left the cohort: her places to come are free, and her group goes on without.

    How many places became free.
    """
    SupervisorPlace.objects.filter(enrollment=enrollment, ended_at=None).update(
        ended_at=clock.now()
    )
    seats = Participant.objects.filter(
        enrollment=enrollment,
        holds=True,
        meeting__series__isnull=False,
        meeting__state=MeetingState.BOOKED,
        starts_at__gt=clock.now(),
    ).select_related("meeting", "person")
    freed = list(seats.order_by("pk"))
    for seat in freed:
        _give_back(seat)
        audit.record(
            by=by, action="meeting.left", subject=seat.meeting, cohort=seat.meeting.cohort_id
        )
        announcements.left(seat.meeting, seat)
    return len(freed)


def free_place(meeting: Meeting) -> int | None:
    """The lowest number that is free; ``None`` when the date is full. Under the date's lock."""
    numbered = meeting.participants.order_by().filter(place__isnull=False)
    taken = set(numbered.values_list("place", flat=True))
    place = next(n for n in range(1, len(taken) + 2) if n not in taken)
    return None if meeting.capacity is not None and place > meeting.capacity else place


def take(seat: Participant, enrollment: Enrollment, place: int | None) -> None:
    """Write the place into the seat; the caller saves it."""
    meeting = seat.meeting
    seat.enrollment, seat.role, seat.place = enrollment, enrollment.role, place
    seat.holds, seat.answer, seat.answered_at = True, Answer.ACCEPTED, clock.now()
    seat.starts_at, seat.ends_at = meeting.starts_at, meeting.ends_at


def _may_come(meeting: Meeting, by: User) -> Enrollment:
    found = training.enrollment_for(by, meeting.series) if meeting.series else None
    if found is None:
        raise DomainError(_("This date is not for you."))
    return found


def _give_back(seat: Participant) -> None:
    seat.holds, seat.place = False, None
    seat.answer, seat.answered_at = Answer.DECLINED, clock.now()
    seat.save(update_fields=["holds", "place", "answer", "answered_at"])
