"""A coordinator lets somebody be active before she attended what the program asks."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import CohortState, Enrollment, EnrollmentState
from programs.services import enrollments
from sessions import before
from sessions.models import Waiver

LONGEST = 200


@transaction.atomic
def give(*, enrollment: Enrollment, reason: str, by: User) -> Waiver:
    """Waive what is missing, with a reason. In a running cohort she is active at once.

    A second one replaces the reason. It can be withdrawn again.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError(_("Say why, so that others understand it later."), field="reason")
    if len(reason) > LONGEST:
        raise DomainError(
            _("Say it in %(most)d characters or fewer.") % {"most": LONGEST}, field="reason"
        )
    locked = _locked(enrollment)
    if locked.person_id == by.pk:
        raise DomainError(_("Somebody else decides about your own place."))
    if not before.missing(locked):
        raise DomainError(_("Nothing is missing: no exception is needed."))
    given = {"reason": reason, "given_by": by, "given_at": clock.now(), "withdrawn_at": None}
    waiver, _made = Waiver.objects.update_or_create(enrollment=locked, defaults=given)
    audit.record(by=by, action="training.waived", subject=locked, cohort=locked.cohort_id)
    if locked.cohort.state == CohortState.RUNNING and locked.state == EnrollmentState.ACCEPTED:
        enrollments.activate_if_ready(enrollment=locked, by=by)
    return waiver


@transaction.atomic
def withdraw(*, enrollment: Enrollment, by: User) -> None:
    """Ask for it again. Who is active by now stays so: nobody's mentorship ends by it.

    A second time changes nothing.
    """
    locked = _locked(enrollment)
    standing = Waiver.objects.filter(enrollment=locked, withdrawn_at=None)
    if standing.update(withdrawn_at=clock.now()):
        audit.record(
            by=by, action="training.waiver_withdrawn", subject=locked, cohort=locked.cohort_id
        )


def _locked(enrollment: Enrollment) -> Enrollment:
    rows = Enrollment.objects.select_for_update(of=("self",)).select_related("cohort", "person")
    locked = rows.get(pk=enrollment.pk)
    if locked.state not in {EnrollmentState.ACCEPTED, EnrollmentState.ACTIVE}:
        raise DomainError(_("This is only for people who take part."))
    return locked
