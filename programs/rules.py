"""Who may do what with programs, cohorts and the people in them."""

from collections.abc import Iterable
from typing import Any

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs import queries_policies, queries_resources
from programs.models import Absence, Cohort, Enrollment, Policy, Resource


def cohort_of(obj: Any) -> Cohort:
    """The cohort that an object belongs to: itself, its own, or its mentorship's."""
    if isinstance(obj, Cohort):
        return obj
    if isinstance(obj, Absence):
        return obj.enrollment.cohort
    cohort = getattr(obj, "cohort", None) or obj.mentorship.cohort
    assert isinstance(cohort, Cohort)  # noqa: S101 (a mistake in our code, never input)
    return cohort


def has_role(user: User, cohort: Cohort, roles: Iterable[Role]) -> bool:
    """Whether the person holds one of these roles in the cohort today."""
    held = access.remember(
        ("roles", cohort.pk, user.pk),
        lambda: set(
            Enrollment.objects.filter(
                cohort=cohort, person=user, state__in=Enrollment.PRESENT
            ).values_list("role", flat=True)
        ),
    )
    return not held.isdisjoint(roles)


def is_coordinator(user: User, obj: Any) -> bool:
    """Whether the person coordinates the cohort that the object belongs to."""
    return has_role(user, cohort_of(obj), [Role.COORDINATOR])


@access.rule(Permission.ADMINISTER)
def administer(user: User, obj: Any) -> bool:  # noqa: ARG001
    return user.is_superuser


@access.rule(Permission.OPEN_COHORT)
def open_cohort(user: User, obj: Any) -> bool:  # noqa: ARG001
    return (
        user.is_superuser
        or Enrollment.objects.filter(
            person=user, role=Role.COORDINATOR, state__in=Enrollment.PRESENT
        ).exists()
    )


@access.rule(Permission.DESIGN_PROGRAMS)
def design_programs(user: User, obj: Any) -> bool:
    return open_cohort(user, obj)


@access.rule(Permission.VIEW_COHORT)
def view_cohort(user: User, obj: Any) -> bool:
    """Everyone with a place in it, those who were invited or have applied included."""
    gone = (Enrollment.State.DECLINED, Enrollment.State.WITHDRAWN)
    return (
        Enrollment.objects.filter(cohort=cohort_of(obj), person=user)
        .exclude(state__in=gone)
        .exists()
    )


@access.rule(Permission.MANAGE_COHORT)
def manage_cohort(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.READ_RESOURCES)
def read_resources(user: User, obj: Any) -> bool:
    """The library: whoever takes part or did. One of its texts: those for whom it is."""
    cohort = cohort_of(obj)
    mine = queries_resources.audiences(user, cohort)
    if not isinstance(obj, Resource):
        return bool(mine)
    return is_coordinator(user, cohort) or (obj.is_published and obj.audience in mine)


@access.rule(Permission.VIEW_PEOPLE)
def view_people(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.MANAGE_PEOPLE)
def manage_people(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.SCORE_APPLICATIONS)
def score_applications(user: User, obj: Any) -> bool:
    """Coordinators; of one application, those who did not write it."""
    own = isinstance(obj, Enrollment) and obj.person_id == user.pk
    return not own and is_coordinator(user, obj)


@access.rule(Permission.GRANT_ROLES)
def grant_roles(user: User, obj: Any) -> bool:
    """Coordinators; a site administrator only while the cohort has no coordinator yet."""
    cohort = cohort_of(obj)
    if is_coordinator(user, cohort):
        return True
    return (
        user.is_superuser
        and not Enrollment.objects.filter(
            cohort=cohort, role=Role.COORDINATOR, state__in=Enrollment.PRESENT
        ).exists()
    )


@access.rule(Permission.MANAGE_POLICIES)
def manage_policies(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.ANSWER_POLICY)
def answer_policy(user: User, obj: Policy) -> bool:
    """Whom it asks, while it does; and for what she answered, whoever did, for good."""
    return queries_policies.concerns(user, obj)


@access.rule(Permission.VIEW_AUDIT)
def view_audit(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.APPLY)
def apply_to_cohort(user: User, obj: Any) -> bool:  # noqa: ARG001
    return bool(cohort_of(obj).applications_open)


@access.rule(Permission.EDIT_OWN_ENROLLMENT)
def edit_own_enrollment(user: User, obj: Enrollment) -> bool:
    closed = {Enrollment.State.COMPLETED, Enrollment.State.DECLINED, Enrollment.State.WITHDRAWN}
    return obj.person_id == user.pk and obj.state not in closed


@access.rule(Permission.VIEW_JOB)
def view_job(user: User, obj: Any) -> bool:
    """The coordinators of the job's cohort; one that belongs to none, whoever started it.

    A coordinator who started one and has left sees and stops it no more.
    """
    if obj.cohort_id is None:
        return bool(obj.created_by_id == user.pk)
    return is_coordinator(user, obj)
