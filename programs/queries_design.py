"""Programs of the school, drafts, and what years taught."""

from datetime import date

from django.db.models import Case, Count, Max, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs.models import (
    Cohort,
    Enrollment,
    ImprovementAction,
    Program,
    ProgramDraft,
    ProgramVersion,
)
from programs.spec import ProgramSpec, catalog

# What has no date comes after all that has one.
NEVER = date(9999, 12, 31)


def programs() -> QuerySet[Program]:
    """Every program that has a version, with how many, and how many cohorts follow it."""
    return Program.objects.filter(versions__isnull=False).annotate(
        latest=Max("versions__number"), followed=Count("cohorts", distinct=True)
    )


def own_specs() -> list[ProgramSpec]:
    """What the latest version of each program says that the school designed itself. One query."""
    newest = ProgramVersion.objects.filter(program=OuterRef("program")).order_by("-number")
    rows = ProgramVersion.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    return [row.spec for row in rows.exclude(program__slug__in=catalog.slugs())]


def drafts() -> QuerySet[ProgramDraft]:
    """Programs in the making, the last touched first."""
    return ProgramDraft.objects.select_related("program", "created_by").order_by("-changed_at")


def cohorts_of(program: Program, reader: User) -> QuerySet[Cohort]:
    """The cohorts of a program that the reader has a place in."""
    own = Enrollment.objects.filter(person=reader, state__in=Enrollment.PRESENT)
    rows = Cohort.objects.filter(program=program, pk__in=own.values("cohort_id"))
    return rows.order_by("-created_at")


def improvements(program: Program) -> QuerySet[ImprovementAction]:
    """What is to change, open things first."""
    open_ = ImprovementAction.objects.filter(program=program).annotate(
        settled=Case(When(done_at=None, then=0), default=1),
        until=Coalesce("due", NEVER),
    )
    return open_.select_related("owner", "cohort", "version").order_by("settled", "until", "pk")


def owners(program: Program) -> QuerySet[User]:
    """Who can see to a change: coordinators and program leads of the program's cohorts."""
    places = Enrollment.objects.filter(
        cohort__program=program,
        role__in=[Role.COORDINATOR, Role.PROGRAM_LEAD],
        state__in=Enrollment.PRESENT,
    )
    return User.objects.filter(pk__in=places.values("person_id")).order_by(
        "family_name", "given_name", "pk"
    )
