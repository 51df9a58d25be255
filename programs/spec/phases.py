"""Where in a program's phases a day lies."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programs.spec.document import ProgramSpec


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
