"""Decide many applications at once: looked at first, then all of them or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring import audit
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs import queries
from programs.models import Cohort, Enrollment
from programs.services import enrollments, scoring

S = Enrollment.State
ACTS: Final[dict[str, str | Promise]] = {
    "accept": gettext_lazy("Accept"),
    "waitlist": gettext_lazy("Waiting list"),
    "decline": gettext_lazy("Decline"),
}
SERVICES: Final[dict[str, Callable[..., Enrollment]]] = {
    "accept": enrollments.accept,
    "waitlist": enrollments.put_on_waiting_list,
    "decline": enrollments.decline,
}
MOST = 500


@dataclass
class Proposal:
    """Who would get which answer, and what a coordinator should know before she says yes."""

    answers: dict[str, list[Enrollment]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.answers.values())


def best(*, cohort: Cohort, role: str, places: int, others: str, by: User) -> Proposal:
    """Accept the best by score, in the order of application where scores are the same.

    ``others`` is what the rest gets: ``waitlist``, ``decline`` or nothing. Refused while scoring
    is open, because the order would tell what the others have scored; whom nobody has scored is
    left undecided.
    """
    rubric = scoring.rubric_of(cohort, role)
    if rubric is None or rubric.closed_at is None:
        raise DomainError(_("Close scoring first: until then nobody reads the scores of others."))
    if not 0 < places <= MOST:
        raise DomainError(_("Say how many, between 1 and %(most)d.") % {"most": MOST})
    if others not in {"", "waitlist", "decline"}:
        raise DomainError(_("There is no such answer."))
    rows = list(
        queries.applicants(cohort, by)
        .filter(role=role, state__in=scoring.UNDECIDED)
        .exclude(person=by)
        .order_by(F("mean").desc(nulls_last=True), "applied_at", "pk")
    )
    scored = [row for row in rows if row.mean is not None]
    proposal = Proposal({"accept": scored[:places]})
    if others:
        rest = [row for row in scored[places:] if (row.state, others) != (S.WAITLISTED, "waitlist")]
        proposal.answers[others] = rest
    proposal.remarks = list(_remarks(scored, places, len(rows) - len(scored)))
    return proposal


def _remarks(scored: Sequence[Any], places: int, unscored: int) -> list[str]:
    found = []
    if len(scored) < places:
        text = ngettext(
            "Only %(n)d application was scored.", "Only %(n)d applications were scored.",
            len(scored),
        )  # fmt: skip
        found.append(text % {"n": len(scored)})
    if unscored:
        text = ngettext(
            "%(n)d application was scored by nobody and stays undecided.",
            "%(n)d applications were scored by nobody and stay undecided.",
            unscored,
        )
        found.append(text % {"n": unscored})
    if 0 < places < len(scored):
        border = round(scored[places - 1].mean, 2)
        same = [row for row in scored if round(row.mean, 2) == border]
        if round(scored[places].mean, 2) == border:
            text = _(
                "%(n)d applications share the score of %(score).1f at the border. Who applied "
                "first comes first."
            )
            found.append(text % {"n": len(same), "score": border})
    return found


def chosen(*, cohort: Cohort, keys: Sequence[str], act: str, by: User) -> Proposal:
    """The same answer for those ticked. Who was decided meanwhile is left out, and named."""
    if act not in ACTS:
        raise DomainError(_("Choose an answer."))
    rows = list(queries.applicants(cohort, by).filter(key__in=keys[:MOST]).exclude(person=by))
    target = {"accept": S.ACCEPTED, "waitlist": S.WAITLISTED, "decline": S.DECLINED}[act]
    open_ = [row for row in rows if target in enrollments.MOVES[row.state]
             and row.state in scoring.UNDECIDED]  # fmt: skip
    left_out = [row.person.full_name for row in rows if row not in open_]
    remarks = []
    if left_out:
        text = ngettext(
            "Left out, because the answer would change nothing: %(names)s.",
            "Left out, because the answer would change nothing: %(names)s.",
            len(left_out),
        )
        remarks.append(text % {"names": ", ".join(left_out)})
    return Proposal({act: open_}, remarks)


@transaction.atomic
def decide(*, cohort: Cohort, answers: Mapping[str, Sequence[str]], by: User) -> int:
    """Answer applications, by their keys: all or none. Each applicant gets her mail."""
    wanted = {key: act for act, keys in answers.items() for key in keys}
    if not wanted:
        raise DomainError(_("Nobody is chosen."))
    if len(wanted) > MOST or not set(wanted.values()) <= set(SERVICES):
        raise DomainError(_("There is no such answer."))
    rows = list(
        Enrollment.objects.select_for_update(of=("self",))
        .filter(cohort=cohort, key__in=wanted)
        .exclude(person=by)
        .select_related("person", "cohort")
        .order_by("pk")
    )
    moved = [row.person.full_name for row in rows if row.state not in scoring.UNDECIDED]
    if moved or len(rows) < len(wanted):
        names = ", ".join(moved) or _("somebody")
        raise DomainError(
            _("Nothing was decided: meanwhile %(names)s was answered or has left. Look again.")
            % {"names": names}
        )
    for row in rows:
        SERVICES[wanted[row.key]](enrollment=row, by=by)
    audit.record(
        by=by,
        action="applications.decided",
        subject=cohort,
        cohort=cohort,
        enrollments=[row.pk for row in rows],
    )
    return len(rows)
