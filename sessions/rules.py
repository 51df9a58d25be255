"""Who may book, see, change and record meetings, and who reads what is said."""

from typing import Any

from matching.models import Mentorship
from matching.rules import is_member, was_member
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.accounts.visibility import sees_meeting_facts
from programs.models import Enrollment
from programs.queries import sees_since
from programs.rules import cohort_of, is_coordinator
from sessions import training
from sessions.circle import seat_in
from sessions.diary import sight
from sessions.models import (
    Certificate,
    ChangeRequest,
    Concern,
    DiaryEntry,
    Meeting,
    SupervisorGroup,
)


@access.rule(Permission.TAKE_PART)
def take_part(user: User, obj: Mentorship) -> bool:
    return is_member(user, obj)


@access.rule(Permission.READ_MESSAGES)
def read_messages(user: User, obj: Mentorship) -> bool:
    """Members, past ones too; the query limits them to the dates of their membership."""
    return was_member(user, obj)


@access.rule(Permission.READ_AGREEMENT)
def read_agreement(user: User, obj: Mentorship) -> bool:
    """Members, past ones too; the queries limit them to the dates of their membership."""
    return was_member(user, obj)


@access.rule(Permission.VIEW_MEETING)
def view_meeting(user: User, obj: Meeting) -> bool:
    """Participants; coordinators of an open program, back to when they gave themselves the role."""
    if seat_in(obj, user):
        return True
    if obj.of_cohort:
        return record_attendance(user, obj) or enroll(user, obj)
    if not (is_coordinator(user, obj) and sees_meeting_facts(obj.cohort.level)):
        return False
    since = sees_since(user, obj.cohort, Role.COORDINATOR)
    return since is None or obj.starts_at >= since


@access.rule(Permission.CHANGE_MEETING)
def change_meeting(user: User, obj: Meeting) -> bool:
    """What a pair or group agreed on; dates of the cohort are changed by whoever leads them."""
    return not obj.of_cohort and seat_in(obj, user) is not None


@access.rule(Permission.MANAGE_TRAINING)
def manage_training(user: User, obj: Any) -> bool:
    """Attendance is at meetings of the cohort, not of the pair: no level keeps it back."""
    return is_coordinator(user, obj)


@access.rule(Permission.ENROLL)
def enroll(user: User, obj: Meeting) -> bool:
    """Whoever the date is for, and whoever holds a place in it."""
    if obj.series is None:
        return False
    return training.enrollment_for(user, obj.series) is not None or seat_in(obj, user) is not None


@access.rule(Permission.RECORD_ATTENDANCE)
def record_attendance(user: User, obj: Meeting) -> bool:
    """Coordinators, and the supervisor of the group; nobody writes her own line (the service)."""
    if obj.series is None:
        return False
    return is_coordinator(user, obj) or (
        obj.series.group is not None and supervise(user, obj.series.group)
    )


@access.rule(Permission.SUPERVISE)
def supervise(user: User, obj: SupervisorGroup) -> bool:
    """The group's own supervisor, and coordinators."""
    return is_coordinator(user, obj) or training.supervises(user).filter(pk=obj.pk).exists()


@access.rule(Permission.ISSUE_CERTIFICATES)
def issue_certificates(user: User, obj: Any) -> bool:
    """Certificates say nothing of a pair but how often it met, where that may leave it."""
    return is_coordinator(user, obj.enrollment if isinstance(obj, Certificate) else obj)


@access.rule(Permission.OWN_CERTIFICATES)
def own_certificates(user: User, obj: Enrollment) -> bool:
    return obj.person_id == user.pk


@access.rule(Permission.VIEW_CERTIFICATE)
def view_certificate(user: User, obj: Certificate) -> bool:
    return obj.enrollment.person_id == user.pk or is_coordinator(user, obj.enrollment)


@access.rule(Permission.RECORD_FOR_OTHERS)
def record_for_others(user: User, obj: Any) -> bool:
    if isinstance(obj, Meeting) and obj.of_cohort:
        return False
    return is_coordinator(user, obj) and sees_meeting_facts(cohort_of(obj).level)


@access.rule(Permission.PUBLISH_AVAILABILITY)
def publish_availability(user: User, obj: Any) -> bool:  # noqa: ARG001
    """Whoever mentors in any cohort, or is about to."""
    return Enrollment.objects.filter(
        person=user, role__in=list(MENTOR_ROLES), state__in=Enrollment.PRESENT
    ).exists()


@access.rule(Permission.READ_CONCERN)
def read_concern(user: User, obj: Concern) -> bool:
    return user.pk in {obj.raised_by_id, obj.recipient_id}


@access.rule(Permission.DECIDE_CHANGE_REQUEST)
def decide_change_request(user: User, obj: Any) -> bool:
    """Coordinators, but never about a mentorship in which they have a place themselves."""
    if isinstance(obj, ChangeRequest) and was_member(user, obj.mentorship):
        return False
    return is_coordinator(user, obj)


@access.rule(Permission.KEEP_DIARY)
def keep_diary(user: User, obj: Mentorship) -> bool:
    """Members; past ones find their own entries and what was shared with them."""
    return was_member(user, obj)


@access.rule(Permission.READ_DIARY)
def read_diary(user: User, obj: DiaryEntry) -> bool:
    if obj.deleted_at is not None:
        return False
    return obj.author_id == user.pk or sight.readable(user).filter(pk=obj.pk).exists()


@access.rule(Permission.OWN_DIARY)
def own_diary(user: User, obj: DiaryEntry) -> bool:
    return obj.author_id == user.pk and obj.deleted_at is None
