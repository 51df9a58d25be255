"""Who attended a training or supervision, and from when to when that was what its list said.

A row says only how a list stands now. Each writing of a list is an audit event with the
enrollments that it says were there; with them, what was known on any earlier day is had again.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count

from mentoring.audit.models import Event
from programs.models import Cohort
from sessions.models import Meeting, MeetingState, Participant

WRITTEN = "meeting.attendance"
Lists = list[tuple[datetime, set[int]]]


@dataclass(frozen=True, slots=True)
class Attended:
    """A person's attendance: said by a list from ``known`` on, until ``undone`` if corrected."""

    meeting: int
    enrollment: int
    kind: str
    starts_at: datetime
    lasts: timedelta
    known: datetime
    undone: datetime | None = None
    # Of a course, which was attended when she came to every day: how many days it has.
    days: int = 0

    @property
    def minutes(self) -> int:
        return round(self.lasts.total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Held:
    """A date that was held, known from when its list was first written."""

    kind: str
    known: datetime


def of_cohort(cohort: Cohort) -> tuple[list[Held], list[Attended]]:
    """The dates held and who was there, with what has been corrected since; few queries."""
    rows = Meeting.objects.filter(
        cohort=cohort, series__isnull=False, state=MeetingState.HELD
    ).order_by("starts_at", "pk")
    written, there = _written(cohort), _there(cohort)
    dates: list[Held] = []
    people: list[Attended] = []
    courses: dict[int, list[list[Attended]]] = defaultdict(list)
    wanted = ("kind", "starts_at", "ends_at", "recorded_at", "created_at", "series__course")
    for row in rows.select_related("series").only(*wanted):
        lists = written.get(row.pk) or [(row.recorded_at or row.created_at, there[row.pk])]
        dates.append(Held(row.kind, lists[0][0]))
        found = list(_attended(row, lists))
        if row.series is not None and row.series.course:
            courses[row.series.pk].append(found)
        else:
            people.extend(found)
    return dates, people + _whole_courses(courses)


def _whole_courses(courses: dict[int, list[list[Attended]]]) -> list[Attended]:
    """Courses of which every day that stands was held: who was said to be there on each."""
    if not courses:
        return []
    standing = Meeting.objects.filter(series__in=courses).exclude(state=MeetingState.CANCELLED)
    numbers = dict(standing.order_by().values_list("series").annotate(n=Count("pk")))
    found: list[Attended] = []
    for series, days in courses.items():
        if len(days) == numbers[series]:
            first, *others = days
            both = [replace(one, days=1) for one in first]
            for day in others:
                both = [one for a in both for b in day if (one := _together(a, b)) is not None]
            found.extend(both)
    return found


def _together(a: Attended, b: Attended) -> Attended | None:
    """Both days, for as long as both lists said so."""
    known = max(a.known, b.known)
    undone = min((at for at in (a.undone, b.undone) if at), default=None)
    if a.enrollment != b.enrollment or (undone is not None and undone <= known):
        return None
    lasts = a.lasts + b.lasts
    return replace(b, lasts=lasts, known=known, undone=undone, days=a.days + 1)


def _written(cohort: Cohort) -> dict[int, Lists]:
    """What each list said, whenever it was written."""
    found: dict[int, Lists] = defaultdict(list)
    events = Event.objects.filter(cohort=cohort.pk, action=WRITTEN).order_by("at", "pk")
    for meeting, at, data in events.values_list("subject", "at", "data"):
        if meeting is not None and "present" in data:
            found[meeting].append((at, set(data["present"])))
    return found


def _there(cohort: Cohort) -> dict[int, set[int]]:
    """Who was there by what stands now, for lists of which no writing is known."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Participant.objects.filter(
        meeting__cohort=cohort,
        meeting__series__isnull=False,
        attendance=Participant.Attendance.PRESENT,
    ).order_by()
    for meeting, enrollment in rows.values_list("meeting", "enrollment"):
        found[meeting].add(enrollment)
    return found


def _attended(row: Meeting, lists: Lists) -> Iterator[Attended]:
    since: dict[int, datetime] = {}
    for at, present in lists:
        for enrollment in sorted(set(since) - present):
            yield _one(row, enrollment, since.pop(enrollment), at)
        for enrollment in present - set(since):
            since[enrollment] = at
    for enrollment, known in sorted(since.items()):
        yield _one(row, enrollment, known, None)


def _one(row: Meeting, enrollment: int, known: datetime, undone: datetime | None) -> Attended:
    lasts = row.ends_at - row.starts_at
    return Attended(row.pk, enrollment, row.kind, row.starts_at, lasts, known, undone)
