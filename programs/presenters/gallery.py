"""The programs of the gallery: cards, rows of a table, and the order they stand in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.safestring import SafeString

from programs.calendar import Calendar, Period
from programs.pictures import Plan, structure_picture, year_picture
from programs.pictures.plan import Stretch
from programs.pictures.structure import assumed
from programs.pictures.words import marked
from programs.presenters import facets
from programs.presenters.documents import rhythm_words, runs
from programs.spec import ProgramSpec, Span, catalog

Key = Callable[[ProgramSpec], Any]


def _middle(found: Span | None) -> float | None:
    if found is None:
        return None
    ends = [end for end in (found.min, found.max) if end is not None]
    return sum(ends) / len(ends)


def _length(spec: ProgramSpec) -> float:
    # A degree is longer than a number of years; as long as each pair wants says the least.
    return {"fixed": spec.years, "degree": 20.0, "per_pair": 30.0}[spec.duration.kind]


SORTS: Final[dict[str, Key]] = {
    "title": lambda spec: spec.title.casefold(),
    "school": lambda spec: spec.school.casefold(),
    "students": lambda spec: _middle(spec.students_per_mentorship()),
    "mentors": lambda spec: _middle(spec.mentors_per_mentorship()),
    "length": _length,
    "meetings": lambda spec: spec.meetings_per_year()[0] or spec.meetings_per_year()[1],
    "since": lambda spec: spec.since,
}


def ordered(specs: list[ProgramSpec], sort: str) -> list[ProgramSpec]:
    """By one of ``SORTS``, with ``-`` downward; what is not stated stands last either way."""
    key = SORTS[sort.removeprefix("-")]
    by_title = sorted(specs, key=SORTS["title"])
    stated = [spec for spec in by_title if key(spec) is not None]
    unstated = [spec for spec in by_title if key(spec) is None]
    return sorted(stated, key=key, reverse=sort.startswith("-")) + unstated


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a cohort: a part of its calendar."""

    calendar: Calendar
    starts: date
    ends: date

    def week(self, day: date) -> int:
        """The week a day falls into, the first being 1."""
        return (day - self.starts).days // 7 + 1


def pictures_of(spec: ProgramSpec, year: Year | None = None) -> dict[str, SafeString]:
    """Structure and year for the page of one program; the template's year unless one is given."""
    return {
        "structure": structure_picture(spec, large=True),
        "year": year_picture(spec, None if year is None else plan_of(year)),
    }


def plan_of(year: Year) -> Plan:
    """The dates of a year in weeks; pauses shorter than half a week are none."""
    weeks = year.week(year.ends)
    half = timedelta(days=3)
    terms = [(term, term.starts, term.ends) for term in year.calendar.terms]
    pauses = [(p, p.starts + half, p.ends - half) for p in year.calendar.pauses]
    return Plan(
        weeks,
        tuple(_stretches(year, weeks, terms)),
        tuple(_stretches(year, weeks, pauses)),
    )


def _stretches(
    year: Year, weeks: int, periods: Iterable[tuple[Period, date, date]]
) -> Iterator[Stretch]:
    for period, starts, ends in periods:
        first, last = max(year.week(starts), 1), min(year.week(ends), weeks)
        if first <= last:
            yield Stretch(first, last, period.name, period.class_year)


def is_own(spec: ProgramSpec) -> bool:
    """Whether it is the school's, and does not come with the product."""
    return spec.slug not in catalog.shipped()


def card(spec: ProgramSpec) -> dict[str, Any]:
    """A program at a glance."""
    return {
        "spec": spec,
        "own": is_own(spec),
        "picture": structure_picture(spec),
        "rhythm": rhythm_words(spec),
        "length": facets.duration_words(spec),
        "enrollment": facets.enrollment_words(spec),
    }


def _marked(spec: ProgramSpec, number: Span | None, *roles: str) -> str:
    """So many of these roles in a group, marked where the number of one of them is our choice."""
    seats = [
        f"shapes.{shape.slug}.seats.{seat.role}.count"
        for shape in spec.shapes
        for seat in shape.seats
        if seat.role in roles and seat.count is not None
    ]
    return marked("" if number is None else str(number), assumed(spec, *seats))


def row(spec: ProgramSpec) -> dict[str, Any]:
    """A program as a line of the table."""
    students, mentors = spec.students_per_mentorship(), spec.mentors_per_mentorship()
    least, most = spec.meetings_per_year()
    known = least is not None or most is not None
    return {
        "spec": spec,
        "own": is_own(spec),
        "models": [facets.MODELS[name] for name in facets.MODELS if name in facets.models_of(spec)],
        "students": _marked(spec, students, "student"),
        "mentors": _marked(spec, mentors, *spec.mentoring_roles),
        "years": runs(spec.class_years("student")),
        "length": facets.duration_words(spec),
        "meetings": str(Span(min=least, max=most)) if known else "",
        "enrollment": facets.enrollment_words(spec),
    }
