"""What trainings and supervisions answer to the ports (``mentoring.ports``)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.ports import Card, NavItem, PlaceFact, Tab
from programs.models import Cohort, CohortState, Enrollment
from sessions import before, earned, standings, training
from sessions.models import Participant, Series, SupervisorPlace, Waiver
from sessions.quota import COUNTED
from sessions.services import enrolling


def activation_gates(enrollment: Enrollment) -> Iterable[str | Promise]:
    """Trainings that a program wants attended before somebody is active (R41 of the domain)."""
    return before.gates(enrollment)


def enrollment_left(enrollment: Enrollment, by: User | None) -> None:
    """Places of somebody who left go to who waits, or are free."""
    enrolling.release(enrollments=[enrollment], by=by)


def enrollments_completed(rows: Sequence[Enrollment], _at: datetime, by: User | None) -> None:
    """Whoever has completed holds no place in a training to come, nor in a supervisor's group."""
    enrolling.release(enrollments=rows, by=by)


def place_facts(_user: User, rows: Sequence[Enrollment]) -> dict[int, list[PlaceFact]]:
    """Credits earned in these places, year by year."""
    return earned.of_places(rows)


def cohort_tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """Trainings and supervisions, with the lists that are still to be written."""
    if not access.can(user, Permission.MANAGE_TRAINING, cohort):
        return []
    if not wants_training(cohort):
        return []
    waiting = training.unrecorded(training.dates(cohort)).count()
    url = reverse("sessions:training_of", args=[cohort.key])
    return [Tab("training", gettext_lazy("Training"), url, 55, waiting, under="/training/")]


def wants_training(cohort: Cohort) -> bool:
    """Whether the program asks for any, or the cohort has some."""
    wanted = any(part.kind in COUNTED for part in cohort.spec.requirements)
    return wanted or Series.objects.filter(cohort=cohort).exists()


def nav(user: User) -> Iterable[NavItem]:
    """Trainings for those they are for, and groups for those who lead them."""
    if training.led_by(user):
        url = reverse("sessions:my_groups")
        yield NavItem("groups", gettext_lazy("My groups"), url, "people", order=15)
    elif _mine(user).exists():
        url = reverse("sessions:training")
        yield NavItem("training", gettext_lazy("Training"), url, "mortarboard", order=15)


def _mine(user: User) -> QuerySet[Series]:
    return Series.objects.filter(
        cohort__enrollments__person=user,
        cohort__enrollments__role=F("audience"),
        cohort__enrollments__state__in=Enrollment.PRESENT,
    )


def home_cards(user: User) -> Iterable[Card]:
    """What is done and missing for those who owe something; lists and groups for those who lead."""
    yield from before.home_cards(user)
    for standing in standings.of(user):
        yield Card(
            f"training-{standing.enrollment.key}",
            "student" if standing.enrollment.is_student else "mentor",
            order=25,
            template="sessions/home/training.html",
            context={"standing": standing, "next": "home"},
        )
    years = {CohortState.CLOSING, CohortState.ARCHIVED}
    groups = [row for row in standings.groups_of(user) if row.group.cohort.state not in years]
    if groups:
        yield Card(
            "groups",
            "supervisor",
            order=10,
            template="sessions/home/groups.html",
            context={"groups": groups},
        )
    waiting = standings.lists_due(user)
    if waiting:
        yield Card(
            "lists",
            "coordinator",
            order=25,
            template="sessions/home/lists.html",
            context={"rows": waiting},
        )


def person_export(user: User) -> dict[str, Any]:
    """Trainings and supervisions with what the list says, and in whose group she was."""
    seats = Participant.objects.filter(person=user, meeting__series__isnull=False)
    groups = SupervisorPlace.objects.filter(enrollment__person=user).order_by("pk")
    return {
        "trainings": list(
            seats.order_by("starts_at").values(
                "meeting__series__kind", "meeting__series__title", "starts_at", "attendance"
            )
        ),
        "supervision groups": list(groups.values("group__name", "started_at", "ended_at")),
        "training waiting lists": list(
            user.waiting_for_places.values("series__title", "meeting__starts_at", "since")
        ),
        "active without the training": list(
            Waiver.objects.filter(enrollment__person=user)
            .order_by("pk")
            .values("reason", "given_at", "withdrawn_at")
        ),
    }
