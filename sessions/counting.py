"""What counts as attended once: a date, or a course of several days when she came to each.

A course is counted by the row of its last day that stands; its minutes are those of all its days.
"""

from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from programs.models import Enrollment
from sessions.models import Meeting, MeetingState, Participant

PRESENT = Participant.Attendance.PRESENT
_LASTS = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
_OF_COURSE = Q(meeting__series__course=True)
_SINGLE = Q(meeting__series__course=False) | Q(meeting__series=None)


def whole(rows: QuerySet[Participant]) -> QuerySet[Any]:
    """One row for what counts once, with how long it ``lasts`` in all and of how many ``days``.

    ``days`` is 0 for what is no course.
    """
    standing = _standing()
    later = Q(starts_at__gt=OuterRef("starts_at")) | Q(
        starts_at=OuterRef("starts_at"), pk__gt=OuterRef("meeting")
    )
    of_series = standing.order_by().values("series")
    total = of_series.annotate(t=Sum(_LASTS)).values("t")
    number = of_series.annotate(n=Count("pk")).values("n")
    last: Q = _OF_COURSE & Q(~Exists(standing.filter(later)))
    found: QuerySet[Any] = rows.annotate(
        lasts=Case(
            When(_OF_COURSE, then=Subquery(total, output_field=DurationField())),
            default=_LASTS,
            output_field=DurationField(),
        ),
        days=Case(
            When(_OF_COURSE, then=Subquery(number, output_field=IntegerField())),
            default=Value(0),
        ),
    )
    return found.filter(_SINGLE | last)


def standing(rows: QuerySet[Participant], courses: bool) -> QuerySet[Any]:
    """What counts once of these rows and was attended, or is ahead; as in ``whole``.

    ``courses``: whether days of courses are among them. Where there are none, the database need
    not look for any, which is most of the work.
    """
    if courses:
        return whole(rows).filter(is_attended() | is_ahead())
    single = rows.annotate(lasts=_LASTS, days=Value(0))
    return single.filter(
        Q(meeting__state=MeetingState.HELD, attendance=PRESENT)
        | Q(meeting__state=MeetingState.BOOKED, holds=True)
    )


def units(*, kind: str, minutes: float, days: int = 1) -> QuerySet[Any]:
    """Places in what counts for such a requirement.

    ``days`` is how many a course has at least; where that is more than one, a single date is none.
    """
    rows = whole(Participant.objects.filter(meeting__kind=kind)).order_by()
    if days > 1:
        rows = rows.filter(days__gte=days)
    return rows.filter(lasts__gte=timedelta(minutes=minutes))


def is_attended() -> Q:
    """Those where she was present; in a course on every day."""
    return Q(_on_each(_standing()), meeting__state=MeetingState.HELD, attendance=PRESENT)


def is_ahead() -> Q:
    """Places in dates to come, and in those whose list is still to be written.

    A course of which she missed a day will not be attended any more.
    """
    past = _standing().filter(state=MeetingState.HELD)
    return Q(_on_each(past), meeting__state=MeetingState.BOOKED, holds=True)


def attended(rows: QuerySet[Participant]) -> QuerySet[Participant]:
    return rows.filter(is_attended())


def ahead(rows: QuerySet[Participant]) -> QuerySet[Participant]:
    return rows.filter(is_ahead())


def number(rows: QuerySet[Participant]) -> Coalesce:
    """How many there are, for each enrollment."""
    counted = rows.values("enrollment").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def attended_before(enrollment: Enrollment, *, kind: str, minutes: float, days: int = 1) -> int:
    """How often somebody attended something of that kind so far, ever."""
    rows = units(kind=kind, minutes=minutes, days=days).filter(enrollment=enrollment)
    return attended(rows).count()


def _standing() -> QuerySet[Meeting]:
    """The days of the row's course that are not cancelled."""
    days = Meeting.objects.filter(series=OuterRef("meeting__series"))
    return days.exclude(state=MeetingState.CANCELLED)


def _on_each(days: QuerySet[Meeting]) -> Q:
    """For a course: she was present on each of these days."""
    there = Participant.objects.filter(
        meeting=OuterRef("pk"),
        meeting__state=MeetingState.HELD,
        enrollment=OuterRef(OuterRef("enrollment")),
        attendance=PRESENT,
    )
    return _SINGLE | Q(~Exists(days.filter(~Exists(there))))
