"""What programs answer to the ports."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.ports import Periodic, Tab
from programs import queries
from programs.models import (
    Absence,
    Cohort,
    Enrollment,
    EnrollmentYear,
    HelpContact,
    Invitation,
    Passage,
    StayQuestion,
)

PAGES = (
    ("overview", _("Overview"), "cohort", Permission.VIEW_COHORT, 10),
    ("people", _("People"), "people", Permission.VIEW_PEOPLE, 20),
    ("staff", _("Roles"), "staff", Permission.GRANT_ROLES, 80),
    ("settings", _("Settings"), "settings", Permission.MANAGE_COHORT, 90),
)


def tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """The pages of a cohort on this floor."""
    for slug, title, name, permission, order in PAGES:
        if access.can(user, permission, cohort):
            yield Tab(slug, title, reverse(f"programs:{name}", args=[cohort.key]), order)


def levels(user: User) -> Iterable[str]:
    """How confidential her programs are."""
    return {cohort.level for cohort in queries.visible_cohorts(user)}


def roles(user: User) -> Iterable[str]:
    """As what she is listed anywhere."""
    return set(Enrollment.objects.filter(person=user).values_list("role", flat=True))


def periodic() -> Iterable[Periodic]:
    """Reminders of invitations, looked for each hour."""
    return [Periodic("remind invited people", "programs.remind_invited", 3600)]


def export(user: User) -> dict[str, Any]:
    """Everything a person told us in her cohorts."""
    fields = (
        "cohort__name",
        "role",
        "state",
        "capacity",
        "reserve",
        "campus",
        "track",
        "gender",
        "languages",
        "interests",
        "student_number",
        "hopes",
        "offers",
        "free_time",
        "created_at",
        "applied_at",
        "accepted_at",
        "left_at",
        "left_reason",
    )
    mine = Enrollment.objects.filter(person=user).order_by("pk")
    years = EnrollmentYear.objects.filter(enrollment__person=user).order_by("pk")
    absences = Absence.objects.filter(enrollment__person=user).order_by("pk")
    passages = Passage.objects.filter(enrollment__person=user).order_by("pk")
    asked = StayQuestion.objects.filter(enrollment__person=user).order_by("pk")
    cohort = "roll_over__cohort__name"
    return {
        "years": list(
            passages.values(cohort, "roll_over__starts", "fate", "class_before", "class_after")
        ),
        "going_on": list(asked.values(cohort, "asked_at", "answer", "places", "answered_at")),
        "enrollments": list(mine.values(*fields)),
        "class_years": list(
            years.values("enrollment__cohort__name", "academic_year", "class_year", "status")
        ),
        "absences": list(absences.values("enrollment__cohort__name", "starts", "ends")),
    }


def erase(user: User) -> None:
    """End what still runs, and forget what describes the person; that she took part stays."""
    from programs.services import enrollments, uploads  # noqa: PLC0415 (services ask ports)

    mine = Enrollment.objects.filter(person=user)
    for row in mine.filter(state__in=Enrollment.PRESENT).select_related("cohort", "person"):
        enrollments.withdraw(enrollment=row, by=user)
    mine.update(
        campus="",
        track="",
        gender="",
        languages=[],
        interests=[],
        student_number="",
        hopes="",
        offers="",
        free_time="",
        left_reason="",
    )
    open_states = [Enrollment.State.INVITED, Enrollment.State.APPLIED, Enrollment.State.WAITLISTED]
    mine.filter(state__in=open_states).update(state=Enrollment.State.DECLINED)
    Invitation.objects.filter(enrollment__person=user).delete()
    Absence.objects.filter(enrollment__person=user).delete()
    StayQuestion.objects.filter(enrollment__person=user).delete()
    HelpContact.objects.filter(email__iexact=user.email).delete()
    uploads.forget(person=user)
