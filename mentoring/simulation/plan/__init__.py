"""The script of a play, computed before it begins: pure, without Django.

From behavior, seed, calendar and the groups that matching made follows what each mentorship will
do, so that the outcomes the behavior promises come out exact, whatever the seed.
"""

from collections.abc import Sequence

from mentoring.simulation.behavior import Behavior
from mentoring.simulation.plan.calendar import Calendar, Span
from mentoring.simulation.plan.casting import Part, cast
from mentoring.simulation.plan.days import lay_out
from mentoring.simulation.plan.exchanges import requests, touches
from mentoring.simulation.plan.meetings import goals
from mentoring.simulation.plan.script import Goal, Group, Kind, Plan, Request, Script, Touch, Try
from mentoring.simulation.plan.shares import stream

__all__ = [
    "Calendar",
    "Goal",
    "Group",
    "Kind",
    "Plan",
    "Request",
    "Script",
    "Span",
    "Touch",
    "Try",
    "make",
]


def make(*, behavior: Behavior, calendar: Calendar, groups: Sequence[Group], seed: int) -> Plan:
    """The plan. The order of ``groups`` matters, the order of anything else does not."""
    parts, absences = cast(behavior, calendar, groups, seed)
    scripts = [_script(part, behavior, calendar, seed, number) for number, part in enumerate(parts)]
    return Plan(tuple(scripts), absences, (behavior.training, behavior.supervision))


def _script(part: Part, behavior: Behavior, calendar: Calendar, seed: int, number: int) -> Script:
    days = lay_out(part, calendar, stream(seed, "days", number))
    return Script(
        group=part.group,
        kind=part.kind,
        weekly=part.weekly,
        monthly=part.monthly,
        answers=part.reply_days is not None,
        goals=goals(part, days.stretches, calendar, behavior, stream(seed, "meetings", number)),
        touches=touches(days.touch_weeks, calendar, stream(seed, "touches", number)),
        requests=requests(
            part, days.touch_weeks, days.stretches, calendar, stream(seed, "requests", number)
        ),
    )
