"""What the rules about trainings and supervisions look at: dates, places taken, who owes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import Count, Q

from evaluation.monitoring.world import Scope
from programs.models import Enrollment
from sessions import counting
from sessions.models import Meeting, MeetingState, Participant, SupervisorPlace
from sessions.quota import Quota
from sessions.training import OWING, joined

MINUTE = timedelta(minutes=1)
# So long a place in a date that is over counts as taken: lists are written late.
UNWRITTEN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who owes a quota."""

    enrollment: int
    cohort: int
    role: str
    person: int
    joined: datetime


@dataclass(frozen=True, slots=True)
class Date:
    """A date that was opened: for whom, in whose group, and whether a place is left."""

    kind: str
    minutes: float
    at: datetime
    audience: str
    group: int | None
    full: bool
    # How many days a course has; 0: it is none.
    days: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How often somebody attended, holds places, and had a place whose list was never written."""

    attended: int
    ahead: int
    unwritten: int


@dataclass(slots=True)
class Facts:
    """Dates that were opened, by cohort; and attended and taken ones, by enrollment."""

    offered: dict[int, list[Date]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[int, list[tuple[str, float, datetime, int, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def dates(self, scope: Scope, quota: Quota) -> Iterator[Date]:
        """Those opened for the quota's role that count for it."""
        for one in self.offered[scope.cohort]:
            fits = quota.fits(one.kind, one.minutes, scope.calendar.day(one.at), one.days)
            if fits and one.audience == quota.role:
                yield one

    def count(self, scope: Scope, enrollment: int, quota: Quota, now: datetime) -> Standing:
        """How one person stands on a quota."""
        held = [
            (attended, at)
            for kind, minutes, at, days, attended in self.taken[enrollment]
            if quota.fits(kind, minutes, scope.calendar.day(at), days)
        ]
        waiting = [at for attended, at in held if not attended]
        missing = sum(at <= now - UNWRITTEN for at in waiting)
        return Standing(len(held) - len(waiting), len(waiting) - missing, missing)


def read(cohorts: Iterable[int], kinds: Iterable[str]) -> Facts:
    """Two queries, whatever the number of cohorts and people."""
    found, keys = Facts(), list(cohorts)
    if not keys:
        return found
    dates = Meeting.objects.filter(cohort__in=keys, kind__in=kinds, series__isnull=False)
    dates = dates.filter(state__in=[MeetingState.BOOKED, MeetingState.HELD])
    taken = dates.annotate(taken=Count("participants", filter=Q(participants__holds=True)))
    courses: dict[tuple[int, int | None], list[Date]] = defaultdict(list)
    for (
        cohort,
        kind,
        starts,
        ends,
        audience,
        group,
        capacity,
        number,
        series,
        course,
    ) in taken.values_list(
        "cohort_id",
        "kind",
        "starts_at",
        "ends_at",
        "series__audience",
        "series__group",
        "capacity",
        "taken",
        "series_id",
        "series__course",
    ):
        full = capacity is not None and number >= capacity
        one = Date(kind, (ends - starts) / MINUTE, starts, audience, group, full)
        if course:
            courses[cohort, series].append(one)
        else:
            found.offered[cohort].append(one)
    for (cohort, _series), days in courses.items():
        found.offered[cohort].append(_course(days))
    places = counting.standing(Participant.objects.filter(meeting__in=dates), bool(courses))
    for enrollment, kind, starts, lasts, days, state in places.values_list(
        "enrollment_id", "meeting__kind", "starts_at", "lasts", "days", "meeting__state"
    ):
        attended = state == MeetingState.HELD
        found.taken[enrollment].append((kind, lasts / MINUTE, starts, days, attended))
    return found


def _course(days: list[Date]) -> Date:
    """A course as one date: it counts on its last day, with the minutes of all."""
    last = max(days, key=lambda day: day.at)
    full, minutes = any(day.full for day in days), sum(day.minutes for day in days)
    return replace(last, minutes=minutes, full=full, days=len(days))


def owing(due: dict[int, list[Quota]]) -> Iterator[Person]:
    """Everyone with one of these quotas; one query."""
    if not due:
        return
    rows = Enrollment.objects.filter(
        cohort__in=list(due),
        role__in={quota.role for quotas in due.values() for quota in quotas},
        state__in=OWING,
    ).annotate(joined=joined())
    fields = ("pk", "cohort_id", "role", "person_id", "joined")
    for row in rows.order_by("pk").values_list(*fields):
        yield Person(*row)


def groups(cohorts: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Who is in which group: enrollment → the group and its supervisor's person; one query."""
    places = SupervisorPlace.objects.filter(group__cohort__in=list(cohorts), ended_at=None)
    return {
        enrollment: (group, supervisor)
        for enrollment, group, supervisor in places.values_list(
            "enrollment_id", "group_id", "group__supervisor__person_id"
        )
    }
