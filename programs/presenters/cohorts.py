"""Where a cohort stands, for its pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring import clock
from programs.models import Cohort, CohortState
from programs.services.cohorts import LIFECYCLE, MOVES
from programs.years.plan import goes_on, year_name


def steps(cohort: Cohort) -> list[dict[str, Any]]:
    """Where a cohort stands on its life."""
    here = LIFECYCLE.index(CohortState(cohort.state))
    return [
        {
            "title": state.label,
            "state": "done" if index < here else "current" if index == here else "todo",
        }
        for index, state in enumerate(LIFECYCLE)
    ]


# From how many days before its end a year's successor is worth a thought.
AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NextYear:
    """What the pages say of the year after the one at hand."""

    now: str
    ends: date
    is_near: bool
    is_over: bool
    set_up: bool


def next_year(cohort: Cohort) -> NextYear | None:
    """Where the change of years stands; ``None`` where there is none."""
    if cohort.state != CohortState.RUNNING or not goes_on(cohort.planned_spec):
        return None
    today, edition = clock.today(cohort.zone), cohort.planned
    return NextYear(
        now=year_name(edition.starts, edition.ends),
        ends=edition.ends,
        is_near=today >= edition.ends - AHEAD,
        is_over=today > edition.ends,
        set_up=edition.starts > today,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A button that moves a cohort."""

    to: str
    label: str
    question: str
    forward: bool
    # Whether it is the next thing to do: not while something necessary is missing.
    due: bool = True


QUESTIONS = {
    CohortState.RECRUITING: gettext_lazy("Start recruiting? You can then open applications."),
    CohortState.MATCHING: gettext_lazy("Go on to matching? People can still be added later."),
    CohortState.RUNNING: gettext_lazy("Start the cohort? Usually publishing a matching does it."),
    CohortState.CLOSING: gettext_lazy(
        "Close the cohort? Everybody who takes part has completed it and gets a mail with thanks; "
        "mentorships end, and meetings still to come are cancelled. It takes nobody new."
    ),
    CohortState.ARCHIVED: gettext_lazy("Archive the cohort? It can be read, not changed."),
}


def _back(cohort: Cohort) -> str:
    if cohort.state == CohortState.CLOSING:
        return _(
            "Open the cohort again? Whoever completed it by its closing takes part again, in the "
            "same mentorships. Cancelled meetings stay cancelled."
        )
    return _("Take the cohort a step back?")


def _too_early(missing: int) -> str:
    return ngettext(
        "%(n)d thing is still to do before people can be matched: see the list below. Go on all "
        "the same?",
        "%(n)d things are still to do before people can be matched: see the list below. Go on all "
        "the same?",
        missing,
    ) % {"n": missing}


def next_steps(cohort: Cohort, missing: int = 0) -> list[Step]:
    """Where the cohort may go from here, forward first.

    ``missing``: how many necessary things are to be done before matching.
    """
    here = LIFECYCLE.index(CohortState(cohort.state))
    found = []
    for state in MOVES[cohort.state]:
        forward = LIFECYCLE.index(state) > here
        label = _("Go on to: %(state)s") if forward else _("Back to: %(state)s")
        question = QUESTIONS.get(state) if forward else _back(cohort)
        early = forward and state == CohortState.MATCHING and missing > 0
        if early:
            question = _too_early(missing)
        text = label % {"state": state.label}
        found.append(Step(state.value, text, str(question), forward, due=not early))
    return found
