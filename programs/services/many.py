"""One act for many people of a cohort: looked at first, then done one by one by a worker.

Each person is an act of its own, with its rule, its audit event and its mail: whoever cannot be
moved any more is passed over and named, and the others are not held up by her.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import PARTICIPANT_ROLES
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment, Invitation
from programs.services import enrollments, invitations

S = Enrollment.State
# Whoever was written to yesterday is not written to again.
REST = timedelta(days=1)
NAMED = 20


def _invite(row: Enrollment, by: User | None, _reason: str) -> None:
    if _written_lately([row.pk]):
        raise DomainError(_("was invited within the last day"))
    invitations.invite(enrollment=row, by=by)


def _accept(row: Enrollment, by: User | None, _reason: str) -> None:
    enrollments.accept(enrollment=row, by=by)


def _take_out(row: Enrollment, by: User | None, reason: str) -> None:
    enrollments.withdraw(enrollment=row, by=by, reason=reason)


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, whom it can be done to, and what its button and its page say."""

    label: str | Promise
    about: str | Promise
    target: str
    do: Callable[[Enrollment, User | None, str], None]
    asks_reason: bool = False


ACTS: Final[dict[str, Act]] = {
    "invite": Act(
        gettext_lazy("Invite, or remind"),
        gettext_lazy(
            "Each gets a mail with a fresh link of her own; an earlier link stops working."
        ),
        S.INVITED,
        _invite,
    ),
    "accept": Act(
        gettext_lazy("Accept"),
        gettext_lazy("Each takes part from now on; who applied gets a mail that says so."),
        S.ACCEPTED,
        _accept,
    ),
    "withdraw": Act(
        gettext_lazy("Take out"),
        gettext_lazy(
            "Each leaves the cohort: mentorships and places to come end, and what was stays on "
            "record."
        ),
        S.WITHDRAWN,
        _take_out,
        asks_reason=True,
    ),
}


@dataclass
class Proposal:
    """To whom it would happen, and who would be passed over for which reason."""

    act: str
    going: list[Enrollment] = field(default_factory=list)
    passed_over: dict[str, list[Enrollment]] = field(default_factory=dict)


def look(*, rows: Sequence[Enrollment], act: str) -> Proposal:
    """Who among these it can be done to now."""
    if act not in ACTS:
        raise DomainError(_("Choose what to do."))
    found = Proposal(act)
    lately = _written_lately([row.pk for row in rows]) if act == "invite" else set()
    for row in rows:
        why = _obstacle(row, act, lately)
        if why:
            found.passed_over.setdefault(why, []).append(row)
        else:
            found.going.append(row)
    return found


def _obstacle(row: Enrollment, act: str, lately: set[int]) -> str:
    if row.role not in PARTICIPANT_ROLES:
        return _("staff: changed one by one, on their pages")
    if act == "invite":
        if row.state != S.INVITED:
            return _("have answered already")
        return _("were invited within the last day") if row.pk in lately else ""
    if ACTS[act].target not in enrollments.MOVES[row.state]:
        return _("are “%(state)s” already or by now") % {"state": row.get_state_display()}
    return ""


def _written_lately(ids: Sequence[int]) -> set[int]:
    rows = Invitation.objects.filter(
        enrollment__in=ids, created_at__gt=clock.now() - REST, revoked_at=None
    )
    return set(rows.values_list("enrollment", flat=True))


def start_args(proposal: Proposal, reason: str) -> dict[str, Any]:
    """What the worker has to know; refused where there is nobody, or no such reason."""
    if not proposal.going:
        raise DomainError(_("There is nobody to do this to."))
    if reason not in enrollments.LEFT_REASONS:
        raise DomainError(_("This is not one of the reasons."))
    return {
        "act": proposal.act,
        "people": [row.pk for row in proposal.going],
        "reason": reason if ACTS[proposal.act].asks_reason else "",
    }


def do(
    *,
    cohort: Cohort,
    args: dict[str, Any],
    by: User | None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, Any]:
    """Do it to each; safe to run again: whom it was done to is passed over then."""
    act, people = ACTS[args["act"]], list(args["people"])
    done, refused = 0, []
    for at, pk in enumerate(people):
        row = _rows(cohort).filter(pk=pk).first()
        try:
            if row is not None:
                act.do(row, by, args["reason"])
                done += 1
        except DomainError as error:
            refused.append(f"{row.person.full_name if row else pk}: {error}")
        progress(at + 1, len(people))
    with transaction.atomic():
        audit.record(
            by=by,
            action="people.changed_together",
            subject=cohort,
            cohort=cohort,
            act=args["act"],
            count=done,
            passed_over=len(refused),
        )
    return {"said": _said(done, act), "left_out": refused[:NAMED], "more": len(refused[NAMED:])}


def _said(done: int, act: Act) -> str:
    text = ngettext("%(act)s: done for %(n)d person.", "%(act)s: done for %(n)d people.", done)
    return text % {"act": act.label, "n": done}


def _rows(cohort: Cohort) -> "QuerySet[Enrollment]":
    return Enrollment.objects.filter(cohort=cohort).select_related("person", "cohort__program")
