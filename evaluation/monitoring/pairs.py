"""Who belongs together now: live memberships gathered into pairs and groups."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.db.models import QuerySet

from evaluation.monitoring.calendar import DayCount, Unit
from evaluation.monitoring.world import Scope, World
from matching.models import Membership, Mentorship
from mentoring.accounts.permissions import Role


@dataclass(frozen=True, slots=True)
class Member:
    """A live place in a mentorship."""

    membership: int
    enrollment: int
    person: int
    since: datetime


@dataclass(slots=True)
class Circle:
    """The live members of one active mentorship."""

    mentorship: int
    cohort: int
    students: list[Member] = field(default_factory=list)
    mentors: list[Member] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether there is somebody on both sides; without, no rule about the pair applies."""
        return bool(self.students and self.mentors)

    @property
    def together_since(self) -> datetime:
        """Since when both sides have somebody: clocks start at memberships, not at the cohort."""
        return max(min(m.since for m in self.students), min(m.since for m in self.mentors))

    def count(self, world: World, students: Iterable[Member] | None = None) -> DayCount:
        """The days that count for these students (all, unless named) and the mentors."""
        unit = Unit(
            world.presence(m.enrollment for m in students or self.students),
            world.presence(m.enrollment for m in self.mentors),
        )
        return self.scope(world).calendar.count(unit)

    def scope(self, world: World) -> Scope:
        return world.scopes[self.cohort]


def live_memberships(cohorts: Iterable[int]) -> QuerySet[Membership]:
    """Live places in active mentorships of these cohorts."""
    return Membership.objects.filter(
        ended_at=None,
        mentorship__state=Mentorship.State.ACTIVE,
        mentorship__cohort__in=list(cohorts),
    )


def circles(memberships: QuerySet[Membership]) -> dict[int, Circle]:
    """The mentorships of these memberships; one query."""
    found: dict[int, Circle] = {}
    rows = memberships.order_by("mentorship_id", "pk").values_list(
        "mentorship_id",
        "mentorship__cohort_id",
        "role",
        "pk",
        "enrollment_id",
        "person_id",
        "started_at",
    )
    for mentorship, cohort, role, *place in rows:
        circle = found.get(mentorship)
        if circle is None:
            circle = found[mentorship] = Circle(mentorship, cohort)
        side = circle.students if role == Role.STUDENT else circle.mentors
        side.append(Member(*cast("tuple[int, int, int, datetime]", tuple(place))))
    return found
