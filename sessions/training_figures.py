"""Numbers about trainings and supervisions, each with the list behind it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mentoring import clock
from programs.models import Cohort
from sessions import training
from sessions.models import MeetingState
from sessions.quota import current


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the address of the rows it counts."""

    value: int
    label: str | Promise
    url: str
    note: str = ""
    tone: str = ""


def figures(cohort: Cohort) -> list[Figure]:
    """Dates to come and lists due; who is short this term, and who has no date for it."""
    booked, now = Q(state=MeetingState.BOOKED), clock.now()
    n = training.dates(cohort).aggregate(
        ahead=Count("pk", filter=booked & Q(starts_at__gt=now)),
        due=Count("pk", filter=booked & Q(starts_at__lte=now)),
        held=Count("pk", filter=Q(state=MeetingState.HELD)),
    )
    dates = reverse("sessions:training_of", args=[cohort.key])
    found = [
        Figure(n["ahead"], _("Dates to come"), f"{dates}?show=ahead"),
        Figure(
            n["due"],
            _("Lists to be written"),
            f"{dates}?show=due",
            tone="warning" if n["due"] else "",
        ),
        Figure(n["held"], _("Held"), f"{dates}?show=past"),
    ]
    return found + short_figures(cohort)


def short_figures(cohort: Cohort) -> list[Figure]:
    """Who is short in the term at hand; nothing where the program asks for nothing."""
    plan = training.plan_of(cohort)
    period = current(plan.periods, clock.today(cohort.zone))
    if period is None:
        return []
    n = training.people(cohort, plan.of(period)).aggregate(
        behind=Count("pk", filter=Q(short__gt=0)), idle=Count("pk", filter=Q(uncovered__gt=0))
    )
    url = reverse("sessions:quotas", args=[cohort.key])
    term = {"term": period.slug}
    return [
        Figure(
            n["behind"],
            _("Short so far"),
            f"{url}?{urlencode(term | {'show': 'short'})}",
            note=period.name,
        ),
        Figure(
            n["idle"],
            _("Short, and no date taken"),
            f"{url}?{urlencode(term | {'show': 'uncovered'})}",
            note=period.name,
            tone="warning" if n["idle"] else "",
        ),
    ]
