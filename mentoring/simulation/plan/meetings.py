"""Appointments: who comes, who cancels, and what is tried again."""

from datetime import date, timedelta
from random import Random

from mentoring.simulation.behavior import Behavior
from mentoring.simulation.plan.calendar import DAY, Calendar
from mentoring.simulation.plan.casting import Part
from mentoring.simulation.plan.script import Goal, Side, Try

MOST_TRIES = 3
DAYS_PER_TRY = 5
CANCELS, MOVES, UNBOOKED, TRIES_AGAIN = 0.04, 0.07, 0.08, 0.6


def goals(
    part: Part,
    stretches: tuple[tuple[date, ...], ...],
    calendar: Calendar,
    behavior: Behavior,
    rng: Random,
) -> tuple[Goal, ...]:
    """One wish to meet per stretch; the first, and each promised month, comes true."""
    result = []
    for position, days in enumerate(stretches):
        must = part.monthly or position == 0
        tries = _tries(part, days, must, behavior, rng)
        first = tries[0].days[0]
        day = max(calendar.start, first - DAY * rng.randint(2, 9))
        # On the first day the matching is published at nine.
        ask = calendar.at(day, rng.uniform(11, 20) if day == calendar.start else rng.uniform(8, 21))
        result.append(Goal(ask, rng.choice(part.group.students), tries))
    return tuple(result)


def _tries(
    part: Part, days: tuple[date, ...], must: bool, behavior: Behavior, rng: Random
) -> tuple[Try, ...]:
    number = max(1, min(rng.randint(2, MOST_TRIES), len(days) // DAYS_PER_TRY))
    # Not everybody meets at the beginning of a month.
    days = days[rng.randint(0, max(0, len(days) - number * DAYS_PER_TRY)) :]
    tries: list[Try] = []
    for index in range(number):
        chunk = days[len(days) * index // number : len(days) * (index + 1) // number]
        last = index == number - 1
        drawn = _draw(part, chunk, behavior, rng, hold=must and last)
        tries.append(drawn)
        if drawn.held or (not must and rng.random() > TRIES_AGAIN):
            break
    return tuple(tries)


def _draw(
    part: Part, days: tuple[date, ...], behavior: Behavior, rng: Random, *, hold: bool
) -> Try:
    absent, cancelled_by = _who_fails(part, behavior, rng)
    met = not cancelled_by and _meets(part, absent)
    if hold and not met:
        absent, cancelled_by, met = frozenset(), None, True
    recorder = _recorder(part, absent, rng)
    late = rng.random() < 0.25
    # Most say it on the way out; the others are asked after an hour.
    after = timedelta(minutes=rng.randint(90, 1200) if late else rng.randint(2, 55))
    confirms = part.reply_days is not None and rng.random() < 0.5
    return Try(
        days=days,
        absent=absent,
        held=met,
        cancelled_by=cancelled_by,
        moved_by=_side(rng) if rng.random() < MOVES and part.reply_days is not None else None,
        booked=not (met and rng.random() < UNBOOKED),
        recorder=recorder,
        record_after=after,
        confirm_after=timedelta(minutes=rng.randint(30, 900)) if confirms else None,
    )


def _who_fails(part: Part, behavior: Behavior, rng: Random) -> tuple[frozenset[int], Side | None]:
    absent = {m for m in part.group.mentors if rng.random() >= behavior.attend.mentor}
    absent |= {s for s in part.group.students if rng.random() >= behavior.attend.student}
    if rng.random() >= CANCELS:
        return frozenset(absent), None
    return frozenset(), _side(rng) if part.reply_days is not None else "student"


def _meets(part: Part, absent: frozenset[int]) -> bool:
    """Somebody of each side came."""
    return any(m not in absent for m in part.group.mentors) and any(
        s not in absent for s in part.group.students
    )


def _recorder(part: Part, absent: frozenset[int], rng: Random) -> Side:
    """Mostly the mentor, never one who does not answer; of one who came, if anybody did."""
    mentors_came = any(m not in absent for m in part.group.mentors)
    students_came = any(s not in absent for s in part.group.students)
    prefers: Side = "mentor" if rng.random() < 0.8 else "student"
    if part.reply_days is None or (students_came and not mentors_came):
        return "student"
    return "mentor" if mentors_came and not students_came else prefers


def _side(rng: Random) -> Side:
    return "student" if rng.random() < 0.6 else "mentor"
