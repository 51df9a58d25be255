"""Places in trainings and supervisions: take one, give it back. The last goes to exactly one."""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Enrollment
from sessions import announcements, training
from sessions.models import Meeting, MeetingState, Participant, SupervisorPlace, Waiting
from sessions.services import places, seating

FULL = _("All places are taken. Please choose another date.")
BEGUN = _("This date has begun. Whoever leads it can still add you.")


class FullError(DomainError):
    """Nobody else can come to this date."""


def enroll(*, meeting: Meeting, by: User) -> Participant:
    """Take a place: it holds the person's time, and the entry goes to her calendar.

    In a course it is a place on every day. Whoever comes second to the last place is told so and
    takes none; who waits already goes first.
    """
    seat = _enroll(meeting, by)
    if seat is None:
        # Outside the transaction: whoever moved up in it has her place.
        raise FullError(FULL)
    return seat


@transaction.atomic
def _enroll(meeting: Meeting, by: User) -> Participant | None:
    enrollment = may_come(meeting, by)
    days = places.lock(meeting)
    places.turns(days, by.pk)
    need_open(meeting, days)
    own = held(days, by)
    if not own and places.fill(days, by=None):
        own = held(days, by)
    here = next((seat for seat in own if seat.meeting_id == meeting.pk), None)
    return here or give(meeting, days, enrollment, by)


def give(
    meeting: Meeting, days: list[Meeting], enrollment: Enrollment, by: User
) -> Participant | None:
    """A free place, under the lock and with her turn taken; ``None``: there is none."""
    place = places.free_place(days)
    if place is None:
        return None
    seats = places.seat(days, enrollment, place)
    audit.record(by=by, action="meeting.enrolled", subject=meeting, cohort=meeting.cohort_id)
    announcements.enrolled(days, seats[0])
    return next(seat for seat in seats if seat.meeting_id == meeting.pk)


@transaction.atomic
def leave(*, meeting: Meeting, by: User) -> None:
    """Give the place back before it begins; whoever waits first has it at once."""
    days = places.lock(meeting)
    places.turns(days, by.pk)
    seating.need_state(meeting, MeetingState.BOOKED)
    if not places.still_open(days):
        raise DomainError(_("This date has begun; the attendance list says who came."))
    own = seating.seat_of(list(meeting.participants.select_related("person")), by)
    if own.holds:
        _free(days, own.person, by=by)


@transaction.atomic
def remove(*, meeting: Meeting, who: User, by: User) -> None:
    """A coordinator takes somebody's place, or her turn on the waiting list, away; she is told."""
    days = places.lock(meeting)
    places.turns(days, who.pk)
    seating.need_state(meeting, MeetingState.BOOKED)
    if not places.still_open(days):
        raise DomainError(_("This date has begun. Write the attendance list instead."))
    waiting = training.line(training.series_of(meeting), meeting).filter(person=who)
    if waiting.delete()[0]:
        audit.record(
            by=by, action="meeting.stopped_waiting", subject=meeting, cohort=meeting.cohort_id
        )
        announcements.waiting(meeting, [who], became="removed")
    elif held(days, who):
        _free(days, who, by=by, removed=True)


@transaction.atomic
def release(*, enrollments: Collection[Enrollment], by: User | None) -> int:
    """After people left the cohort: their places to come go to who waits, or are free.

    Their supervisor's groups go on without them. How many places became free.
    """
    now = clock.now()
    SupervisorPlace.objects.filter(enrollment__in=enrollments, ended_at=None).update(ended_at=now)
    to_come = Q(state=MeetingState.BOOKED, starts_at__gt=now)
    theirs = Meeting.objects.filter(
        to_come,
        series__isnull=False,
        participants__enrollment__in=enrollments,
        participants__holds=True,
    )
    ids = set(theirs.values_list("pk", flat=True))
    whole = Q(pk__in=ids) | Q(series__course=True, series__meetings__in=ids)
    wanted = Meeting.objects.filter(pk__in=Meeting.objects.filter(whole).values("pk"))
    rows = list(wanted.select_for_update().order_by("pk"))
    places.turns(rows, *(row.person_id for row in enrollments))
    # With their turns taken: nobody moves up at this moment who is about to be gone.
    Waiting.objects.filter(enrollment__in=enrollments).delete()
    return sum(
        _free(days, row.person, by=by)
        for days in _bundles(rows)
        for row in sorted(enrollments, key=lambda one: one.pk)
    )


def _bundles(rows: list[Meeting]) -> list[list[Meeting]]:
    """What belongs to one place each: single dates, and courses as wholes."""
    courses: dict[int, list[Meeting]] = defaultdict(list)
    found = []
    for row in rows:
        series = training.series_of(row)
        if series.course:
            courses[series.pk].append(row)
        else:
            found.append([row])
    return found + [places.together(days[0], days) for days in courses.values()]


def _free(days: list[Meeting], person: User, *, by: User | None, removed: bool = False) -> int:
    """Free her places on the days to come, tell her, and let the next move up."""
    seats = [seat for seat in held(days, person) if seat.starts_at > clock.now()]
    if not seats:
        return 0
    places.give_back(seats)
    for seat in seats:
        audit.record(
            by=by, action="meeting.left", subject=seat.meeting, cohort=seat.meeting.cohort_id
        )
    announcements.gave_back(seats, removed=removed)
    places.fill(days, by=by)
    return len(seats)


def held(days: Collection[Meeting], person: User) -> list[Participant]:
    """Her places on these days, in order of time."""
    rows = Participant.objects.filter(meeting__in=days, person=person, holds=True)
    return list(rows.select_related("meeting", "person").order_by("starts_at", "pk"))


def need_open(meeting: Meeting, days: Collection[Meeting]) -> None:
    """Refused once it has begun, is written up or cancelled."""
    seating.need_state(meeting, MeetingState.BOOKED)
    if not places.still_open(list(days)):
        raise DomainError(BEGUN)


def may_come(meeting: Meeting, by: User) -> Enrollment:
    """Her place in the cohort with which she can come; refused for whom the date is not."""
    found = training.enrollment_for(by, meeting.series) if meeting.series else None
    if found is None:
        raise DomainError(_("This date is not for you."))
    found.person = by
    return found
