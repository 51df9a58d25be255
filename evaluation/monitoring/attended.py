"""What the rules about trainings and supervisions look at: dates, places taken, who owes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from evaluation.monitoring.world import Scope
from programs.models import Enrollment
from sessions.models import Meeting, MeetingState, Participant, SupervisorPlace
from sessions.quota import Quota
from sessions.training import OWING, joined

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who owes a quota."""

    enrollment: int
    cohort: int
    role: str
    person: int
    joined: datetime


@dataclass(slots=True)
class Facts:
    """Dates that were opened, by cohort; and attended and taken ones, by enrollment."""

    offered: dict[int, list[tuple[str, float, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    taken: dict[int, list[tuple[str, float, datetime, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def count(self, scope: Scope, enrollment: int, quota: Quota) -> tuple[int, int]:
        """How often somebody attended what counts, and holds places not written up yet."""
        held = [
            attended
            for kind, minutes, at, attended in self.taken[enrollment]
            if quota.fits(kind, minutes, scope.calendar.day(at))
        ]
        return sum(held), len(held) - sum(held)


def read(cohorts: Iterable[int], kinds: Iterable[str]) -> Facts:
    """Two queries, whatever the number of cohorts and people."""
    found, keys = Facts(), list(cohorts)
    if not keys:
        return found
    dates = Meeting.objects.filter(cohort__in=keys, kind__in=kinds, series__isnull=False)
    dates = dates.filter(state__in=[MeetingState.BOOKED, MeetingState.HELD])
    for cohort, kind, starts, ends in dates.values_list(
        "cohort_id", "kind", "starts_at", "ends_at"
    ):
        found.offered[cohort].append((kind, (ends - starts) / MINUTE, starts))
    there = Q(meeting__state=MeetingState.HELD, attendance=Participant.Attendance.PRESENT)
    booked = Q(meeting__state=MeetingState.BOOKED, holds=True)
    places = Participant.objects.filter(there | booked, meeting__in=dates)
    for enrollment, kind, starts, ends, state in places.values_list(
        "enrollment_id", "meeting__kind", "starts_at", "ends_at", "meeting__state"
    ):
        attended = state == MeetingState.HELD
        found.taken[enrollment].append((kind, (ends - starts) / MINUTE, starts, attended))
    return found


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


def leaders(cohorts: Iterable[int]) -> dict[int, int]:
    """Who supervises whom: enrollment → the supervisor's person; one query."""
    places = SupervisorPlace.objects.filter(group__cohort__in=list(cohorts), ended_at=None)
    return dict(places.values_list("enrollment_id", "group__supervisor__person_id"))
