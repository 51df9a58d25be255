"""Students who take part without being asked, and how they come out again.

A program takes its students in by their own choice (opt-in, which is also what holds where it does
not say), unless they say no (opt-out), or because their studies ask it (mandatory). Who is placed
is told at once, with the way out: one tap, or in a mandatory program a word to the coordinators.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring import audit, clock, links, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.models import Cohort, CohortState, Enrollment
from programs.services import enrollments

S = Enrollment.State
OPT_OUT, MANDATORY = "opt_out", "mandatory"
# A year: as long as somebody may still look for the way out in the mail that told her.
OPT_OUT_DAYS = 365


def mode(cohort: Cohort) -> str:
    """How students come in: ``opt_in``, ``opt_out`` or ``mandatory``."""
    return cohort.planned_spec.enrollment.students or "opt_in"


def places_students(cohort: Cohort) -> bool:
    """Whether listed students take part without an answer."""
    return mode(cohort) in {OPT_OUT, MANDATORY}


def is_placed(enrollment: Enrollment, *, placing: bool) -> bool:
    """Whether this listed person takes part without an answer, where the cohort does that.

    Somebody who was told before and left is asked: nobody is put back against her word.
    """
    return placing and enrollment.is_student and not enrollment.invitations.exists()


@transaction.atomic
def accept(*, cohort: Cohort, rows: Iterable[Enrollment], by: User | None) -> None:
    """Take listed students in without an answer: one update, for a whole class."""
    now, listed = clock.now(), [row for row in rows if row.state == S.INVITED]
    Enrollment.objects.filter(pk__in=[row.pk for row in listed], state=S.INVITED).update(
        state=S.ACCEPTED, accepted_at=now
    )
    audit.record_many(
        audit.event(
            by=by, action="enrollment.moved", subject=row, cohort=cohort,
            before=str(S.INVITED), after=str(S.ACCEPTED), role=row.role,
        )
        for row in listed
    )  # fmt: skip
    for row in listed:
        row.state, row.accepted_at = S.ACCEPTED, now
        if cohort.state == CohortState.RUNNING:
            enrollments.activate_if_ready(enrollment=row, by=by)


def must_stay(enrollment: Enrollment) -> bool:
    """Whether only the coordinators can let this person go."""
    return enrollment.is_student and enrollment.is_present and mode(enrollment.cohort) == MANDATORY


@transaction.atomic
def leave(*, enrollment: Enrollment, by: User, reason: str = "") -> Enrollment:
    """A person leaves by her own decision; of a mandatory program a student cannot."""
    if must_stay(enrollment):
        raise DomainError(
            _("Taking part belongs to your studies. Ask the coordinators if you cannot.")
        )
    return enrollments.withdraw(enrollment=enrollment, by=by, reason=reason)


@transaction.atomic
def ask_to_leave(*, enrollment: Enrollment, by: User) -> None:
    """A student of a mandatory program asks to be let go. No reason is asked in writing."""
    if not must_stay(enrollment):
        raise DomainError(_("You can leave without asking."))
    if not _mark(enrollment, asked=True):
        return
    audit.record(
        by=by, action="enrollment.leave_asked", subject=enrollment, cohort=enrollment.cohort
    )
    for coordinator in enrollments.coordinators(enrollment.cohort):
        outbox.enqueue(
            kind="leave_asked",
            recipient=coordinator,
            dedupe_key=f"leave_asked:{enrollment.pk}:{clock.now():%Y%m%d%H%M%S}:{coordinator.pk}",
            context={"enrollment": enrollment.pk},
            about=f"leave:{enrollment.pk}",
        )


@transaction.atomic
def stay_after_all(*, enrollment: Enrollment, by: User) -> None:
    """She takes her question back; a mail about it that was not sent yet stays unsent."""
    if _mark(enrollment, asked=False):
        outbox.cancel(about=f"leave:{enrollment.pk}", why="the question was taken back")
        audit.record(
            by=by, action="enrollment.leave_unasked", subject=enrollment, cohort=enrollment.cohort
        )


@transaction.atomic
def keep(*, enrollment: Enrollment, by: User | None) -> None:
    """The coordinators would keep her place; she is told, with whom to talk."""
    if not _mark(enrollment, asked=False):
        raise DomainError(_("Nobody asks to be let go any more."))
    audit.record(
        by=by, action="enrollment.leave_kept", subject=enrollment, cohort=enrollment.cohort
    )
    _answer(enrollment)


@transaction.atomic
def let_go(*, enrollment: Enrollment, by: User | None) -> None:
    """The coordinators let her go, as she asked; she is told."""
    if not _mark(enrollment, asked=False):
        raise DomainError(_("Nobody asks to be let go any more."))
    enrollments.withdraw(enrollment=enrollment, by=by)
    _answer(enrollment)


def _mark(enrollment: Enrollment, *, asked: bool) -> bool:
    """Set or clear the question; whether this changed anything. The condition is the lock."""
    at = clock.now() if asked else None
    rows = Enrollment.objects.filter(pk=enrollment.pk, leave_asked_at__isnull=asked)
    enrollment.leave_asked_at = at
    return rows.update(leave_asked_at=at) == 1


def _answer(enrollment: Enrollment) -> None:
    outbox.enqueue(
        kind="leave_answered",
        recipient=enrollment.person,
        dedupe_key=f"leave_answered:{enrollment.pk}:{clock.now():%Y%m%d%H%M%S}",
        context={"enrollment": enrollment.pk},
    )


def opt_out_url(enrollment: Enrollment) -> str:
    """The link of the mail: a page with one button, without a login."""
    return links.make(
        purpose="programs.opt_out",
        user=enrollment.person,
        subject=enrollment.key,
        max_age=OPT_OUT_DAYS,
    )


def _placed(user: User, subject: str) -> Enrollment:
    row = (
        Enrollment.objects.select_related("cohort", "person")
        .filter(key=subject, person=user, role=Role.STUDENT)
        .first()
    )
    if row is None or row.state in {S.WITHDRAWN, S.DECLINED}:
        raise DomainError(_("You do not take part any more: there is nothing left to do."))
    if not row.is_present:
        raise DomainError(_("This cannot be answered here any more. Sign in to see your place."))
    return row


def _ask(*, user: User, subject: str) -> links.Prompt:
    row = _placed(user, subject)
    return links.Prompt(
        heading=_("Not take part in %(cohort)s?") % {"cohort": row.cohort.name},
        text=_(
            "It is your choice, and nobody asks why. The coordinators are told that you left; "
            "if you change your mind, write to them."
        ),
        buttons=[links.Button(gettext_lazy("I do not want to take part"))],
    )


@links.action("programs.opt_out", prompt=_ask)
def opt_out(*, user: User, subject: str, choice: str) -> str:  # noqa: ARG001 (one button)
    """What the button of the mail does."""
    row = _placed(user, subject)
    leave(enrollment=row, by=user)
    return _("You have opted out of %(cohort)s. Thank you for telling us.") % {
        "cohort": row.cohort.name
    }
