"""Places that come to their good end: a class graduates, a year is over, a cohort closes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from matching.models import Membership, Mentorship
from mentoring import audit, ports
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs.models import Enrollment

CHUNK = 500
ACTIVE, COMPLETED = Mentorship.State.ACTIVE, Mentorship.State.COMPLETED


def finish(
    *, places: Sequence[Membership], over: Iterable[int], at: datetime, by: User | None, why: str
) -> None:
    """End these places at that instant; the mentorships ``over`` are completed with them."""
    gone = sorted(set(over))
    _in_chunks(Membership, [place.pk for place in places], ended_at=at)
    _in_chunks(Mentorship, gone, state=COMPLETED, ended_at=at, ended_by=by.key if by else "")
    groups: dict[int, list[int]] = {}
    held: dict[int, Mentorship] = {}
    for place in places:
        groups.setdefault(place.mentorship_id, []).append(place.enrollment_id)
        held[place.mentorship_id] = place.mentorship
    audit.record_many(
        audit.event(
            by=by,
            action="mentorship.completed" if pk in gone else "mentorship.places_over",
            subject=held[pk],
            cohort=held[pk].cohort,
            enrollments=people,
            why=why,
            bulk=True,
        )
        for pk, people in sorted(groups.items())
    )
    for place in places:
        place.ended_at = at
        ports.MEMBERSHIP_ENDED.tell(place, by)


def revive(*, places: Sequence[Membership], at: datetime, by: User | None) -> list[Membership]:
    """Take ends of that instant back, but for a student who has another mentor meanwhile."""
    taken = set(
        Membership.objects.filter(
            enrollment__in={place.enrollment_id for place in places},
            role=Role.STUDENT,
            ended_at=None,
        ).values_list("enrollment_id", "shape")
    )
    back = [
        place
        for place in places
        if place.role != Role.STUDENT or (place.enrollment_id, place.shape) not in taken
    ]
    _in_chunks(Membership, [place.pk for place in back], ended_at=None)
    groups = sorted({place.mentorship_id for place in back})
    rows = Mentorship.objects.filter(pk__in=groups, state=COMPLETED, ended_at=at)
    again = list(rows.values_list("pk", flat=True))
    _in_chunks(Mentorship, again, state=ACTIVE, ended_at=None, ended_by="")
    audit.record_many(
        audit.event(
            by=by,
            action="mentorship.places_again",
            subject=place.mentorship,
            cohort=place.mentorship.cohort,
            enrollments=[place.enrollment_id],
            bulk=True,
        )
        for place in back
    )
    return back


@transaction.atomic
def enrollments_completed(rows: Sequence[Enrollment], at: datetime, by: User | None) -> None:
    """People have been through the program: what they still have a place in ends or goes on."""
    leaving = _places(Membership.objects.filter(enrollment__in=_ids(rows), ended_at=None))
    if not leaving:
        return
    groups = {place.mentorship_id for place in leaving}
    gone = {place.pk for place in leaving}
    everyone = _places(Membership.objects.filter(mentorship__in=groups, ended_at=None))
    stays: dict[int, list[Membership]] = {pk: [] for pk in groups}
    for place in everyone:
        if place.pk not in gone:
            stays[place.mentorship_id].append(place)
    over = {
        pk
        for pk, left in stays.items()
        if not (any(one.is_mentor for one in left) and any(not one.is_mentor for one in left))
    }
    ending = [place for place in everyone if place.pk in gone or place.mentorship_id in over]
    finish(places=ending, over=over, at=at, by=by, why="completed")


@transaction.atomic
def enrollments_reopened(rows: Sequence[Enrollment], at: datetime, by: User | None) -> None:
    """A completion was taken back: the places that ended with it are live again."""
    ended = Membership.objects.filter(ended_at=at)
    hers = ended.filter(enrollment__in=_ids(rows))
    groups = set(hers.values_list("mentorship_id", flat=True))
    completed = set(
        Mentorship.objects.filter(pk__in=groups, state=COMPLETED, ended_at=at).values_list(
            "pk", flat=True
        )
    )
    mine = set(_ids(rows))
    back = [
        place
        for place in _places(ended.filter(mentorship__in=groups))
        if place.mentorship.is_live or place.mentorship_id in completed
        if place.enrollment_id in mine
        or (place.mentorship_id in completed and place.enrollment.is_present)
    ]
    revive(places=back, at=at, by=by)


def _ids(rows: Sequence[Enrollment]) -> list[int]:
    return [row.pk for row in rows]


def _places(rows: QuerySet[Membership]) -> list[Membership]:
    found = rows.select_related("mentorship__cohort", "enrollment", "person")
    return list(found.order_by("pk"))


def _in_chunks(
    model: type[Membership] | type[Mentorship], ids: Sequence[int], **to: object
) -> None:
    for first in range(0, len(ids), CHUNK):
        model.objects.filter(pk__in=ids[first : first + CHUNK]).update(**to)
