"""Resources: who may read which, and what comes first."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, QuerySet, Value, When

from mentoring import access, clock
from mentoring.accounts.permissions import MENTOR_ROLES, STAFF_ROLES, Role
from programs.models import (
    Audience,
    Cohort,
    Enrollment,
    Resource,
    ResourceKind,
    ResourceState,
)
from programs.spec.phases import any_phase_on

if TYPE_CHECKING:
    from mentoring.accounts.models import User

# Who took part to the end may still read what helped.
READERS = (*Enrollment.PRESENT, Enrollment.State.COMPLETED)
IDEAS = (ResourceKind.AGENDA, ResourceKind.ACTIVITY)
MOST_IDEAS = 3


def audiences(user: "User", cohort: Cohort) -> frozenset[str]:
    """For whom the resources are that this person may read; none for whoever has no place.

    Staff read what students and what mentors read: they are asked about both.
    """
    roles = access.remember(
        ("readers", cohort.pk, user.pk),
        lambda: set(
            Enrollment.objects.filter(cohort=cohort, person=user, state__in=READERS).values_list(
                "role", flat=True
            )
        ),
    )
    found = {Audience.ALL} if roles else set()
    if roles & {Role.STUDENT, *STAFF_ROLES}:
        found.add(Audience.STUDENTS)
    if roles & {*MENTOR_ROLES, *STAFF_ROLES}:
        found.add(Audience.MENTORS)
    return frozenset(str(one) for one in found)


def published_for(user: "User", cohort: Cohort) -> QuerySet[Resource]:
    """What the person finds in the library: published, and for one of her roles."""
    return Resource.objects.filter(
        cohort=cohort, state=ResourceState.PUBLISHED, audience__in=audiences(user, cohort)
    )


def all_of(cohort: Cohort) -> QuerySet[Resource]:
    """Everything, drafts included: for coordinators."""
    return Resource.objects.filter(cohort=cohort).select_related("edited_by")


def on_public_page(cohort: Cohort) -> QuerySet[Resource]:
    """What everyone may read beside the cohort's public page."""
    return Resource.objects.filter(cohort=cohort, state=ResourceState.PUBLISHED, public=True)


def current_phase(cohort: Cohort, *, started: date | None = None, day: date | None = None) -> str:
    """The phase of a day (today), counted from a start (the cohort's); empty if it is not known."""
    begun = started or (
        cohort.started_at.astimezone(cohort.zone).date()
        if cohort.started_at
        else cohort.edition.starts
    )
    return any_phase_on(
        cohort.spec,
        started=begun,
        day=day or clock.today(cohort.zone),
        ends=cohort.edition.ends,
    )


def nearest_first(rows: QuerySet[Resource], *, phase: str, language: str) -> QuerySet[Resource]:
    """With ``phase_rank`` and ``language_rank``: the phase and the language at hand come first.

    What names none fits any time and is read by most; what names another one comes last.
    """
    return rows.annotate(
        phase_rank=_rank("phase", phase), language_rank=_rank("language", language)
    ).order_by("phase_rank", "language_rank", "order", "title", "pk")


def _rank(field: str, wanted: str) -> Case:
    return Case(
        When(**{field: ""}, then=Value(1)),
        When(**{field: wanted}, then=Value(0)),
        default=Value(2),
        output_field=IntegerField(),
    )


def ideas(user: "User", cohort: Cohort, *, phase: str, language: str) -> Collection[Resource]:
    """A few agendas and activities for a meeting in that phase; none of another, if it is known."""
    rows = published_for(user, cohort).filter(kind__in=IDEAS)
    if phase:
        rows = rows.filter(phase__in=["", phase])
    return list(nearest_first(rows, phase=phase, language=language)[:MOST_IDEAS])
