"""Add one person to a cohort, at any time of its life."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mentoring import audit
from mentoring.accounts.models import User, normalize_email
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from programs.models import Cohort, CohortState, Enrollment
from programs.services import enrollments, invitations

S = Enrollment.State
GONE = (S.DECLINED, S.WITHDRAWN)


@transaction.atomic
def add(
    *,
    cohort: Cohort,
    email: str,
    role: str,
    by: User | None,
    given_name: str = "",
    family_name: str = "",
    class_year: int | None = None,
    invite: bool = True,
    **profile: Any,
) -> Enrollment:
    """Give a person a place in the cohort, and invite her unless told otherwise.

    Somebody who left before comes back with the history kept; somebody who is there is refused.
    """
    if cohort.state in (CohortState.CLOSING, CohortState.ARCHIVED):
        raise DomainError(_("This cohort is closing; it takes nobody new."))
    # One at a time in a cohort: two who add the same person must not both find her missing.
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    person = person_for(
        email=email, given_name=given_name, family_name=family_name, time_zone=cohort.time_zone
    )
    enrollment = _place(cohort, person, role, by, profile)
    if class_year is not None:
        enrollments.set_class_year(enrollment=enrollment, class_year=class_year, by=by)
    if invite:
        invitations.invite(enrollment=enrollment, by=by)
    return enrollment


def _place(
    cohort: Cohort, person: User, role: str, by: User | None, profile: dict[str, Any]
) -> Enrollment:
    enrollment = Enrollment.objects.filter(cohort=cohort, person=person, role=role).first()
    if enrollment is None:
        profile.setdefault("capacity", default_capacity(cohort, role))
        enrollment = Enrollment.objects.create(
            cohort=cohort, person=person, role=role, granted_by=by, **profile
        )
        audit.record(by=by, action="enrollment.added", subject=enrollment, cohort=cohort, role=role)
    elif enrollment.state in GONE:
        enrollments.move(enrollment=enrollment, to=S.INVITED, by=by)
        Enrollment.objects.filter(pk=enrollment.pk).update(granted_by=by)
        enrollment.granted_by = by
        enrollments.change_profile(enrollment=enrollment, by=by, **profile)
    else:
        raise DomainError(
            _("%(name)s is in this cohort already, as %(role)s (%(state)s).")
            % {
                "name": person.full_name,
                "role": enrollment.get_role_display(),
                "state": enrollment.get_state_display(),
            },
            field="email",
        )
    return enrollment


def person_for(*, email: str, given_name: str, family_name: str, time_zone: str) -> User:
    """The person with that address, made if there is none (who then reads times in that zone).

    A stored name is never changed.
    """
    address = normalize_email(email)
    person = User.objects.filter(email=address).first()
    if person is None:
        if not given_name.strip() or not family_name.strip():
            raise DomainError(
                _("Nobody with this address is known yet: give both names."), field="given_name"
            )
        try:
            with transaction.atomic():
                return User.objects.create_user(
                    address,
                    given_name=given_name.strip(),
                    family_name=family_name.strip(),
                    time_zone=time_zone,
                )
        except IntegrityError:  # somebody else was faster
            person = User.objects.get(email=address)
    return person


def default_capacity(cohort: Cohort, role: str) -> int:
    """How many students somebody takes who does not say: the program's default; students none."""
    return cohort.planned_spec.capacity(role).default if role in {*MENTOR_ROLES} else 0


def role_choices() -> list[tuple[str, str]]:
    """The roles of those who take part, for forms."""
    return [(role.value, str(role.label)) for role in Role if role in {*MENTOR_ROLES, Role.STUDENT}]
