"""The report on a home: for whom the year is over, and for those who are here to read it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.ports import Card
from programs.models import Cohort, CohortState, Enrollment

OVER = (CohortState.CLOSING, CohortState.ARCHIVED)
READERS = (Role.PROGRAM_LEAD, Role.EVALUATOR)
# A year is asked after for so long; then its report lies with the cohort.
DAYS_SHOWN = 182
WEEK = 7
MOST = 3


def cards(user: User) -> Iterable[Card]:
    """One card for each cohort that is over; for readers one for each that is under way too."""
    roles: dict[int, set[str]] = defaultdict(set)
    posts = Enrollment.objects.filter(
        person=user, role__in=[Role.COORDINATOR, *READERS], state__in=Enrollment.PRESENT
    )
    for cohort, role in posts.values_list("cohort", "role"):
        roles[cohort].add(role)
    if not roles:
        return
    rows = (
        Cohort.objects.filter(pk__in=list(roles))
        .exclude(state=CohortState.PLANNING)
        .annotate(ends=Max("editions__ends"), issued=Max("reports__as_of"))
        .order_by("-ends", "pk")
    )
    shown = [card for cohort in rows if (card := _card(cohort, roles[cohort.pk])) is not None]
    yield from shown[:MOST]


def _card(cohort: Any, roles: set[str]) -> Card | None:
    days = (clock.today(cohort.zone) - cohort.ends).days
    over = cohort.state in OVER or days > 0
    coordinates = Role.COORDINATOR in roles
    if coordinates and not (over and days < DAYS_SHOWN):
        return None
    # The year's report: one that counts to its last week.
    missing = over and (cohort.issued is None or (cohort.ends - cohort.issued).days >= WEEK)
    context = {"cohort": cohort, "missing": missing, "reads": not coordinates}
    return Card(f"report-{cohort.key}", "coordinator", 25, "evaluation/report/home.html", context)
