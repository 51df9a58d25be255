"""Places in trainings and supervisions: which are free, and who moves up from the waiting list.

One place is for one date; in a course it is for all its days. Always first the lock of the dates,
in the order of their ids, then the turns of people: so no two acts wait for each other.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Enrollment
from sessions import announcements, training
from sessions.models import Meeting, MeetingState, Participant, Series, Waiting
from sessions.services.locking import refusing_overlaps, take_turns

Answer = Participant.Answer
# The other thing stays unnamed: it may be a meeting that concerns nobody here.
BUSY = _("You already have something at that time.")


def lock(meeting: Meeting) -> list[Meeting]:
    """One act at a time on a date, which is read anew. Returns what one place in it is for.

    That is the date itself, or in a course each day that is not cancelled, in order of time.
    """
    series = meeting.series
    if series is None or not series.course:
        meeting.refresh_from_db(from_queryset=Meeting.objects.select_for_update())
        meeting.series = series
        return [meeting]
    days = list(series.meetings.select_for_update().order_by("pk"))
    meeting.refresh_from_db()
    return together(meeting, days)


def together(meeting: Meeting, days: Iterable[Meeting]) -> list[Meeting]:
    """The days of a course that stand, in order of time; ``meeting`` itself stands among them."""
    same = [meeting if day.pk == meeting.pk else day for day in days]
    standing = [day for day in same if day.state != MeetingState.CANCELLED]
    return sorted(standing, key=lambda day: (day.starts_at, day.pk)) or [meeting]


def turns(days: Sequence[Meeting], *people: int, seated: bool = False) -> None:
    """Take the turns of these people, of who waits, and if ``seated`` of who holds a place."""
    wait = Waiting.objects.filter(
        Q(meeting__in=days) | Q(meeting=None, series__in={day.series_id for day in days})
    )
    found = {*people, *wait.values_list("person", flat=True)}
    if seated:
        found |= set(Participant.objects.filter(meeting__in=days).values_list("person", flat=True))
    take_turns(found)


def still_open(days: Sequence[Meeting]) -> bool:
    """Whether places are still given out: nothing of it has begun or is written up."""
    return all(d.state == MeetingState.BOOKED and d.starts_at > clock.now() for d in days)


def free_place(days: Sequence[Meeting]) -> int | None:
    """The lowest number that is free on all days; ``None`` when full. Under the lock."""
    numbered = Participant.objects.filter(meeting__in=days, place__isnull=False).order_by()
    taken = set(numbered.values_list("place", flat=True))
    place = next(n for n in range(1, len(taken) + 2) if n not in taken)
    limits = [day.capacity for day in days if day.capacity is not None]
    return None if limits and place > min(limits) else place


def take(seat: Participant, enrollment: Enrollment, place: int | None) -> None:
    """Write the place into the seat; the caller saves it."""
    meeting = seat.meeting
    seat.enrollment, seat.role, seat.place = enrollment, enrollment.role, place
    seat.holds, seat.answer, seat.answered_at = True, Answer.ACCEPTED, clock.now()
    seat.starts_at, seat.ends_at = meeting.starts_at, meeting.ends_at


def seat(days: Sequence[Meeting], enrollment: Enrollment, place: int) -> list[Participant]:
    """Give the place on all days, or on none when she is busy on one. Ends her waiting for it."""
    own = {
        one.meeting_id: one
        for one in Participant.objects.filter(meeting__in=days, person=enrollment.person_id)
    }
    seats = []
    with refusing_overlaps(BUSY):
        for day in days:
            one = own.get(day.pk) or Participant(person=enrollment.person, enrollment=enrollment)
            one.meeting, one.person = day, enrollment.person
            take(one, enrollment, place)
            one.save()
            seats.append(one)
    stop_waiting(days[0], enrollment)
    return seats


def stop_waiting(meeting: Meeting, enrollment: Enrollment) -> None:
    """She has a place now: her waiting ends, in all the series where once is enough."""
    series = training.series_of(meeting)
    rows = Waiting.objects.filter(series=series, person=enrollment.person_id)
    if rows.exists():
        (rows if counts_once(series) else rows.filter(meeting=meeting)).delete()


def counts_once(series: Series) -> bool:
    """Whether one place in the series is all that anybody needs of it."""
    if series.course:
        return True
    wanted = [
        part.times.min if part.times and part.times.min else 1
        for part in series.cohort.planned_spec.requirements
        if (part.kind, part.role) == (series.kind, series.audience)
    ]
    return bool(wanted) and max(wanted) <= 1


def give_back(seats: Iterable[Participant]) -> None:
    """These places are free, and so is the time of who had them."""
    for one in seats:
        one.holds, one.place = False, None
        one.answer, one.answered_at = Answer.DECLINED, clock.now()
        one.save(update_fields=["holds", "place", "answer", "answered_at"])


def fill(days: Sequence[Meeting], *, by: User | None) -> list[Enrollment]:
    """Whoever waits moves up into what is free, in order of arrival, and is told by one mail.

    Under the lock and with the turns taken. Who is busy then is passed over and keeps her turn.
    """
    series = training.series_of(days[0])
    if not still_open(days):
        return []
    rows = list(training.line(series, days[0]).select_related("enrollment__person"))
    if not rows:
        return []
    may = set(training.audience(series).filter(
        pk__in=[row.enrollment_id for row in rows]).values_list("pk", flat=True))  # fmt: skip
    busy = _busy(days, [row.person_id for row in rows])
    moved = []
    for row in rows:
        if row.enrollment_id not in may or row.person_id in busy:
            continue
        place = free_place(days)
        if place is None:
            break
        try:
            seats = seat(days, row.enrollment, place)
        except DomainError:
            # Her time was taken by something that takes no turns: the next one moves up.
            continue
        moved.append(row.enrollment)
        audit.record(
            by=by,
            action="meeting.moved_up",
            subject=days[0],
            cohort=days[0].cohort_id,
            enrollment=row.enrollment_id,
        )
        announcements.moved_up(days, seats[0])
    return moved


def reseat(
    meeting: Meeting, seats: list[Participant], starts_at: datetime, ends_at: datetime
) -> list[Participant]:
    """Give everyone the new time; those who are busy then lose their place, and are returned."""
    holding = [seat for seat in seats if seat.holds]
    clash = Participant.objects.filter(
        person__in=[seat.person_id for seat in holding],
        holds=True,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    ).exclude(meeting=meeting)
    busy = set(clash.values_list("person_id", flat=True))
    lost = [seat for seat in holding if seat.person_id in busy]
    for seat in lost:
        seat.holds, seat.place, seat.answer = False, None, Answer.DECLINED
        seat.answered_at = clock.now()
    for seat in seats:
        seat.starts_at, seat.ends_at = starts_at, ends_at
    fields = ["starts_at", "ends_at", "holds", "place", "answer", "answered_at"]
    with refusing_overlaps(_("Somebody took that time a moment ago. Please try again.")):
        Participant.objects.bulk_update(seats, fields)
    return lost


def is_busy(days: Sequence[Meeting], person: User) -> bool:
    """Whether something else holds her time on one of the days."""
    return bool(_busy(days, [person.pk]))


def _busy(days: Sequence[Meeting], people: Sequence[int]) -> set[int]:
    overlapping = Q()
    for day in days:
        overlapping |= Q(starts_at__lt=day.ends_at, ends_at__gt=day.starts_at)
    rows = Participant.objects.filter(overlapping, person__in=people, holds=True)
    return set(rows.exclude(meeting__in=days).values_list("person_id", flat=True))
