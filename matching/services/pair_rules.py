"""What must or must not be, for one student and one mentor."""

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import PairRule
from mentoring import audit
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment


@transaction.atomic
def set_rule(
    *, cohort: Cohort, student: Enrollment, mentor: Enrollment, kind: str, by: User | None
) -> PairRule:
    """Set the rule for this pair; a pair has one rule, so another one gives way."""
    kinds = (student.role == Role.STUDENT, mentor.role in MENTOR_ROLES)
    if not all(kinds) or {student.cohort_id, mentor.cohort_id} != {cohort.pk}:
        raise DomainError(_("A rule is about a student and a mentor of the same cohort."))
    if student.person_id == mentor.person_id:
        raise DomainError(_("This is one and the same person."))
    if kind not in PairRule.Kind.values:
        raise DomainError(_("There is no such rule."), field="kind")
    if kind == PairRule.Kind.PIN:
        _check_pin(cohort, student, mentor)
    rule, _created = PairRule.objects.update_or_create(
        cohort=cohort, student=student, mentor=mentor, defaults={"kind": kind, "created_by": by}
    )
    audit.record(
        by=by,
        action="matching.rule_set",
        subject=rule,
        cohort=cohort,
        kind=kind,
        student=student.pk,
        mentor=mentor.pk,
    )
    return rule


@transaction.atomic
def remove_rule(*, rule: PairRule, by: User | None) -> None:
    """Forget a rule."""
    audit.record(
        by=by,
        action="matching.rule_removed",
        subject=rule,
        cohort=rule.cohort,
        kind=rule.kind,
        student=rule.student_id,
        mentor=rule.mentor_id,
    )
    rule.delete()


def _check_pin(cohort: Cohort, student: Enrollment, mentor: Enrollment) -> None:
    pins = PairRule.objects.filter(cohort=cohort, kind=PairRule.Kind.PIN)
    other = pins.filter(student=student).exclude(mentor=mentor).select_related("mentor__person")
    if clash := other.first():
        raise DomainError(
            _("%(student)s is kept with %(mentor)s already. Remove that rule first.")
            % {"student": student.person.full_name, "mentor": clash.mentor.person.full_name}
        )
    if pins.filter(mentor=mentor).exclude(student=student).count() >= mentor.capacity:
        raise DomainError(
            _("%(mentor)s has %(count)d places, and all are kept for others.")
            % {"mentor": mentor.person.full_name, "count": mentor.capacity}
        )
