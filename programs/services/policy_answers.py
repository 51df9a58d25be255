"""What people say to a policy or a consent: the last word stands, the earlier ones are kept."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.errors import DomainError
from programs import queries_policies as queries
from programs.models import (
    Cohort,
    CohortState,
    Enrollment,
    Policy,
    PolicyAnswer,
    PolicyReply,
    PolicyVersion,
)
from programs.services import enrollments

if TYPE_CHECKING:
    from mentoring.accounts.models import User

R = PolicyReply


@transaction.atomic
def answer(*, policy: Policy, reply: str, number: int, by: "User") -> None:
    """Note a person's answer to the version she read, for each of her places that is asked.

    The same answer twice changes nothing.
    """
    places = _locked(queries.asked(policy).filter(person=by))
    version = queries.current_version(policy)
    if not places or version is None or policy.retired_at is not None:
        raise DomainError(_("You are not asked about this any more."))
    if reply not in ((R.AGREED, R.REFUSED) if policy.is_consent else (R.ACKNOWLEDGED,)):
        raise DomainError(_("Choose one of the answers."))
    if version.number != number:
        raise DomainError(_("The text was changed meanwhile. Please read it again."))
    changed = [place for place in places if _note(place, version, R(reply))]
    if not changed:
        return
    # For a consent only the fact: who did not agree is nobody's business.
    audit.record(by=by, action="policy.answered", subject=policy, cohort=policy.cohort_id)
    if policy.cohort.state == CohortState.RUNNING:
        for place in changed:
            enrollments.activate_if_ready(enrollment=place, by=by)


@transaction.atomic
def withdraw(*, policy: Policy, by: "User") -> None:
    """Take a consent back: at any time, also after leaving, also of a retired text."""
    places = _locked(
        Enrollment.objects.filter(
            person=by,
            policy_answers__policy=policy,
            policy_answers__answer=R.AGREED,
            policy_answers__replaced_at=None,
        )
    )
    if not policy.is_consent or not places:
        raise DomainError(_("There is no agreement of yours to withdraw."))
    for place in places:
        standing = place.policy_answers.get(policy=policy, replaced_at=None)
        _note(place, standing.version, R.WITHDRAWN)
    audit.record(by=by, action="policy.withdrawn", subject=policy, cohort=policy.cohort_id)


def _locked(rows: Iterable[Enrollment]) -> list[Enrollment]:
    """Places whose answers nobody else changes now; in one order, so that two never wait."""
    found = [row.pk for row in rows]
    held = Enrollment.objects.select_for_update(of=("self",)).filter(pk__in=found)
    return list(held.select_related("cohort", "person").order_by("pk"))


def _note(place: Enrollment, version: PolicyVersion, reply: PolicyReply) -> bool:
    """Put an answer in the place of the one that stands, unless it says the same."""
    rows = PolicyAnswer.objects.filter(policy=version.policy_id, enrollment=place, replaced_at=None)
    standing = rows.first()
    if standing and (standing.version_id, standing.answer) == (version.pk, reply):
        return False
    now = clock.now()
    rows.update(replaced_at=now)
    PolicyAnswer.objects.create(
        policy_id=version.policy_id,
        version=version,
        enrollment=place,
        answer=reply,
        answered_at=now,
    )
    return True


def activate_waiting(*, cohort: Cohort, by: "User | None") -> None:
    """Once less is needed, whoever waited for nothing else becomes active."""
    if cohort.state != CohortState.RUNNING:
        return
    waiting = cohort.enrollments.filter(state=Enrollment.State.ACCEPTED)
    for place in waiting.select_related("cohort", "person"):
        enrollments.activate_if_ready(enrollment=place, by=by)
