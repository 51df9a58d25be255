"""What a remark is, and what it reckons with."""

from dataclasses import dataclass
from typing import Literal

from programs.spec.document import ProgramSpec

SMALLEST = 5
"""Fewer answers than these are never shown."""


@dataclass(frozen=True)
class Remark:
    """Something impossible or unwise: where, what, and by which source."""

    path: str
    level: Literal["impossible", "unwise"]
    text: str
    source: str = ""


@dataclass(frozen=True)
class Plan:
    """The people a school expects, where it has said so."""

    students: int | None = None
    mentors: int | None = None


def open_weeks(spec: ProgramSpec, first: int, last: int) -> int:
    """Weeks of a stretch in which meetings are expected of everyone."""
    paused = {
        week
        for pause in spec.year.pauses
        if pause.class_year is None
        for week in range(pause.weeks.first, pause.weeks.last + 1)
    }
    return sum(week not in paused for week in range(first, last + 1))


def weeks_in(spec: ProgramSpec, unit: str) -> int:
    """Open weeks of the shortest such stretch of the year."""
    whole = open_weeks(spec, 1, spec.year.weeks)
    if unit == "week":
        return 1
    if unit == "month":
        return 4
    if unit == "term" and spec.year.terms:
        return min(open_weeks(spec, t.weeks.first, t.weeks.last) for t in spec.year.terms)
    if unit == "term":
        return whole // 2
    if unit == "program":
        return max(1, round(whole * spec.years))
    return whole
