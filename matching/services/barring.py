"""Pairs that a rule of the coordinators, or their own past, forbids as things stand now."""

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching import wish_lists
from matching.models import PairRule
from matching.services.inputs import former_pairs
from matching.services.seats import refuse_if_any
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment

Kind = PairRule.Kind
BARRED = (Kind.FORBID, Kind.ASSESSES)
RATHER_NOT = "rather_not"
APART: dict[str | None, str | Promise] = {
    Kind.FORBID: gettext_lazy("%(student)s and %(mentor)s are to be kept apart."),
    Kind.ASSESSES: gettext_lazy("%(mentor)s assesses %(student)s."),
    RATHER_NOT: gettext_lazy("%(mentor)s would rather have other students than %(student)s."),
}


def refuse_by_hand(cohort: Cohort, student: Enrollment, mentor: Enrollment) -> None:
    """Refuse what a rule keeps apart. Whom somebody has in mind by name may have been a pair."""
    rule = PairRule.objects.filter(
        cohort=cohort, student=student, mentor=mentor, kind__in=barred_kinds(cohort)
    ).first()
    if rule is None:
        return
    raise DomainError(
        _("%(rule)s: %(student)s and %(mentor)s. Remove that rule first.")
        % {
            "rule": rule.get_kind_display(),
            "student": student.person.full_name,
            "mentor": mentor.person.full_name,
        },
        field="mentor",
    )


def refuse_outdated(
    cohort: Cohort, proposed: Iterable[tuple[Enrollment, Sequence[Enrollment]]]
) -> None:
    """Refuse proposals that a procedure would not make any more: rules and endings since then.

    ``proposed`` names each student with all who are to lead her. As in a run, a pair that is to
    be kept together outweighs every other rule.
    """
    rules = _rules(cohort)
    former = {(student, mentor) for student, mentor, _kind in former_pairs(cohort)}
    for student, mentor in wish_lists.unwanted(cohort):
        rules.setdefault(student, {}).setdefault(mentor, RATHER_NOT)
    problems = [
        text
        for student, leaders in proposed
        if (text := _problem(student, leaders, rules.get(student.pk, {}), former))
    ]
    refuse_if_any(problems, then=_("Run the matching again."))


def barred_kinds(cohort: Cohort) -> Sequence[str]:
    """The rules that keep two people apart, as far as the program minds them."""
    return [Kind.FORBID] if cohort.planned_spec.matching.assessor == "allowed" else BARRED


def _rules(cohort: Cohort) -> dict[int, dict[int, str]]:
    """Of each student the rules by mentor, without those that the program does not mind."""
    found: dict[int, dict[int, str]] = {}
    kinds = [Kind.PIN, Kind.MUST, *barred_kinds(cohort)]
    for rule in PairRule.objects.filter(cohort=cohort, kind__in=kinds):
        found.setdefault(rule.student_id, {})[rule.mentor_id] = rule.kind
    return found


def _problem(
    student: Enrollment,
    leaders: Sequence[Enrollment],
    hers: dict[int, str],
    former: set[tuple[int, int]],
) -> str:
    here = {hers.get(mentor.pk) for mentor in leaders}
    if Kind.PIN in here:
        return ""
    for mentor in leaders:
        names = {"student": student.person.full_name, "mentor": mentor.person.full_name}
        kind = hers.get(mentor.pk)
        if kind in APART:
            return str(APART[kind]) % names
        if (student.pk, mentor.pk) in former:
            return _("%(student)s and %(mentor)s were together before.") % names
    elsewhere = set(hers.values())
    if Kind.PIN in elsewhere or (Kind.MUST in elsewhere and Kind.MUST not in here):
        return _("%(student)s is to have another mentor.") % {"student": student.person.full_name}
    return ""
