"""Attendance lists of trainings and supervisions: for everyone at once, by who leads them."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock, ports
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import CohortState, Enrollment, EnrollmentState
from programs.services import enrollments
from sessions import announcements, training
from sessions.models import Meeting, MeetingState, Participant, Side
from sessions.services import seating
from sessions.services.places import lock, take

Attendance = Participant.Attendance
SAID = (Attendance.PRESENT, Attendance.EXCUSED, Attendance.ABSENT)


@transaction.atomic
def record_list(
    *,
    meeting: Meeting,
    said: Mapping[int, str],
    by: User,
    walk_ins: Collection[int] = (),
) -> Meeting:
    """Write who was there, and the date was held. ``said`` and ``walk_ins`` are by enrollment.

    Everyone with a place must be spoken of, except the writer: nobody records her own attendance.
    The list can be corrected later in the same way.
    """
    lock(meeting)
    seats = seating.turn(meeting)
    seating.need_state(meeting, MeetingState.BOOKED, MeetingState.HELD)
    if meeting.starts_at > clock.now():
        raise DomainError(_("This date is still to come."))
    seats = [seat for seat in seats if seat.answer == Participant.Answer.ACCEPTED]
    _write(seats, said, by)
    _walk_in(meeting, {seat.person_id for seat in seats}, walk_ins, by)
    meeting.state, meeting.recorded_by = MeetingState.HELD, by
    meeting.recorded_side, meeting.recorded_at = Side.STAFF, clock.now()
    # Nobody is asked to confirm it: the people on the list can see it, and say so.
    meeting.confirmed_at = meeting.recorded_at
    meeting.save(
        update_fields=["state", "recorded_by", "recorded_side", "recorded_at", "confirmed_at"]
    )
    announcements.forget(meeting, "recorded")
    audit.record(
        by=by,
        action="meeting.attendance",
        subject=meeting,
        cohort=meeting.cohort,
        people=len(seats),
        walk_ins=len(walk_ins),
        present=_present(meeting),
    )
    _activate(meeting, by)
    # Whoever wrote it looks next at who is still short: that must not wait for the hour.
    ports.FACTS_SETTLED.tell(meeting.cohort)
    return meeting


def _activate(meeting: Meeting, by: User) -> None:
    """In a year that runs, whoever waited only for this is active now."""
    if meeting.cohort.state != CohortState.RUNNING:
        return
    rows = Enrollment.objects.filter(
        participations__meeting=meeting,
        participations__attendance=Attendance.PRESENT,
        state=EnrollmentState.ACCEPTED,
    ).select_related("cohort__program", "person")
    for row in rows.order_by("pk"):
        if row.cohort.spec.before_activation(row.role):
            enrollments.activate_if_ready(enrollment=row, by=by)


def _present(meeting: Meeting) -> list[int]:
    """Whom this list says to have been there: a corrected list stood otherwise before."""
    rows = meeting.participants.filter(attendance=Attendance.PRESENT).order_by("enrollment")
    return list(rows.values_list("enrollment", flat=True))


def _write(seats: list[Participant], said: Mapping[int, str], by: User) -> None:
    for seat in seats:
        if seat.person_id == by.pk:
            if said.get(seat.enrollment_id, seat.attendance) != seat.attendance:
                raise DomainError(_("Somebody else records your own attendance."))
            continue
        value = said.get(seat.enrollment_id, "")
        if value not in SAID:
            raise DomainError(_("Say of everyone whether she was there."), field="attendance")
        seat.attendance = value
    Participant.objects.bulk_update(seats, ["attendance"])


def _walk_in(meeting: Meeting, known: set[int], walk_ins: Collection[int], by: User) -> None:
    """Those who came without a place; beyond the capacity they have no number."""
    if not walk_ins or meeting.series is None:
        return
    people = training.audience(meeting.series).filter(pk__in=walk_ins).exclude(person__in=known)
    found = list(people)
    if any(enrollment.person_id == by.pk for enrollment in found):
        raise DomainError(_("Somebody else records your own attendance."))
    busy = set(
        Participant.objects.filter(
            person__in=[enrollment.person_id for enrollment in found],
            holds=True,
            starts_at__lt=meeting.ends_at,
            ends_at__gt=meeting.starts_at,
        ).values_list("person_id", flat=True)
    )
    former = {seat.person_id: seat for seat in meeting.participants.filter(holds=False)}
    for enrollment in found:
        seat = former.get(enrollment.person_id) or _new(meeting, enrollment)
        take(seat, enrollment, None)
        seat.meeting = meeting
        # Another meeting may hold the hour: that she was here is a fact all the same.
        seat.holds = enrollment.person_id not in busy
        seat.attendance = Attendance.PRESENT
        seat.save()


def _new(meeting: Meeting, enrollment: Enrollment) -> Participant:
    return Participant(meeting=meeting, person=enrollment.person, enrollment=enrollment)
