"""Which diary entries mentors write: an exact share of those that meetings call for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mentoring.simulation.plan.script import Script
from mentoring.simulation.plan.shares import count, stream

# Half of what decides is the mentor (some write each time, some hardly ever), half the day.
CHARACTER = 0.5


@dataclass(frozen=True, order=True)
class Reflection:
    """One entry that a meeting calls for: mentorship, wish, try and the mentor's number."""

    script: int
    goal: int
    attempt: int
    mentor: int


def called_for(scripts: Sequence[Script]) -> Iterable[Reflection]:
    """One for every mentor at every meeting that will be held."""
    for number, script in enumerate(scripts):
        for turn, goal in enumerate(script.goals):
            for position, attempt in enumerate(goal.tries):
                if attempt.held:
                    for mentor in script.group.mentors:
                        if mentor not in attempt.absent:
                            yield Reflection(number, turn, position, mentor)
                    break


def written(scripts: Sequence[Script], share: float, seed: int) -> dict[Reflection, timedelta]:
    """Those that get written, and how long after the record of the meeting."""
    asked = list(called_for(scripts))
    character = {mentor: stream(seed, "diarist", mentor).random() for mentor in _mentors(asked)}
    rng = stream(seed, "diary")
    will = {
        one: CHARACTER * character[one.mentor] + (1 - CHARACTER) * rng.random() for one in asked
    }
    chosen = sorted(asked, key=lambda one: (-will[one], one))[: count(share, len(asked))]
    return {one: timedelta(minutes=rng.randint(20, 5 * 24 * 60)) for one in sorted(chosen)}


def _mentors(asked: Iterable[Reflection]) -> list[int]:
    return sorted({one.mentor for one in asked})
