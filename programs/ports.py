"""What programs answer to the ports."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.ports import Periodic, Tab
from programs import asking, queries, queries_resources
from programs.models import (
    Absence,
    Answer,
    Cohort,
    Enrollment,
    EnrollmentYear,
    HelpContact,
    Invitation,
    Passage,
    PolicyAnswer,
    Resource,
    Review,
    StayQuestion,
)

PAGES = (
    ("overview", _("Overview"), "cohort", Permission.VIEW_COHORT, 10),
    ("people", _("People"), "people", Permission.VIEW_PEOPLE, 20),
    ("applicants", _("Applications"), "applicants", Permission.SCORE_APPLICATIONS, 25),
    ("staff", _("Roles"), "staff", Permission.GRANT_ROLES, 80),
    ("settings", _("Settings"), "settings", Permission.MANAGE_COHORT, 90),
)


def tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """The pages of a cohort on this floor."""
    for slug, title, name, permission, order in PAGES:
        if access.can(user, permission, cohort):
            yield Tab(slug, title, reverse(f"programs:{name}", args=[cohort.key]), order)
    yield from _library(user, cohort)


def _library(user: User, cohort: Cohort) -> Iterable[Tab]:
    """For coordinators always; for the others once there is something to read."""
    library = reverse("programs:resources", args=[cohort.key])
    if access.can(user, Permission.MANAGE_COHORT, cohort):
        manage = reverse("programs:resources_manage", args=[cohort.key])
        yield Tab("resources", _("Resources"), manage, 70, under=library)
    elif queries_resources.published_for(user, cohort).exists():
        yield Tab("resources", _("Resources"), library, 70)


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
        "leave_asked_at",
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
        "resources_edited": list(
            Resource.objects.filter(edited_by=user)
            .order_by("pk")
            .values("cohort__name", "title", "edited_at")
        ),
        "answers": _answers(user),
        "application_scores": _scores(user),
        "policy_answers": _policy_answers(user),
    }


def _answers(user: User) -> list[dict[str, Any]]:
    rows = Answer.objects.filter(enrollment__person=user).select_related(
        "question", "enrollment__cohort"
    )
    return [
        {
            "cohort": row.enrollment.cohort.name,
            "question": asking.text_for(row.question, row.enrollment.role),
            "answer": asking.answer_words(row.question, row.value, row.enrollment.role),
            "read_by": row.question.get_reader_display(),
            "answered_at": row.at,
        }
        for row in rows.order_by("enrollment", "question__order", "question")
    ]


def _policy_answers(user: User) -> list[Any]:
    """What she confirmed, agreed to, refused or withdrew, and the text that she read."""
    rows = PolicyAnswer.objects.filter(enrollment__person=user).order_by("answered_at", "pk")
    fields = (
        "policy__cohort__name",
        "policy__title",
        "version__number",
        "version__text",
        "answer",
        "answered_at",
        "replaced_at",
    )
    return list(rows.values(*fields))


def _scores(user: User) -> list[dict[str, Any]]:
    """The mean of the scores of her applications, once they are decided: of nobody by name."""
    from programs.services.scoring import decided_means  # noqa: PLC0415 (services ask ports)

    mine = list(Enrollment.objects.filter(person=user).select_related("cohort").order_by("pk"))
    means = decided_means(mine)
    return [
        {
            "cohort": row.cohort.name,
            "role": row.role,
            "mean_score_of_1_to_5": means[row.pk],
        }
        for row in mine
        if row.pk in means
    ]


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
        leave_asked_at=None,
    )
    Answer.objects.filter(enrollment__person=user).delete()
    Review.objects.filter(enrollment__person=user).delete()
    # What she thought of others' applications stays as a number; her words go with her.
    Review.objects.filter(reviewer=user).update(note="")
    open_states = [Enrollment.State.INVITED, Enrollment.State.APPLIED, Enrollment.State.WAITLISTED]
    mine.filter(state__in=open_states).update(state=Enrollment.State.DECLINED)
    Invitation.objects.filter(enrollment__person=user).delete()
    Absence.objects.filter(enrollment__person=user).delete()
    StayQuestion.objects.filter(enrollment__person=user).delete()
    PolicyAnswer.objects.filter(enrollment__person=user).delete()
    HelpContact.objects.filter(email__iexact=user.email).delete()
    Resource.objects.filter(edited_by=user).update(edited_by=None)
    uploads.forget(person=user)
