"""The surveys that a program's evaluation plan asks for, each with its moment. Derived, not stored.

The end of a year is asked about six weeks before it is over: exams come after, and the figures are
there for the year's report. A field phase lasts three weeks, with reminders after one and two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from evaluation.surveys.instruments import FORMS, NEEDS, newest, questionnaire
from evaluation.surveys.models import SurveySide
from mentoring.accounts.permissions import MENTOR_ROLES, STAFF_ROLES, Role
from programs.calendar import Calendar
from programs.models import Cohort, Edition
from programs.queries import calendar_of
from programs.spec.support import Evaluation

FIELD = timedelta(days=21)
# Early enough for what was said to change the program.
AHEAD = timedelta(days=42)
BEFORE_END = timedelta(days=42)
# Before people read their mail; quiet hours hold the letters back until they do.
HOUR = time(6)
# What can be asked without an instrument of its own.
WITHOUT = {"before", "middle", "term_end", "year_end", "end", "after_end"}
_LONGEST_PAUSE = 60
_WEEK = 7
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Planned:
    """One survey to be: when, to which side, with what."""

    occurrence: str
    slug: str
    title: str
    side: str
    instruments: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime
    leaves_out_unmet: bool = False
    # Opens before the cohort runs, while people are being recruited.
    before: bool = False


def planned(cohort: Cohort) -> list[Planned]:
    """The plan's surveys of the current edition, in the order of their moments."""
    edition = cohort.edition
    calendar = calendar_of(cohort)
    found = [
        one
        for part in edition.version.spec.evaluation
        if part.method == "survey" and _can_be_asked(part)
        for one in _of_part(part, cohort, edition, calendar)
    ]
    return sorted(found, key=lambda one: (one.opens_at, one.slug))


def _can_be_asked(part: Evaluation) -> bool:
    if not part.instruments:
        return part.moment in WITHOUT
    return any(slug in newest() or slug in FORMS for slug in part.instruments)


def sides(part: Evaluation) -> list[SurveySide]:
    """The sides among a plan's audience; staff are asked before a program begins."""
    roles = set(part.audience)
    found = [SurveySide.STUDENT] if Role.STUDENT in roles else []
    found += [SurveySide.MENTOR] if roles & MENTOR_ROLES else []
    staff = part.moment == "before" and bool(roles & STAFF_ROLES)
    return [*found, SurveySide.STAFF] if staff else found


def _of_part(
    part: Evaluation, cohort: Cohort, edition: Edition, calendar: Calendar
) -> Iterator[Planned]:
    for number, day in _days(part, edition, calendar):
        opens = datetime.combine(day, HOUR, tzinfo=cohort.zone)
        suffix = f"-{number}" if number else ""
        year = f"-{edition.number}" if edition.number > 1 else ""
        for side in sides(part):
            yield Planned(
                occurrence=f"plan:{edition.number}:{part.slug}:{number}:{side}",
                slug=f"{part.slug}{suffix}-{side}{year}",
                title=part.title,
                side=side,
                instruments=tuple(questionnaire(_asked(part), side)),
                opens_at=opens,
                closes_at=opens + FIELD,
                leaves_out_unmet="never_met" in part.leaves_out,
                before=part.moment == "before",
            )


def _asked(part: Evaluation) -> tuple[str, ...]:
    return part.instruments or ((NEEDS,) if part.moment == "before" else ())


def _days(part: Evaluation, edition: Edition, calendar: Calendar) -> Iterator[tuple[int, date]]:
    """The days on which it opens, numbered where there are several."""
    first, last = edition.starts, edition.ends
    months = part.months_after.min if part.months_after else None
    if part.moment == "before":
        yield 0, first - AHEAD
    elif part.moment == "start":
        yield 0, first
    elif part.moment == "middle":
        into = timedelta(days=round(months * 30.44)) if months else (last - first) / 2
        yield 0, _open_day(first + into, calendar)
    elif part.moment == "term_end":
        for number, term in enumerate(calendar.terms, start=1):
            if term.starts >= first and term.ends <= last:
                yield number, max(term.starts, term.ends - FIELD)
    elif part.moment in {"year_end", "end"}:
        yield 0, _open_day(max(first, last - BEFORE_END), calendar, within=_WEEK)
    elif part.moment == "after_end":
        yield 0, last + timedelta(days=round((months or 1) * 30.44))


def _open_day(day: date, calendar: Calendar, *, within: int = _LONGEST_PAUSE) -> date:
    """That day, or the first working day after the weekend or pause it falls into."""
    for ahead in range(within):
        found = day + timedelta(days=ahead)
        if found.weekday() < _SATURDAY and calendar.pause_on(found) is None:
            return found
    return day
