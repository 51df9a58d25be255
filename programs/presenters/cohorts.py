"""Where a cohort stands, for its pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import Cohort, CohortState
from programs.services.cohorts import LIFECYCLE, MOVES


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


@dataclass(frozen=True, slots=True)
class Step:
    """A button that moves a cohort."""

    to: str
    label: str
    question: str
    forward: bool


QUESTIONS = {
    CohortState.RECRUITING: gettext_lazy("Start recruiting? You can then open applications."),
    CohortState.MATCHING: gettext_lazy("Go on to matching? People can still be added later."),
    CohortState.RUNNING: gettext_lazy("Start the cohort? Usually publishing a matching does it."),
    CohortState.CLOSING: gettext_lazy("Close the cohort? It takes nobody new from then on."),
    CohortState.ARCHIVED: gettext_lazy("Archive the cohort? It can be read, not changed."),
}


def next_steps(cohort: Cohort) -> list[Step]:
    """Where the cohort may go from here, forward first."""
    here = LIFECYCLE.index(CohortState(cohort.state))
    found = []
    for state in MOVES[cohort.state]:
        forward = LIFECYCLE.index(state) > here
        label = _("Go on to: %(state)s") if forward else _("Back to: %(state)s")
        question = QUESTIONS.get(state) if forward else _("Take the cohort a step back?")
        found.append(Step(state.value, label % {"state": state.label}, str(question), forward))
    return found
