"""Give and take staff roles; the people concerned are told."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import clock, outbox
from mentoring.accounts.models import User, normalize_email
from mentoring.accounts.permissions import STAFF_ROLES, Role
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment
from programs.services import enrollments, people

if TYPE_CHECKING:
    from collections.abc import Iterable

S = Enrollment.State


@transaction.atomic
def grant(
    *, cohort: Cohort, email: str, role: str, by: User, given_name: str = "", family_name: str = ""
) -> Enrollment:
    """Give a staff role. Somebody who can log in has it at once and is told; others are invited.

    Who gives herself a role sees nothing older than that moment (``queries.sees_since``), and
    those whom it concerns are told once she has it.
    """
    if role not in STAFF_ROLES:
        raise DomainError(_("Students and mentors are added on the people page."), field="role")
    person = User.objects.filter(email=normalize_email(email)).first()
    known = person is not None and person.has_usable_password()
    enrollment = people.add(
        cohort=cohort,
        email=email,
        role=role,
        given_name=given_name,
        family_name=family_name,
        by=by,
        invite=not known,
    )
    if known:
        enrollments.accept(enrollment=enrollment, by=by)
        if enrollment.person_id != by.pk:
            _tell(enrollment, [enrollment.person], "role_granted")
    return enrollment


@transaction.atomic
def revoke(*, enrollment: Enrollment, by: User) -> None:
    """Take a staff role away."""
    if enrollment.role not in STAFF_ROLES:
        raise DomainError(_("This is not a staff role."))
    enrollments.withdraw(enrollment=enrollment, by=by)
    if enrollment.person_id != by.pk:
        _tell(enrollment, [enrollment.person], "role_taken")


def tell_people_concerned(*, enrollment: Enrollment) -> int:
    """Tell of a staff role that somebody has now, however it came: from the page or a roster.

    The coordinators hear of it, but for the one who gave it; everyone present does where somebody
    gave herself a role over their records.
    """
    rows = Enrollment.objects.filter(
        cohort=enrollment.cohort, state__in=Enrollment.PRESENT
    ).exclude(person=enrollment.person_id)
    if enrollment.granted_by_id != enrollment.person_id:
        rows = rows.filter(role=Role.COORDINATOR)
        if enrollment.granted_by_id:
            rows = rows.exclude(person=enrollment.granted_by_id)
    concerned = User.objects.filter(pk__in=rows.values("person"))
    return _tell(enrollment, concerned.iterator(), "role_given")


def _tell(enrollment: Enrollment, whom: "Iterable[User]", kind: str) -> int:
    moment = f"{clock.now():%Y%m%d%H%M%S}"
    return outbox.enqueue_many(
        outbox.Draft(
            kind=kind,
            recipient=user,
            dedupe_key=f"{kind}:{enrollment.pk}:{moment}:{user.pk}",
            context={"enrollment": enrollment.pk, "role": str(Role(enrollment.role))},
        )
        for user in whom
    )
