"""“I would like another mentor”: a no-fault wish, to the coordinators alone."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.models import Enrollment
from sessions import private
from sessions.circle import circle
from sessions.models import ChangeRequest, ChangeRequestState

MAX_LENGTH = 3000


@transaction.atomic
def ask(*, mentorship: Mentorship, by: User, reason: str = "") -> ChangeRequest:
    """Ask for another mentor (or student). No reason is needed; the other side is told none."""
    if not mentorship.is_live:
        raise DomainError(_("This mentorship has ended."))
    circle(mentorship).need(by)
    reason = reason.strip()
    if len(reason) > MAX_LENGTH:
        raise DomainError(
            _("Please write at most %(max)d characters.") % {"max": MAX_LENGTH}, field="reason"
        )
    readers = _readers(mentorship)
    if not readers:
        raise DomainError(
            _("No coordinator outside this mentorship can read your wish. Use the help page.")
        )
    try:
        with transaction.atomic():
            request = ChangeRequest.objects.create(mentorship=mentorship, person=by)
    except IntegrityError as error:
        raise DomainError(_("Your wish is with the coordinators already.")) from error
    if reason:
        private.put(request, reason)
    cohort = mentorship.cohort
    audit.record(by=by, action="change_request.made", subject=request, cohort=cohort)
    outbox.put(
        outbox.Draft(
            kind="change_requested",
            recipient=person,
            dedupe_key=f"change_requested:{request.pk}:{person.pk}",
            context={"request": request.pk},
            about=f"change_request:{request.pk}",
        )
        for person in readers
    )
    return request


def _readers(mentorship: Mentorship) -> list[User]:
    """The coordinators, but none who has a place in the mentorship: the page is barred to her."""
    rows = mentorship.cohort.enrollments.filter(
        role=Role.COORDINATOR, state__in=Enrollment.PRESENT, person__is_active=True
    ).exclude(person__memberships__mentorship=mentorship)
    return [row.person for row in rows.select_related("person").order_by("pk")]


@transaction.atomic
def withdraw(*, request: ChangeRequest, by: User) -> ChangeRequest:
    """Take the wish back before it is decided."""
    if request.person_id != by.pk:
        raise DomainError(_("This wish is somebody else's."))
    return _settle(request, ChangeRequestState.WITHDRAWN, by)


@transaction.atomic
def decide(*, request: ChangeRequest, grant: bool, by: User) -> ChangeRequest:
    """A coordinator's answer; the person who asked is told. Ending the pair is a separate act."""
    state = ChangeRequestState.GRANTED if grant else ChangeRequestState.DECLINED
    settled = _settle(request, state, by)
    outbox.enqueue(
        kind="change_decided",
        recipient=request.person,
        dedupe_key=f"change_decided:{request.pk}",
        context={"request": request.pk},
        about=f"change_request:{request.pk}",
    )
    return settled


@transaction.atomic
def read_reason(*, request: ChangeRequest, by: User) -> str:
    """The reason, if one was given; recorded. The caller has checked the right."""
    if by.pk != request.person_id:
        cohort = request.mentorship.cohort
        audit.record(by=by, action="change_request.read", subject=request, cohort=cohort)
    rows = ChangeRequest.objects.filter(pk=request.pk).select_related("body")
    return private.texts(rows).get(request.pk, "")


@transaction.atomic
def overtaken(*, mentorship: Mentorship, person: User, by: User | None) -> int:
    """Her place has ended: what she wished for is settled. Nobody is written to about it."""
    state = ChangeRequestState.OVERTAKEN
    open_ = ChangeRequest.objects.filter(
        mentorship=mentorship, person=person, state=ChangeRequestState.OPEN
    )
    for request in open_:
        _settle(request, state, by)
    return len(open_)


def _settle(request: ChangeRequest, state: ChangeRequestState, by: User | None) -> ChangeRequest:
    now = clock.now()
    changed = ChangeRequest.objects.filter(pk=request.pk, state=ChangeRequestState.OPEN).update(
        state=state, decided_at=now, decided_by=by
    )
    if not changed:
        raise DomainError(_("This wish has been answered already."))
    request.refresh_from_db()
    outbox.cancel(about=f"change_request:{request.pk}", why=f"change request {state}")
    audit.record(
        by=by,
        action=f"change_request.{state}",
        subject=request,
        cohort=request.mentorship.cohort,
    )
    return request
