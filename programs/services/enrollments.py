"""The life of an enrollment: every move is one function, audited, or refused with the reason."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring import audit, clock, outbox, ports
from mentoring.accounts.permissions import STAFF_ROLES, Role
from mentoring.errors import DomainError
from programs.models import (
    Cohort,
    CohortState,
    Enrollment,
    EnrollmentState,
    EnrollmentYear,
)

if TYPE_CHECKING:
    from mentoring.accounts.models import User

S = EnrollmentState
MOVES: dict[str, tuple[EnrollmentState, ...]] = {
    S.INVITED: (S.APPLIED, S.ACCEPTED, S.DECLINED, S.WITHDRAWN),
    S.APPLIED: (S.ACCEPTED, S.WAITLISTED, S.DECLINED, S.WITHDRAWN),
    S.WAITLISTED: (S.ACCEPTED, S.APPLIED, S.DECLINED, S.WITHDRAWN),
    S.ACCEPTED: (S.ACTIVE, S.WAITLISTED, S.WITHDRAWN),
    S.ACTIVE: (S.COMPLETED, S.WITHDRAWN),
    S.COMPLETED: (S.ACTIVE,),
    S.DECLINED: (S.INVITED, S.APPLIED),
    S.WITHDRAWN: (S.INVITED, S.APPLIED),
}
# Why somebody leaves: asked without blame, and never needed.
LEFT_REASONS = {
    "": gettext_lazy("No reason given"),
    "personal": gettext_lazy("Personal"),
    "relational": gettext_lazy("It did not fit between people"),
    "structural": gettext_lazy("Time, distance or organization"),
}
STAMPS = {S.APPLIED: "applied_at", S.ACCEPTED: "accepted_at", S.ACTIVE: "activated_at"}
MOST_PLACES = 100
LEFT = (S.WITHDRAWN, S.COMPLETED, S.DECLINED)


@transaction.atomic
def move(*, enrollment: Enrollment, to: str, by: "User | None", reason: str = "") -> Enrollment:
    """Take an enrollment to another state. All other functions that change a state call this."""
    locked = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
    target = S(to)
    if target not in MOVES[locked.state]:
        raise DomainError(
            _("Somebody who is “%(now)s” cannot become “%(next)s”.")
            % {"now": locked.get_state_display(), "next": target.label}
        )
    if reason not in LEFT_REASONS:
        raise DomainError(_("This is not one of the reasons."), field="reason")
    before, locked.state = locked.state, target
    fields = ["state", "left_at", "left_reason", "leave_asked_at"]
    if target in STAMPS and before != S.COMPLETED:
        setattr(locked, STAMPS[target], clock.now())
        fields.append(STAMPS[target])
    if target in LEFT:
        locked.leave_asked_at = None
    locked.left_at = clock.now() if target in LEFT else None
    locked.left_reason = reason if target == S.WITHDRAWN else ""
    locked.save(update_fields=fields)
    audit.record(
        by=by,
        action="enrollment.moved",
        subject=locked,
        cohort=locked.cohort_id,
        before=before,
        after=to,
        role=locked.role,
    )
    for name in fields:
        setattr(enrollment, name, getattr(locked, name))
    return enrollment


@transaction.atomic
def accept(*, enrollment: Enrollment, by: "User | None") -> Enrollment:
    """Take somebody in: an applicant, someone from the waiting list, or an invited person."""
    was = enrollment.state
    move(enrollment=enrollment, to=S.ACCEPTED, by=by)
    if was in (S.APPLIED, S.WAITLISTED):
        _tell(enrollment, "application_accepted")
    if enrollment.cohort.state == CohortState.RUNNING or enrollment.role in STAFF_ROLES:
        activate_if_ready(enrollment=enrollment, by=by)
    if enrollment.role in STAFF_ROLES:
        from programs.services.roles import tell_people_concerned  # noqa: PLC0415 (mutual)

        tell_people_concerned(enrollment=enrollment)
    return enrollment


@transaction.atomic
def decline(*, enrollment: Enrollment, by: "User | None") -> Enrollment:
    """Say no: a coordinator to an applicant, or an invited person to the invitation."""
    applied = enrollment.state in (S.APPLIED, S.WAITLISTED)
    move(enrollment=enrollment, to=S.DECLINED, by=by)
    if applied:
        _tell(enrollment, "application_declined")
    _end_invitations(enrollment)
    return enrollment


@transaction.atomic
def put_on_waiting_list(*, enrollment: Enrollment, by: "User | None") -> Enrollment:
    """Keep somebody for when a place becomes free."""
    move(enrollment=enrollment, to=S.WAITLISTED, by=by)
    _tell(enrollment, "application_waitlisted")
    return enrollment


@transaction.atomic
def withdraw(*, enrollment: Enrollment, by: "User | None", reason: str = "") -> Enrollment:
    """Somebody leaves. History stays; what was still to come ends (higher floors are told).

    Refused for the last coordinator, and while others wait for this person alone.
    """
    _refuse_last_coordinator(enrollment)
    _refuse_while_awaited(enrollment)
    move(enrollment=enrollment, to=S.WITHDRAWN, by=by, reason=reason)
    _end_invitations(enrollment)
    if by is not None and by.pk == enrollment.person_id and enrollment.role not in STAFF_ROLES:
        for coordinator in coordinators(enrollment.cohort):
            outbox.enqueue(
                kind="person_left",
                recipient=coordinator,
                dedupe_key=f"person_left:{enrollment.pk}:{clock.now():%Y%m%d}:{coordinator.pk}",
                context={"enrollment": enrollment.pk},
            )
    ports.ENROLLMENT_LEFT.tell(enrollment, by)
    return enrollment


@transaction.atomic
def complete(*, enrollment: Enrollment, by: "User | None") -> Enrollment:
    """Somebody has been through the program: her places end; what was stays hers to read."""
    move(enrollment=enrollment, to=S.COMPLETED, by=by)
    ports.ENROLLMENT_COMPLETED.tell([enrollment], enrollment.left_at, by)
    return enrollment


@transaction.atomic
def reopen(*, enrollment: Enrollment, by: "User | None") -> Enrollment:
    """Take a completion back: she takes part again, in the groups she had, where they go on."""
    if enrollment.cohort.state in (CohortState.CLOSING, CohortState.ARCHIVED):
        raise DomainError(_("This cohort is closing: take it back to “Running” first."))
    at = enrollment.left_at
    move(enrollment=enrollment, to=S.ACTIVE, by=by)
    ports.ENROLLMENT_REOPENED.tell([enrollment], at, by)
    return enrollment


@transaction.atomic
def activate(*, enrollment: Enrollment, by: "User | None") -> Enrollment:
    """Make an accepted person active; refused with what still stands in the way."""
    blocked = gates(enrollment)
    if blocked:
        raise DomainError(" ".join(blocked))
    return move(enrollment=enrollment, to=S.ACTIVE, by=by)


def activate_if_ready(*, enrollment: Enrollment, by: "User | None") -> bool:
    """Activate an accepted person unless something stands in the way."""
    if enrollment.state != S.ACCEPTED or gates(enrollment):
        return False
    activate(enrollment=enrollment, by=by)
    return True


def gates(enrollment: Enrollment) -> list[str]:
    """Why an accepted person cannot be active yet."""
    return [str(reason) for found in ports.ACTIVATION_GATES.ask(enrollment) for reason in found]


@transaction.atomic
def reconsider(*, enrollment: Enrollment, by: "User | None") -> Enrollment:
    """Take an answer to an application back: undecided again. A mail not sent yet stays unsent."""
    if enrollment.applied_at is None:
        raise DomainError(_("This person did not apply."))
    return move(enrollment=enrollment, to=S.APPLIED, by=by)


@transaction.atomic
def change_profile(*, enrollment: Enrollment, by: "User | None", **fields: Any) -> Enrollment:
    """Change what a person says about herself in this cohort, or what a coordinator corrects."""
    changed = [name for name, value in fields.items() if getattr(enrollment, name) != value]
    for name in changed:
        setattr(enrollment, name, fields[name])
    if changed:
        enrollment.save(update_fields=changed)
        audit.record(
            by=by,
            action="enrollment.changed",
            subject=enrollment,
            cohort=enrollment.cohort,
            fields=changed,
        )
    return enrollment


@transaction.atomic
def change_capacity(*, enrollment: Enrollment, by: "User | None", more: int) -> Enrollment:
    """Give a mentor some more places, counted from those she has at this moment."""
    now = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk).capacity
    if not 0 <= now + more <= MOST_PLACES:
        raise DomainError(
            _("A mentor has at most %(most)d places.") % {"most": MOST_PLACES}, field="capacity"
        )
    enrollment.capacity = now
    return change_profile(enrollment=enrollment, by=by, capacity=now + more)


@transaction.atomic
def set_class_year(
    *, enrollment: Enrollment, class_year: int | None, by: "User | None", status: str = "studying"
) -> None:
    """Record the class year of the current academic year; ``None`` takes the record away."""
    academic_year = enrollment.cohort.planned.starts.year
    rows = EnrollmentYear.objects.filter(enrollment=enrollment, academic_year=academic_year)
    row = rows.first()
    if class_year is None:
        rows.delete()
    elif row is None:
        EnrollmentYear.objects.create(
            enrollment=enrollment, academic_year=academic_year, class_year=class_year, status=status
        )
    elif (row.class_year, row.status) != (class_year, status):
        rows.update(class_year=class_year, status=status)
    else:
        return
    audit.record(
        by=by,
        action="enrollment.year",
        subject=enrollment,
        cohort=enrollment.cohort,
        year=class_year,
    )


def coordinators(cohort: Cohort) -> list["User"]:
    """The people who coordinate a cohort."""
    rows = Enrollment.objects.filter(
        cohort=cohort, role=Role.COORDINATOR, state__in=Enrollment.PRESENT
    ).select_related("person")
    return [row.person for row in rows]


def _tell(enrollment: Enrollment, kind: str) -> None:
    outbox.enqueue(
        kind=kind,
        recipient=enrollment.person,
        dedupe_key=f"{kind}:{enrollment.pk}:{clock.now():%Y%m%d%H%M%S}",
        context={"enrollment": enrollment.pk},
        about=f"enrollment:{enrollment.pk}",
    )


def _end_invitations(enrollment: Enrollment) -> None:
    enrollment.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=clock.now())
    outbox.cancel(about=f"invitation:{enrollment.pk}", why="the enrollment has ended")


def _refuse_last_coordinator(enrollment: Enrollment) -> None:
    if enrollment.role != Role.COORDINATOR or not enrollment.is_present:
        return
    # Two who leave at once must not each count on the other.
    Cohort.objects.select_for_update().get(pk=enrollment.cohort_id)
    others = Enrollment.objects.filter(
        cohort=enrollment.cohort, role=Role.COORDINATOR, state__in=Enrollment.PRESENT
    ).exclude(pk=enrollment.pk)
    if not others.exists() and enrollment.cohort.state != CohortState.ARCHIVED:
        raise DomainError(
            _("A cohort needs a coordinator. Name another one before this one leaves.")
        )


def _refuse_while_awaited(enrollment: Enrollment) -> None:
    answers = ports.LEAVING_OBSTACLES.ask(enrollment.person, enrollment)
    if reasons := [str(reason) for found in answers for reason in found]:
        raise DomainError(" ".join(reasons))
