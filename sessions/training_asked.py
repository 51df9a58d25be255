"""What the program asks people to attend, how many have, and the way to a date for it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import Cohort, Enrollment
from programs.presenters.documents import asked_line
from sessions import before, training
from sessions.quota import COUNTED, Period, Quota, current
from sessions.services.series import EVERY_DAY
from sessions.training import Plan


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement in words, of how many people, and how many of them have met it.

    ``period`` is empty for what comes before the start.
    """

    words: str
    role: str
    people: int
    done: int
    period: str
    url: str

    @property
    def is_met(self) -> bool:
        return self.done >= self.people


def asked(cohort: Cohort) -> list[Asked]:
    """In the order of the program; one query for each requirement."""
    plan = training.plan_of(cohort)
    period = current(plan.periods, clock.today(cohort.zone))
    held_back = before.held_back(cohort)
    found = []
    for part in cohort.spec.requirements:
        if part.kind not in COUNTED or not part.mandatory:
            continue
        early = part.before == "activation"
        quota = None if early else _quota(plan, part.slug, period)
        people, done = _before(cohort, part.role, held_back) if early else _met(cohort, quota)
        given = {"kind": part.kind, "audience": part.role, "title": part.title or ""}
        if part.minutes and part.minutes.min:
            given["minutes"] = str(int(part.minutes.min))
        if part.days and part.days > 1:
            # A single date would be none: it is opened as a course, day after day.
            given |= {"course": "on", "every": str(EVERY_DAY)}
        found.append(
            Asked(
                words=asked_line(part),
                role=str(Role(part.role).label),
                people=people,
                done=done,
                period="" if early or period is None else period.name,
                url=reverse("sessions:new_series", args=[cohort.key]) + "?" + urlencode(given),
            )
        )
    return found


def _quota(plan: Plan, requirement: str, period: Period | None) -> Quota | None:
    return next((q for q in plan.of(period) if q.requirement == requirement), None)


def _before(cohort: Cohort, role: str, held_back: set[int]) -> tuple[int, int]:
    """Whoever is active has it, or an exception."""
    rows = Enrollment.objects.filter(cohort=cohort, role=role, state__in=Enrollment.PRESENT)
    ids = set(rows.values_list("pk", flat=True))
    return len(ids), len(ids - held_back)


def _met(cohort: Cohort, quota: Quota | None) -> tuple[int, int]:
    if quota is None:
        return 0, 0
    n = training.people(cohort, [quota]).aggregate(
        people=Count("pk"), done=Count("pk", filter=Q(short=0))
    )
    return n["people"], n["done"]
