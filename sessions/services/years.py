"""Meetings, trainings and supervision in a roll-over: what it lets go can be brought back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from matching.models import Membership
from matching.years.endings import turns, ways_taken
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import PassageFate, RollOver
from sessions import announcements
from sessions.models import Meeting, MeetingState, Participant, Side, SupervisorPlace
from sessions.services import places, seating
from sessions.services.locking import refusing_overlaps, take_turns

NAME = "sessions"
OPEN = (MeetingState.PROPOSED, MeetingState.BOOKED)
GONE = (PassageFate.COMPLETES, PassageFate.LEAVES)


def rolled(roll_over: RollOver, _by: User | None) -> tuple[str, Any]:
    """What is arranged with those whose places end now; asked before they end.

    That meetings fall or go on without them follows from the end of their places.
    """
    ending = {
        place.membership
        for turn in turns(roll_over, ways_taken(roll_over))
        for place, _why in turn.ends
    }
    pairs = Membership.objects.filter(
        mentorship__cohort=roll_over.cohort_id, ended_at=None
    ).values_list("pk", "mentorship_id", "person_id")
    going = {(mentorship, person) for pk, mentorship, person in pairs if pk in ending}
    gone = roll_over.passages.filter(fate__in=GONE).values("enrollment_id")
    rows = Participant.objects.filter(
        meeting__cohort=roll_over.cohort_id, meeting__state__in=OPEN, starts_at__gt=clock.now()
    ).select_related("meeting")
    of_groups = [
        seat
        for seat in rows.filter(meeting__series=None)
        if (seat.meeting.mentorship_id, seat.person_id) in going
    ]
    of_series = rows.filter(meeting__series__isnull=False, enrollment__in=gone, holds=True)
    # A meeting that falls lets everybody go: all its seats are kept.
    fallen = {seat.meeting_id for seat in of_groups}
    everyone = Participant.objects.filter(meeting__in=fallen).order_by("pk")
    return NAME, {
        "meetings": [[m.pk, m.state] for m in {seat.meeting for seat in of_groups}],
        "seats": [[s.pk, s.answer, s.holds] for s in everyone],
        "trainings": [seat.pk for seat in of_series.order_by("pk")],
        "supervision": list(
            SupervisorPlace.objects.filter(enrollment__in=gone, ended_at=None).values_list(
                "pk", flat=True
            )
        ),
    }


def obstacles(roll_over: RollOver) -> Iterable[str]:
    """Meetings arranged since, or recorded as held since."""
    since = roll_over.done_at
    rows = Meeting.objects.filter(cohort=roll_over.cohort_id).filter(
        Q(created_at__gt=since) | Q(recorded_at__gt=since, starts_at__gt=since)
    )
    if rows.exists():
        yield _("A meeting was arranged.")


def undone(roll_over: RollOver, by: User | None) -> None:
    """Meetings that fell stand again where their time is still free; so do trainings and groups."""
    record = roll_over.record.get(NAME, {})
    done_at = roll_over.done_at
    assert done_at is not None  # noqa: S101 (set by who calls)
    seats = {pk: (answer, holds) for pk, answer, holds in record.get("seats", [])}
    for pk, state in sorted(record.get("meetings", [])):
        _stand_again(pk, state, seats, done_at, by)
    for pk in record.get("trainings", []):
        _training_again(pk)
    _supervision_again(record.get("supervision", []), done_at)


def _stand_again(
    pk: int, state: str, seats: dict[int, tuple[str, bool]], since: datetime, by: User | None
) -> None:
    meeting = Meeting.objects.filter(pk=pk, starts_at__gt=clock.now()).first()
    if meeting is None:
        return
    rows = seating.turn(meeting)
    fell = meeting.state == MeetingState.CANCELLED and meeting.cancelled_by == Side.STAFF
    if fell and meeting.cancelled_at is not None and meeting.cancelled_at >= since:
        meeting.state, meeting.cancelled_by, meeting.cancelled_at = state, "", None
    elif meeting.state not in OPEN:
        return
    changed = [seat for seat in rows if (seat.answer, seat.holds) != seats.get(seat.pk)]
    if not changed:
        return
    for seat in changed:
        if seat.pk in seats:
            _seat_again(seat, *seats[seat.pk])
    seating.raise_sequence(meeting, "state", "cancelled_by", "cancelled_at")
    audit.record(by=by, action="meeting.stands_again", subject=meeting)
    if meeting.state == MeetingState.BOOKED:
        announcements.booked(meeting)


def _seat_again(seat: Participant, answer: str, holds: bool) -> None:
    """As it was; only invited where the person has something else by now."""
    seat.answer, seat.holds = answer, holds
    try:
        with refusing_overlaps(""):
            seat.save(update_fields=["answer", "holds"])
    except DomainError:
        seat.answer, seat.holds = Participant.Answer.OPEN, False
        seat.save(update_fields=["answer", "holds"])


def _training_again(pk: int) -> None:
    """Her place in a training, if one is still free."""
    seat = Participant.objects.select_related("meeting__series", "enrollment", "person").get(pk=pk)
    places.lock(seat.meeting)
    take_turns([seat.person_id])
    if seat.holds or seat.meeting.state != MeetingState.BOOKED:
        return
    place = places.free_place([seat.meeting])
    if place is None or seat.meeting.starts_at <= clock.now():
        return
    places.take(seat, seat.enrollment, place)
    try:
        with refusing_overlaps(""):
            seat.save()
    except DomainError:
        return
    announcements.joined(seat.meeting, seat)


def _supervision_again(ids: Iterable[int], since: datetime) -> None:
    rows = SupervisorPlace.objects.filter(
        pk__in=list(ids), ended_at__gte=since, group__ended_at=None
    )
    for place in rows:
        others = SupervisorPlace.objects.filter(enrollment=place.enrollment_id, ended_at=None)
        if not others.exists():
            SupervisorPlace.objects.filter(pk=place.pk).update(ended_at=None)
