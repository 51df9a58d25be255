"""The phases of a program, and in which of them a day lies."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from programs.spec.document import ProgramSpec

# Where a program names no phases: the first six weeks, the last third of the year, and between.
# Gulf Medical University's study names the three phases and gives no lengths; these are ours.
FIRST_WEEKS: Final = 6
SELF_DIRECTED_FROM: Final = 2 / 3
USUAL: Final[dict[str, str | Promise]] = {
    "ice-breaking": _("Getting to know each other"),
    "structured": _("Working on something together"),
    "self-directed": _("The student leads"),
}


def phases_of(spec: "ProgramSpec") -> dict[str, str]:
    """The program's phases, slug and title; the usual three of one that names none."""
    named: dict[str, str | Promise] = {phase.slug: phase.title for phase in spec.phases}
    return {slug: str(title) for slug, title in (named or USUAL).items()}


def any_phase_on(spec: "ProgramSpec", *, started: date, day: date, ends: date) -> str:
    """The phase of that day, a usual one of a program that names none; empty if it is unknown."""
    return phase_on(spec, started, day) if spec.phases else usual_phase(started, day, ends)


def usual_phase(started: date, day: date, ends: date) -> str:
    """The phase of a program that names none."""
    if day < started + timedelta(weeks=FIRST_WEEKS):
        return "ice-breaking"
    length = max(1, (ends - started).days)
    return "self-directed" if (day - started).days >= length * SELF_DIRECTED_FROM else "structured"


def phase_on(spec: "ProgramSpec", started: date, day: date) -> str:
    """The program's own phase on that day, counted from the start; empty where it cannot be told.

    A phase without a length ends when those concerned say so, not on a date.
    """
    begins = started
    for phase in spec.phases:
        weeks = phase.weeks and (phase.weeks.max or phase.weeks.min)
        if not weeks:
            return phase.slug if begins == started and len(spec.phases) == 1 else ""
        begins += timedelta(weeks=weeks)
        if day < begins:
            return phase.slug
    return spec.phases[-1].slug if spec.phases else ""
