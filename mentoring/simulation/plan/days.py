"""The days on which a mentorship may be in touch and meet, so that outcomes come out exact."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from mentoring.simulation.plan.calendar import DAY, Calendar, Span, needed
from mentoring.simulation.plan.casting import Part
from mentoring.simulation.plan.script import Kind

# A booking needs a day's notice, and the last meeting is recorded before the curtain falls.
LEAD = timedelta(days=2)
# A month must keep this many days on which people may meet, or it is not thinned out further.
ROOM = 10


@dataclass(frozen=True)
class Days:
    """Weeks to be in touch in, and stretches in which to meet (each with its usable days)."""

    touch_weeks: tuple[int, ...]
    stretches: tuple[tuple[date, ...], ...]


def lay_out(part: Part, calendar: Calendar, rng: Random) -> Days:
    """The weeks and stretches of one mentorship."""
    if part.kind is Kind.NEVER:
        return Days((), ())
    stop = _stop(part, calendar, rng)
    quiet = _quiet_weeks(part, calendar, rng)
    stretches = _stretches(_spans(part, calendar, rng), part, calendar, quiet, stop)
    if not stretches:
        # Everyone but those who never do meets once, if a day is left that breaks no promise.
        spare = calendar.whole_months[: needed(len(calendar.whole_months)) - 1]
        stretches = _stretches([*calendar.edges, *spare], part, calendar, quiet, stop)[:1]
    if part.kind is Kind.SILENT:
        early = stretches[: max(1, len(stretches) // 3)]
        return Days((), tuple(rng.sample(early, min(1, len(early)))))
    weeks = [week for week in calendar.open_weeks if week not in quiet]
    if not part.weekly:
        weeks = [week for week in weeks if calendar.week(week).last <= stop]
        weeks = sorted(rng.sample(weeks, int(len(weeks) * rng.uniform(0.2, 0.6))))
    return Days(tuple(weeks), tuple(stretches))


def _stretches(
    spans: list[Span], part: Part, calendar: Calendar, quiet: frozenset[int], stop: date
) -> list[tuple[date, ...]]:
    found = (_usable(span, part, calendar, quiet, stop) for span in spans)
    return [days for days in found if days]


def _stop(part: Part, calendar: Calendar, rng: Random) -> date:
    """The last day of a mentorship that fades."""
    if part.kind is not Kind.FADING:
        return calendar.last
    latest = max(2, int(calendar.weeks * 0.75))
    return min(calendar.week(rng.randint(2, latest)).last, calendar.last)


def _quiet_weeks(part: Part, calendar: Calendar, rng: Random) -> frozenset[int]:
    """Weeks without any contact: few enough for "every week", or one more than that allows."""
    weeks = list(calendar.open_weeks)
    spare = len(weeks) - needed(len(weeks))
    if part.weekly:
        return frozenset(rng.sample(weeks, rng.randint(0, spare)))
    rng.shuffle(weeks)
    quiet: list[int] = []
    refused: list[int] = []
    for week in weeks:
        if len(quiet) > spare:
            break
        (quiet if _leaves_room(calendar, {*quiet, week}) else refused).append(week)
    short = max(0, spare + 1 - len(quiet))
    return frozenset([*quiet, *refused[:short]])


def _leaves_room(calendar: Calendar, quiet: set[int]) -> bool:
    return all(
        sum(
            day not in calendar.paused_days and calendar.week_of(day) not in quiet
            for day in month.days()
        )
        >= ROOM
        for month in calendar.whole_months
    )


def _spans(part: Part, calendar: Calendar, rng: Random) -> list[Span]:
    """The months in which to meet: nearly all, or too few of them; and the ragged ends."""
    months = list(calendar.whole_months)
    enough = needed(len(months))
    if part.monthly:
        chosen = rng.sample(months, rng.randint(enough, len(months)))
    elif months:
        most = enough - 1
        chosen = rng.sample(months, rng.randint(min(most, (most + 1) // 2), most))
    else:
        chosen = []
    edges = [span for span in calendar.edges if rng.random() < 0.75]
    if not chosen and not edges:
        edges = list(calendar.edges[:1])
    return sorted([*chosen, *edges], key=lambda span: span.first)


def _usable(
    span: Span, part: Part, calendar: Calendar, quiet: frozenset[int], stop: date
) -> tuple[date, ...]:
    """Days of the span on which a meeting may lie; in a pause only when nothing else is left."""
    possible = [
        day
        for day in span.days()
        if calendar.start + LEAD <= day <= min(stop, calendar.last - 2 * DAY)
        and (part.weekly or calendar.week_of(day) not in quiet)
    ]
    present = [
        day for day in possible if not (part.away and part.away.first <= day <= part.away.last)
    ]
    working = [day for day in present if day not in calendar.paused_days]
    # A promised month outlives an absence or a pause: people then meet without an appointment.
    return tuple(working or present or (possible if part.monthly else ()))
