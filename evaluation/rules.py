"""Who may see where a cohort stands, and act on it."""

from typing import Any

from evaluation import queries
from evaluation.models import Flag, Survey
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.accounts.visibility import sees_meeting_counts
from programs.rules import cohort_of, has_role, is_coordinator


@access.rule(Permission.VIEW_BOARD)
def view_board(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.HANDLE_FLAGS)
def handle_flags(user: User, obj: Any) -> bool:
    """Coordinators, as far as the program lets the flag leave the pair."""
    if not is_coordinator(user, obj):
        return False
    cohort = cohort_of(obj)
    if isinstance(obj, Flag):
        return queries.flags(cohort).filter(pk=obj.pk).exists()
    return sees_meeting_counts(cohort.level)


@access.rule(Permission.SET_RULES)
def set_rules(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.WRITE_TO_MANY)
def write_to_many(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.VIEW_REPORT)
def view_report(user: User, obj: Any) -> bool:
    """Numbers without names: what a program lead and an evaluator may see of it too."""
    return has_role(user, cohort_of(obj), [Role.COORDINATOR, Role.PROGRAM_LEAD, Role.EVALUATOR])


@access.rule(Permission.ISSUE_REPORT)
def issue_report(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.VIEW_SURVEYS)
def view_surveys(user: User, obj: Any) -> bool:
    return has_role(user, cohort_of(obj), [Role.COORDINATOR, Role.PROGRAM_LEAD, Role.EVALUATOR])


@access.rule(Permission.MANAGE_SURVEYS)
def manage_surveys(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.ANSWER_SURVEY)
def answer_survey(user: User, obj: Survey) -> bool:
    """Whoever was asked. Whether it is still open is said on the page."""
    return obj.invitations.filter(person=user).exists()
