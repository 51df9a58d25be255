"""People who come by themselves: confirm the address, fill the profile, apply."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mentoring import audit, clock, outbox
from mentoring.accounts.models import User, normalize_email
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from programs import asking
from programs.models import Cohort, Enrollment, Question
from programs.services import answers as answering
from programs.services import enrollments, invitations, people, questions

if TYPE_CHECKING:
    from datetime import datetime

SALT = "programs.application"
VALID = timedelta(days=2)
S = Enrollment.State


@transaction.atomic
def send_link(*, cohort: Cohort, email: str) -> None:
    """Mail a link that proves the address. The answer is the same for known and unknown ones."""
    if not cohort.applications_open:
        raise DomainError(_("Applications are closed."))
    address = normalize_email(email)
    now = clock.now()
    # One mail an hour and address: the page cannot be used to flood a mailbox.
    outbox.enqueue(
        kind="application_link",
        address=address,
        dedupe_key=f"application_link:{cohort.pk}:{_digest(address)}:{now:%Y%m%d%H}",
        context={"cohort": cohort.pk, "email": address, "at": now.isoformat()},
        not_after=now + VALID,
    )


def _digest(address: str) -> str:
    """What stands for an address in a key that is kept for ever."""
    return salted_hmac(SALT, address, algorithm="sha256").hexdigest()[:40]


def link_token(*, cohort: Cohort, email: str, at: "datetime") -> str:
    """The token of a link: who, where, until when; signed."""
    payload = {"c": cohort.key, "e": email, "u": int((at + VALID).timestamp())}
    return signing.dumps(payload, salt=SALT, compress=True)


def read_token(*, cohort: Cohort, token: str) -> str:
    """The address that a token proves; ``DomainError`` when it proves nothing."""
    try:
        payload = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise DomainError(_("This link is not valid. Perhaps it was cut off.")) from None
    if payload["c"] != cohort.key:
        raise DomainError(_("This link is for another program."))
    if payload["u"] < clock.now().timestamp():
        raise DomainError(_("This link has expired. Ask for a new one."))
    return str(payload["e"])


@transaction.atomic
def confirm(
    *, cohort: Cohort, email: str, given_name: str, family_name: str, password: str
) -> User:
    """Make the login of somebody who proved the address; refused for one who has a password."""
    person = people.person_for(
        email=email, given_name=given_name, family_name=family_name, time_zone=cohort.time_zone
    )
    if person.has_usable_password():
        raise DomainError(_("You have a password already. Log in to apply."))
    invitations.set_password(person=person, password=password)
    return person


@transaction.atomic
def apply(
    *,
    cohort: Cohort,
    role: str,
    by: User,
    answers: Mapping[Question, Any] | None = None,
    **profile: Any,
) -> Enrollment:
    """Apply to take part. An open invitation in the same role is thereby accepted."""
    if not cohort.applications_open:
        raise DomainError(_("Applications are closed."))
    if role not in offered_roles(cohort):
        raise DomainError(_("This program has no place for that role."), field="role")
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    _refuse_unanswered(cohort, role, answers or {})
    enrollment = Enrollment.objects.filter(cohort=cohort, person=by, role=role).first()
    if enrollment is None:
        enrollment = Enrollment.objects.create(
            cohort=cohort, person=by, role=role, state=S.APPLIED, applied_at=clock.now(), **profile
        )
        audit.record(
            by=by, action="enrollment.applied", subject=enrollment, cohort=cohort, role=role
        )
        answering.save(enrollment=enrollment, answers=answers or {}, by=by)
    else:
        answering.save(enrollment=enrollment, answers=answers or {}, by=by)
        return _again(enrollment, by, profile)
    _tell_coordinators(enrollment)
    return enrollment


def _refuse_unanswered(cohort: Cohort, role: str, answers: Mapping[Question, Any]) -> None:
    given = {question.pk for question, value in answers.items() if value not in answering.EMPTY}
    for question in asking.asked_of(questions.current(cohort), role):
        if question.required and question.pk not in given:
            raise DomainError(
                _("Please answer: %(question)s") % {"question": asking.text_for(question, role)}
            )


def _again(enrollment: Enrollment, by: User, profile: dict[str, Any]) -> Enrollment:
    enrollments.change_profile(enrollment=enrollment, by=by, **profile)
    if enrollment.state == S.INVITED:
        enrollment.invitations.filter(used_at=None, revoked_at=None).update(used_at=clock.now())
        outbox.cancel(about=f"invitation:{enrollment.pk}", why="the invitation was answered")
        return enrollments.accept(enrollment=enrollment, by=by)
    if enrollment.state in (S.DECLINED, S.WITHDRAWN):
        enrollments.move(enrollment=enrollment, to=S.APPLIED, by=by)
        _tell_coordinators(enrollment)
    return enrollment


def offered_roles(cohort: Cohort) -> list[Role]:
    """The roles one can apply for: those of the program's groups, if it takes applications."""
    says = cohort.planned_spec.enrollment
    wanted = {Role.STUDENT} if says.students_apply else set()
    wanted |= set(MENTOR_ROLES) if says.mentors_apply else set()
    return [role for role in map(Role, cohort.planned_spec.roles) if role in wanted]


def _tell_coordinators(enrollment: Enrollment) -> None:
    for coordinator in enrollments.coordinators(enrollment.cohort):
        outbox.enqueue(
            kind="application_received",
            recipient=coordinator,
            dedupe_key=f"application_received:{enrollment.pk}:"
            f"{clock.now():%Y%m%d%H}:{coordinator.pk}",
            context={"enrollment": enrollment.pk},
        )
