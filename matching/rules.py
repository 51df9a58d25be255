"""Who may match, and who may see a mentorship."""

from typing import Any

from django.db.models import Q

from matching.models import ChoosingRound, Membership, Mentorship, Trial
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from programs.models import Enrollment
from programs.rules import is_coordinator


def is_member(user: User, mentorship: Mentorship) -> bool:
    """Whether the person has a place in the mentorship today."""
    return (
        mentorship.is_live
        and Membership.objects.filter(mentorship=mentorship, person=user, ended_at=None).exists()
    )


def was_member(user: User, mentorship: Mentorship) -> bool:
    """Whether the person has, or ever had, a place in the mentorship."""
    return access.remember(
        ("was member", mentorship.pk, user.pk),
        lambda: Membership.objects.filter(mentorship=mentorship, person=user).exists(),
    )


@access.rule(Permission.RUN_MATCHING)
def run_matching(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.MANAGE_MENTORSHIP)
def manage_mentorship(user: User, obj: Any) -> bool:
    return is_coordinator(user, obj)


@access.rule(Permission.VIEW_MENTORSHIP)
def view_mentorship(user: User, obj: Mentorship) -> bool:
    """Members, and coordinators; what these see there depends on the confidentiality level."""
    return was_member(user, obj) or is_coordinator(user, obj)


@access.rule(Permission.CHOOSE_MENTOR)
def choose_mentor(user: User, obj: Enrollment) -> bool:
    """Her own place as a student, in a cohort that lets students choose or has done so."""
    return (
        obj.person_id == user.pk
        and obj.is_student
        and obj.is_present
        and ChoosingRound.objects.filter(cohort=obj.cohort_id).exists()
    )


@access.rule(Permission.ANSWER_REQUEST)
def answer_request(user: User, obj: Enrollment) -> bool:
    """Her own place as a mentor."""
    return obj.person_id == user.pk and obj.is_mentor and obj.is_present


@access.rule(Permission.JOIN_TRIAL)
def join_trial(user: User, obj: Enrollment) -> bool:
    """Her own place as a student, in a cohort in which a trial asked her or is open."""
    return (
        obj.person_id == user.pk
        and obj.is_student
        and obj.is_present
        and Trial.objects.filter(cohort=obj.cohort_id)
        .filter(Q(closed_at=None) | Q(records__student=obj.pk))
        .exists()
    )
