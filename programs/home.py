"""What programs put on a home: before the first meeting there is still something to do."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.ports import Card, NavItem
from programs import policy_ports, queries
from programs.models import Cohort, CohortState, Enrollment
from programs.presenters.cohorts import next_year, steps
from programs.readiness import readiness

S = Enrollment.State
BEFORE = (CohortState.PLANNING, CohortState.RECRUITING, CohortState.MATCHING)
MOST = 3


def nav(user: User) -> Iterable[NavItem]:
    """The cohorts, for everyone who has one or may open one."""
    if queries.has_cohort(user) or access.can(user, Permission.OPEN_COHORT):
        yield NavItem("cohorts", _("Cohorts"), reverse("programs:cohorts"), "collection", order=50)


def cards(user: User) -> Iterable[Card]:
    """Cohorts that are being prepared, and places that wait for an answer or a beginning."""
    yield from policy_ports.cards(user)
    yield from _own(user)
    coordinated = queries.coordinated(user)
    if not coordinated and access.can(user, Permission.OPEN_COHORT):
        yield Card("first", "coordinator", 10, "programs/home/first.html")
    yield from list(_ending(coordinated))[:MOST]
    preparing = [cohort for cohort in coordinated if cohort.state in BEFORE]
    for cohort in preparing[:MOST]:
        yield Card(
            f"prepare-{cohort.key}", "coordinator", 30, "programs/home/prepare.html", _left(cohort)
        )


def _ending(coordinated: list[Cohort]) -> Iterable[Card]:
    """Years that end soon or have ended, of cohorts that go on into another."""
    running = [cohort for cohort in coordinated if cohort.state == CohortState.RUNNING]
    for cohort in queries.with_years(running):
        year = next_year(cohort)
        if year is not None and year.is_near and not year.set_up:
            yield Card(
                f"year-{cohort.key}",
                "coordinator",
                28,
                "programs/home/year.html",
                {"cohort": cohort, "year": year},
            )


def _left(cohort: Cohort) -> dict[str, Any]:
    items = readiness(cohort)
    return {
        "cohort": cohort,
        "steps": steps(cohort),
        "todo": [item for item in items if item.state == "red"],
        "later": sum(item.state == "amber" for item in items),
    }


def _own(user: User) -> Iterable[Card]:
    places = (
        Enrollment.objects.filter(person=user)
        .exclude(cohort__state=CohortState.ARCHIVED)
        .select_related("cohort__program")
    )
    for place in places:
        waits = place.state in (S.INVITED, S.APPLIED, S.WAITLISTED)
        if not waits and not (place.is_present and place.cohort.state in BEFORE):
            continue
        if not (place.is_student or place.is_mentor):
            if place.state == S.INVITED:
                yield _card(place, "coordinator")
            continue
        yield _card(place, "student" if place.is_student else "mentor")


def _card(place: Enrollment, audience: Any) -> Card:
    profile = bool(place.interests and place.languages and place.free_time)
    return Card(
        f"place-{place.key}",
        audience,
        15,
        "programs/home/place.html",
        {"place": place, "cohort": place.cohort, "profile_done": profile},
    )
