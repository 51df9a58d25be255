"""Which pairs really fell silent, and what monitoring made of it.

Counted anew from the play's diary, with nothing of the monitoring code: a period is four weeks,
or twice the time meant to pass between two contacts; silent is who is in touch less than half as
often as she means to meet, two periods in a row. Days on which everything pauses do not count,
nor does one on which a meeting stood booked open anything.
"""

from collections.abc import Iterator
from datetime import date, datetime
from math import ceil, floor
from statistics import median_low
from typing import TYPE_CHECKING, Any

from evaluation.models import Flag
from mentoring.simulation.plan.calendar import Span
from mentoring.simulation.player.diary import Story

if TYPE_CHECKING:
    from mentoring.simulation.figures.detection import Counting

RULE = "gone-silent"


def judge(counting: "Counting") -> dict[str, Any]:
    """The six figures of ``gone_silent``."""
    play = counting.performance
    by_mentorship = counting.flags(RULE)
    found = {"truth": 0, "flagged": 0, "missed": 0, "premature": 0, "false": 0}
    waits: list[int] = []
    yardstick = Yardstick(counting)
    for number, script in enumerate(play.plan.scripts):
        story = play.diary.stories[number]
        away = play.plan.absences.get(script.group.mentors[0])
        flags = by_mentorship.get(play.stage.mentorships[number].pk, [])
        true = yardstick.fell_silent(story, away)
        found["truth"] += true
        found["flagged"] += true and bool(flags)
        found["missed"] += true and not flags
        found["false"] += 0 if true else sum(flag.is_standing for flag in flags)
        found["premature"] += sum(yardstick.too_early(story, away, flag) for flag in flags)
        if true and flags:
            last = [at for at in story.together() if at <= flags[0].opened_at]
            waits.append(counting.days(last[-1], flags[0].opened_at, away) if last else 0)
    return {**found, "median_days": median_low(waits) if waits else None}


class Yardstick:
    """How long a silence has to last, by what the program asks and every pair agreed upon."""

    def __init__(self, counting: "Counting") -> None:
        cohort = counting.performance.stage.cohort
        spec, edition = cohort.spec, cohort.edition
        meeting = spec.meeting_interval_days()
        between = min(spec.contact_interval_days() or meeting, meeting)
        shortest = spec.threshold(RULE, "window", 28)
        share = spec.threshold(RULE, "share", 50) / 100
        third = ((edition.ends - edition.starts).days + 1) / 3
        window = max(shortest, min(2 * between, third))
        self.counting = counting
        self.window = ceil(window)
        self.fewest = max(1, ceil(window / meeting * share - 1e-9))
        self.days = floor(self.window * spec.threshold(RULE, "flag", 2))

    def fell_silent(self, story: Story, away: Span | None) -> bool:
        """Whether there was a day on which the silence had lasted so long, and nothing stood."""
        moments = story.together()
        ended = self.counting.performance.ended
        for since, until in self._stretches(moments, ended, away):
            for day in self._reached(since, until, away):
                if not self._stood(story, day):
                    return True
        return False

    def too_early(self, story: Story, away: Span | None, flag: Flag) -> bool:
        """Opened before its day, while a meeting stood, or where nobody had been in touch."""
        moments = [at for at in story.together() if at <= flag.opened_at]
        if not moments:
            return True
        *_, (since, _until) = self._stretches(moments, flag.opened_at, away)
        days = self.counting.days(since, flag.opened_at, away)
        booked = any(since <= flag.opened_at < until for since, until in story.standing)
        return days < self.days or booked

    def _stretches(
        self, moments: list[datetime], ended: datetime, away: Span | None
    ) -> Iterator[tuple[datetime, datetime]]:
        """From the contacts that last sufficed to those that suffice again, or to the end."""
        since: datetime | None = None
        for index, at in enumerate(moments):
            if since is None:
                since = at
            first = moments[index - self.fewest + 1] if index + 1 >= self.fewest else None
            if first is not None and self.counting.days(first, at, away) < self.window:
                yield since, at
                since = first
        if since is not None:
            yield since, ended

    def _reached(self, since: datetime, until: datetime, away: Span | None) -> Iterator[date]:
        for number, day in enumerate(self.counting.counting_days(since, until, away), 1):
            if number >= self.days and self._morning(day) < until:
                yield day

    def _morning(self, day: date) -> datetime:
        return self.counting.calendar.at(day, 6)

    def _stood(self, story: Story, day: date) -> bool:
        """Whether a meeting stood booked on that morning."""
        morning = self._morning(day)
        return any(since <= morning < until for since, until in story.standing)
