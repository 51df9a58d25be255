"""What this floor answers to the ports below: the hourly pass, pages, and what it keeps."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring import access, handover, ports
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.ports import About, Card, Periodic, Tab
from programs.models import Cohort

HOUR = 3600
ON_HOME = 3


def periodic() -> Iterable[Periodic]:
    """The monitoring pass, and the moments of surveys."""
    return [
        Periodic("monitoring", "evaluation.scan", HOUR),
        Periodic("surveys", "evaluation.surveys", HOUR),
    ]


def tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """The board, for coordinators, with the number of flags that wait."""
    from evaluation import queries  # noqa: PLC0415 (models first)

    if not access.can(user, Permission.VIEW_BOARD, cohort):
        return []
    url = reverse("evaluation:board", args=[cohort.key])
    return [Tab("board", _("Board"), url, 10, queries.in_need(cohort).count(), under="/flags/")]


def report_tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """The report, for those who may read it, once there is anything to report on."""
    if cohort.state == Cohort.State.PLANNING or not access.can(
        user, Permission.VIEW_REPORT, cohort
    ):
        return []
    url = reverse("evaluation:report", args=[cohort.key])
    return [Tab("report", _("Report"), url, order=70, under="/reports/")]


def home_cards(user: User) -> Iterable[Card]:
    """One card for each cohort that this person coordinates and that is under way."""
    cohorts = Cohort.objects.filter(
        enrollments__person=user,
        enrollments__role=Role.COORDINATOR,
        enrollments__state__in=["accepted", "active"],
    ).exclude(state=Cohort.State.ARCHIVED)
    return [
        Card(
            f"board-{cohort.key}",
            "coordinator",
            20,
            "evaluation/home_cohort.html",
            _card(cohort),
        )
        for cohort in cohorts.filter(mentorships__isnull=False).distinct()
    ]


def _card(cohort: Cohort) -> dict[str, Any]:
    from evaluation import board, presenters, queries  # noqa: PLC0415 (models first)
    from mentoring.accounts.visibility import sees_meeting_counts  # noqa: PLC0415

    waiting = queries.in_need(cohort)
    count = waiting.count()
    return {
        "cohort": cohort,
        "open": count,
        "more": max(0, count - ON_HOME),
        "rows": presenters.flag_rows(cohort, list(waiting[:ON_HOME])),
        "figures": board.pair_figures(cohort),
        "sees_counts": sees_meeting_counts(cohort.level),
    }


def report_cards(user: User) -> Iterable[Card]:
    """Cohorts whose year is over, or whose report this person is here to read."""
    from evaluation.reports import home  # noqa: PLC0415 (models first)

    return home.cards(user)


def export(user: User) -> dict[str, Any]:
    """Flags about this person, messages she sent to lists, her notes, the reports she issued."""
    from evaluation.models import (  # noqa: PLC0415 (models first)
        Broadcast,
        Flag,
        FlagNote,
        Report,
    )

    about = Flag.objects.filter(enrollment__person=user).order_by("pk")
    sent = Broadcast.objects.filter(sent_by=user).order_by("pk")
    notes = FlagNote.objects.filter(author=user).order_by("pk")
    issued = Report.objects.filter(made_by=user).order_by("pk")
    return {
        "reports issued": list(issued.values("cohort__name", "as_of", "made_at")),
        "notes on flags": list(notes.values("text", "at")),
        "flags": list(about.values("rule", "severity", "state", "opened_at", "reason")),
        "messages to lists": list(sent.values("subject", "text", "sent_at", "recipients")),
    }


def erase(user: User) -> None:
    """What colleagues wrote about her goes; that a pair had a flag stays."""
    from evaluation.models import Flag, FlagNote  # noqa: PLC0415 (models first)

    about = Flag.objects.filter(
        Q(enrollment__person=user) | Q(mentorship__memberships__person=user)
    )
    ids = list(about.values_list("pk", flat=True))
    FlagNote.objects.filter(flag__in=ids).delete()
    Flag.objects.filter(pk__in=ids).update(reason="")


def facts_settled(cohort: Cohort) -> None:
    """A coordinator changed the facts: flags follow at once, not at the next pass."""
    from evaluation import tasks  # noqa: PLC0415 (models first)

    handover.after_commit(tasks.refresh, cohort.pk)


def membership_ended(membership: Any, _by: Any) -> None:
    """Somebody's place ended: what stood about it may be over."""
    facts_settled(membership.mentorship.cohort)


def history(reader: User, cohort: Cohort, events: Sequence[Any]) -> dict[int, About]:
    """What acts about flags, rules and messages were about."""
    from evaluation.history import about  # noqa: PLC0415 (models first)

    return about(reader, cohort, events)


def register() -> None:
    """Answer the ports; called once when the apps are ready."""
    ports.PERIODIC.register(periodic)
    ports.COHORT_TABS.register(tabs)
    ports.COHORT_TABS.register(report_tabs)
    ports.HOME_CARDS.register(home_cards)
    ports.HOME_CARDS.register(report_cards)
    ports.FACTS_SETTLED.register(facts_settled)
    ports.MEMBERSHIP_ENDED.register(membership_ended, order=200)
    ports.HISTORY.register(history)
    ports.PERSON_EXPORT.register(export)
    ports.PERSON_ERASED.register(erase)
    _register_surveys()


def _register_surveys() -> None:
    from evaluation.surveys import ports as surveys  # noqa: PLC0415 (models first)

    ports.COHORT_TABS.register(surveys.tabs)
    ports.READINESS.register(surveys.readiness, order=30)
    ports.HOME_CARDS.register(surveys.home_cards)
    ports.PERSON_EXPORT.register(surveys.export)
    ports.SIMULATED_FIGURES.register(surveys.figures)
