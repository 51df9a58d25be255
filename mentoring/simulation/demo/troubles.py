"""What a plan drawn by chance may lack: one pair each for missed meetings and silence. Pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from mentoring.simulation.plan import Calendar, Goal, Kind, Plan, Script, Try

HOUR = 10


def add(made: Plan, calendar: Calendar) -> Plan:
    """The plan with a student who misses meetings, a mentor who lets some fall, and a silence."""
    engaged = [number for number, one in enumerate(made.scripts) if _meets(one, made)]
    spare = sorted(engaged, key=lambda number: _would_miss(made.scripts[number], made))
    changes: dict[int, Callable[[Script, Calendar], Script]] = dict(
        zip(spare, (_student_stays_away, _mentor_lets_down), strict=False)
    )
    fading = (number for number, one in enumerate(made.scripts) if _fades(one, made))
    changes |= dict(zip(fading, (_both_fall_silent,), strict=False))
    scripts = [
        changes[number](script, calendar) if number in changes else script
        for number, script in enumerate(made.scripts)
    ]
    return replace(made, scripts=tuple(scripts))


def _meets(script: Script, made: Plan) -> bool:
    return script.kind is Kind.ENGAGED and script.group.mentors[0] not in made.absences


def _would_miss(script: Script, made: Plan) -> int:
    """How much the demo would lose if this pair did not meet as planned."""
    mine = [one for one in made.scripts if one.group.mentors == script.group.mentors]
    return script.weekly + script.monthly + len(mine)


def _fades(script: Script, made: Plan) -> bool:
    return script.kind is Kind.FADING and script.group.mentors[0] not in made.absences


def _both_fall_silent(script: Script, calendar: Calendar) -> Script:
    return replace(script, goals=(_goal(script, calendar, 2),), touches=(), requests=())


def _student_stays_away(script: Script, calendar: Calendar) -> Script:
    absent = frozenset(script.group.students)
    missed = [_goal(script, calendar, week, held=False, absent=absent) for week in (6, 8, 10, 12)]
    return replace(script, goals=(_goal(script, calendar, 2), *missed))


def _mentor_lets_down(script: Script, calendar: Calendar) -> Script:
    away = _goal(script, calendar, 9, held=False, absent=frozenset(script.group.mentors))
    called_off = _goal(script, calendar, 11, held=False, cancelled_by="mentor")
    again = _goal(script, calendar, 13, held=False, absent=frozenset(script.group.mentors))
    return replace(script, goals=(_goal(script, calendar, 2), away, called_off, again))


def _goal(
    script: Script,
    calendar: Calendar,
    week: int,
    *,
    held: bool = True,
    absent: frozenset[int] = frozenset(),
    cancelled_by: str | None = None,
) -> Goal:
    attempt = Try(
        days=_days(calendar, week),
        held=held,
        absent=absent,
        cancelled_by="mentor" if cancelled_by else None,
        recorder="student" if absent & set(script.group.mentors) else "mentor",
    )
    ask = calendar.at(calendar.week(week - 1).first, HOUR)
    if week == 2:
        ask = calendar.at(calendar.week(1).last, HOUR)
    return Goal(ask=ask, student=script.group.students[0], tries=(attempt,))


def _days(calendar: Calendar, week: int) -> tuple[date, ...]:
    """The week's days that are not paused; in a break people meet all the same."""
    days = tuple(calendar.week(week).days())
    return tuple(day for day in days if day not in calendar.paused_days) or days
