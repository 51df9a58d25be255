"""Questions beside an empty page, by phase. They are our own; nobody has to answer any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.spec.phases import USUAL, phase_on, usual_phase
from sessions.models import Side

if TYPE_CHECKING:
    from programs.spec import ProgramSpec

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Prompts:
    """A phase by its title, and questions to begin with."""

    title: Text
    questions: tuple[Text, ...]


MENTOR: dict[str, tuple[Text, ...]] = {
    "ice-breaking": (
        _("What did you learn about the person you met?"),
        _("What seemed easy between you, and where did you hesitate?"),
        _("What would you like to ask next time?"),
    ),
    "structured": (
        _("What did the student want to move forward, and what moved?"),
        _("When did you listen, and when did you give advice?"),
        _("What would you do differently if you had the hour again?"),
    ),
    "self-directed": (
        _("What did the student decide without you?"),
        _("Where was it hard to step back?"),
        _("What do you take from this for your own work?"),
    ),
}
STUDENT: dict[str, tuple[Text, ...]] = {
    "ice-breaking": (
        _("What was it like to meet?"),
        _("What do you hope for from this year?"),
        _("Is there something you did not dare to ask?"),
    ),
    "structured": (
        _("What have you tried since you last met?"),
        _("What helped, and what did not?"),
        _("What is your next small step?"),
    ),
    "self-directed": (
        _("What do you want to decide for yourself now?"),
        _("Whom else could you ask?"),
        _("What have you learnt about how you learn?"),
    ),
}
ANY: tuple[Text, ...] = (
    _("What stays with you from this meeting?"),
    _("What surprised you?"),
    _("What will you do before you meet again?"),
)
OWN_GOAL = _("This phase is about: %(goal)s. Did any of it come up?")


def prompts(spec: "ProgramSpec", side: Side, *, started: date, day: date, ends: date) -> Prompts:
    """Two or three questions for that day, for one side."""
    known = MENTOR if side == Side.MENTOR else STUDENT
    if not spec.phases:
        usual = usual_phase(started, day, ends)
        return Prompts(USUAL[usual], known[usual])
    slug = phase_on(spec, started, day)
    if not slug:
        return Prompts("", ANY)
    phase = spec.phase(slug)
    return Prompts(phase.title, known.get(slug) or _of_goals(phase.goals))


def _of_goals(goals: Sequence[str]) -> tuple[Text, ...]:
    if not goals:
        return ANY
    return (str(OWN_GOAL) % {"goal": ", ".join(goals)}, *ANY[:2])
