"""A cohort's own thresholds."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from evaluation.models import RuleSetting
from evaluation.monitoring.catalog import BY_SLUG
from evaluation.monitoring.rule import Rule
from evaluation.monitoring.world import is_on
from evaluation.monitoring.world import thresholds as numbers
from mentoring import audit
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort


@transaction.atomic
def set_rule(
    *, cohort: Cohort, rule: str, enabled: bool, thresholds: Mapping[str, int], by: User
) -> RuleSetting:
    """Turn a rule on or off and set its numbers; they must rise from step to step."""
    known = BY_SLUG.get(rule)
    if known is None:
        raise DomainError(_("There is no such rule."))
    values: list[int] = []
    for one in known.thresholds:
        value = thresholds.get(one.key)
        if value is None or not one.minimum <= value <= one.maximum:
            raise DomainError(
                _("Enter a whole number from %(min)d to %(max)d.")
                % {"min": one.minimum, "max": one.maximum},
                field=one.key,
            )
        if values and not one.alone and value <= values[-1]:
            raise DomainError(
                _("This must be more than the step before it (%(before)d).")
                % {"before": values[-1]},
                field=one.key,
            )
        values.append(value)
    chosen = {one.key: value for one, value in zip(known.thresholds, values, strict=True)}
    earlier = RuleSetting.objects.filter(cohort=cohort, rule=rule).first()
    before = _as_set(cohort, known, earlier)
    setting, _created = RuleSetting.objects.update_or_create(
        cohort=cohort, rule=rule, defaults={"enabled": enabled, "thresholds": chosen}
    )
    audit.record(
        by=by,
        action="rule.set",
        subject=setting,
        cohort=cohort,
        rule=rule,
        on=enabled,
        **chosen,
        before=before,
    )
    return setting


@transaction.atomic
def reset_rule(*, cohort: Cohort, rule: str, by: User) -> None:
    """Back to the program's numbers."""
    setting = RuleSetting.objects.filter(cohort=cohort, rule=rule).first()
    if setting is None:
        return
    known = BY_SLUG[rule]
    before = _as_set(cohort, known, setting)
    audit.record(
        by=by,
        action="rule.reset",
        subject=setting,
        cohort=cohort,
        rule=rule,
        before=before,
        after=_as_set(cohort, known, None),
    )
    setting.delete()


def _as_set(cohort: Cohort, rule: Rule, setting: RuleSetting | None) -> dict[str, int | bool]:
    """A rule's switch and numbers, as they apply in the cohort."""
    on = is_on(rule, cohort.spec, setting)
    return {"on": on, **numbers(rule, cohort.spec, setting)}
