"""Every rule there is, in the order in which pages list them."""

from evaluation.monitoring import (
    agreement,
    attendance,
    diary_overdue,
    gone_silent,
    missed,
    never_met,
    unresponsive,
)
from evaluation.monitoring.rule import Rule

RULES: tuple[Rule, ...] = (
    never_met.RULE,
    missed.STUDENT_RULE,
    missed.MENTOR_RULE,
    unresponsive.RULE,
    gone_silent.RULE,
    agreement.RULE,
    diary_overdue.RULE,
    attendance.TRAINING_RULE,
    attendance.SUPERVISION_RULE,
)
BY_SLUG = {rule.slug: rule for rule in RULES}
