"""Contact between meetings, and messages with or without an answer."""

from datetime import date, timedelta
from random import Random

from mentoring.simulation.plan.calendar import DAY, Calendar
from mentoring.simulation.plan.casting import Part
from mentoring.simulation.plan.script import Channel, Kind, Request, Touch

CHANNELS: tuple[Channel, ...] = ("message", "message", "message", "phone", "video", "in_person")
WEEKS_BETWEEN_MESSAGES = 9


def touches(weeks: tuple[int, ...], calendar: Calendar, rng: Random) -> tuple[Touch, ...]:
    """One tap in each of the weeks."""
    return tuple(
        Touch(
            calendar.at(_day_in(week, calendar, rng), rng.uniform(9, 21)),
            "student" if rng.random() < 0.5 else "mentor",
            rng.choice(CHANNELS),
        )
        for week in weeks
    )


def requests(
    part: Part,
    weeks: tuple[int, ...],
    stretches: tuple[tuple[date, ...], ...],
    calendar: Calendar,
    rng: Random,
) -> tuple[Request, ...]:
    """Messages of students. Where hardly anybody meets, only those without an answer."""
    if part.reply_days is None:
        days = _unanswered_days(stretches, calendar, rng)
    elif part.kind in (Kind.SILENT, Kind.NEVER):
        return ()
    else:
        number = -(-len(weeks) // WEEKS_BETWEEN_MESSAGES)
        days = [_day_in(week, calendar, rng) for week in rng.sample(weeks, number)]
        days = [day for day in days if not _interrupted(part, day)]
    return tuple(
        Request(
            at=calendar.at(day, rng.uniform(8, 21)),
            student=rng.choice(part.group.students),
            reply_after=_reply(part, rng),
        )
        for day in sorted(days)
    )


def _reply(part: Part, rng: Random) -> timedelta | None:
    if part.reply_days is None:
        return None
    return timedelta(minutes=int(rng.uniform(0.02, part.reply_days) * 24 * 60))


def _unanswered_days(
    stretches: tuple[tuple[date, ...], ...], calendar: Calendar, rng: Random
) -> list[date]:
    """A first message soon (after the one meeting of a silent pair), then one or two more."""
    after = stretches[0][-1] + 2 * DAY if stretches else calendar.start + DAY
    days = [after + DAY * rng.randint(0, 20)]
    days += [days[0] + DAY * rng.randint(4, 60) for _ in range(rng.randint(0, 2))]
    return [day for day in days if day <= calendar.last]


def _interrupted(part: Part, day: date) -> bool:
    """An absence begins before the answer would come, or lasts."""
    return part.away is not None and part.away.first - 5 * DAY <= day <= part.away.last


def _day_in(week: int, calendar: Calendar, rng: Random) -> date:
    # Not on the first day, when the matching is only just published.
    span = calendar.week(week)
    return span.first + DAY * rng.randint(1 if week == 1 else 0, 6)
