"""Agreements and goals shaped for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models import Mentorship
from mentoring import clock
from mentoring.accounts.models import User
from sessions import agreements, private
from sessions.agreement_terms import Line, Terms, lines, of, often
from sessions.circle import Circle
from sessions.models import Agreement, AgreementSignature, Goal, GoalProgress, GoalState
from sessions.services import goals as services

Text = str | Promise

STATUS: dict[str, tuple[Text, str, str]] = {
    "none": (gettext_lazy("Not yet"), "quiet", "file-earmark-text"),
    "proposed": (gettext_lazy("Waits for a signature"), "warning", "hourglass-split"),
    "signed": (gettext_lazy("Signed"), "success", "check-circle"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version in words, with who signed it; ``changes`` are the lines that it altered."""

    row: Agreement
    lines: list[Line]
    signatures: list[AgreementSignature]
    first: bool

    @property
    def changes(self) -> list[Line]:
        return [line for line in self.lines if str(line.before)]

    @property
    def by(self) -> str:
        return self.row.proposed_by.full_name if self.row.proposed_by else ""


def versions(rows: Sequence[Agreement], reader: User) -> list[Version]:
    """The versions of a page of history, each beside the one before; few queries for all."""
    before = agreements.former(rows, reader)
    opened = _opened([*rows, *before.values()])
    return [
        _version(row, opened[row.pk], opened[before[row.pk].pk] if row.pk in before else None)
        for row in rows
    ]


def version(row: Agreement, former: Agreement | None, among: QuerySet[Agreement]) -> Version:
    """One version, beside the one that holds meanwhile."""
    found = {one.pk: one for one in among.filter(pk__in=[row.pk, former.pk if former else None])}
    opened = _opened(list(found.values()))
    before = opened.get(former.pk) if former else None
    return _version(found[row.pk], opened[row.pk], before)


def _opened(rows: list[Agreement]) -> dict[int, Terms]:
    texts = private.texts(rows)
    return {row.pk: of(row, texts.get(row.pk, "")) for row in rows}


def _version(row: Agreement, terms: Terms, before: Terms | None) -> Version:
    return Version(row, lines(terms, before), list(row.signatures.all()), before is None)


def frequency(rhythm: str | None, every: int | None) -> Text:
    """How often a signed agreement says they meet; a dash where none is signed."""
    return often(rhythm, every or 0) if rhythm else "–"


def agreement_card(mentorship: Mentorship, members: Circle, reader: User) -> dict[str, Any]:
    """What the mentorship's page says of agreement and goals: none of the pair's words."""
    now = agreements.standing(members)
    held = now.in_force
    live = services.visible(mentorship, reader).filter(state=GoalState.ACTIVE)
    return {
        "agreement": now,
        "agreement_waits": now.waits_for(reader),
        "agreement_often": often(held.rhythm, held.every) if held else "",
        "goals_live": live.count(),
    }


def agreement_for_staff(members: Circle) -> dict[str, Any]:
    """Whether it is signed, and how often they mean to meet; nothing else leaves the pair."""
    now = agreements.standing(members)
    held = now.in_force
    return {
        "agreement_status": STATUS[now.status],
        "agreement_often": often(held.rhythm, held.every) if held else "",
    }


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal with its words."""

    goal: Goal
    title: Text
    reason: str

    @property
    def overdue(self) -> bool:
        goal = self.goal
        return bool(goal.is_live and goal.due_on and goal.due_on < clock.now().date())


def goal_rows(rows: Sequence[Goal]) -> list[GoalRow]:
    """Goals in words; none where their author was erased."""
    said = services.words(list(rows))
    gone = services.Words(title=_("Erased with its author's account"))
    return [
        GoalRow(row, said.get(row.pk, gone).title, said.get(row.pk, gone).reason) for row in rows
    ]


_LOOKS = {
    GoalState.ACTIVE: ("arrow-repeat", "info"),
    GoalState.REACHED: ("check2", "success"),
    GoalState.DROPPED: ("x-circle", "quiet"),
}


def moments(goal: Goal, rows: Sequence[GoalProgress]) -> list[dict[str, Any]]:
    """A goal's life for the time line, newest first."""
    found = [
        {
            "title": f"{row.percent} %"
            if row.state == GoalState.ACTIVE
            else row.get_state_display(),
            "icon": _LOOKS[GoalState(row.state)][0],
            "tone": _LOOKS[GoalState(row.state)][1],
            "at": row.at,
            "text": row.noted_by.full_name if row.noted_by else "",
        }
        for row in rows
    ]
    who = goal.set_by.full_name if goal.set_by else ""
    begun = {
        "title": _("Set"),
        "icon": "flag",
        "tone": "brand",
        "at": goal.created_at,
        "text": who,
    }
    return [*found, begun]
