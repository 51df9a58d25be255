"""What monitoring found, held against what really happened.

The truth comes from the play's diary and is counted here anew, with nothing of the monitoring
code: days without paused ones, standing bookings, requests nobody answered.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from statistics import median_low
from typing import Any

import holidays

from evaluation.models import Flag
from mentoring.simulation.figures import silence
from mentoring.simulation.plan.calendar import DAY, Calendar, Span
from mentoring.simulation.player import Performance
from mentoring.simulation.player.diary import Story

NEVER_MET, UNRESPONSIVE = "never-met", "unresponsive-mentor"
MONTH = 30


@dataclass(frozen=True)
class Case:
    """One thing that may have come to pass: a mentorship, or one student of a group."""

    story: Story
    true: bool
    away: Span | None
    flags: tuple[Flag, ...]
    student: int | None = None


def figures(performance: Performance) -> dict[str, Any]:
    """``never_met``, ``unresponsive_mentor`` and ``gone_silent``, as section 9 defines them."""
    counting = Counting(performance)
    return {
        "never_met": counting.judge(counting.never_met(), counting.too_early_to_have_met),
        "unresponsive_mentor": counting.judge(
            counting.unresponsive(), counting.too_early_to_have_waited
        ),
        "gone_silent": silence.judge(counting),
    }


class Counting:
    """Counts one play."""

    def __init__(self, performance: Performance) -> None:
        self.performance = performance
        self.calendar: Calendar = performance.calendar
        spec = performance.stage.cohort.spec
        stretch = max(1.0, spec.meeting_interval_days() / MONTH)
        self.unmet_days = ceil(spec.threshold(NEVER_MET, "flag", 21) * stretch)
        self.silent_days = spec.threshold(UNRESPONSIVE, "flag", 10)
        self.weekend = _weekend(performance.stage.cohort.country)

    # --- What came to pass -----------------------------------------------------------------------

    def never_met(self) -> Iterator[Case]:
        """Mentorships without a meeting, and students whose group met without them."""
        by_mentorship = self.flags(NEVER_MET)
        for number, script in enumerate(self.performance.plan.scripts):
            story = self.performance.diary.stories[number]
            away = self.performance.plan.absences.get(script.group.mentors[0])
            flags = by_mentorship.get(self.performance.stage.mentorships[number].pk, [])
            whole = tuple(flag for flag in flags if flag.subject.startswith("mentorship:"))
            yield Case(story, not story.held, away, whole)
            if len(script.group.students) < 2:
                continue
            for student in script.group.students:
                met = any(student in there for _, there in story.held)
                enrollment = self.performance.stage.enrollments[student].pk
                own = tuple(
                    flag for flag in flags if flag not in whole and flag.enrollment_id == enrollment
                )
                yield Case(story, bool(story.held) and not met, away, own, student)

    def unresponsive(self) -> Iterator[Case]:
        """Mentorships whose student once waited so long, or waits so long at the end."""
        by_mentorship = self.flags(UNRESPONSIVE)
        for number, script in enumerate(self.performance.plan.scripts):
            story = self.performance.diary.stories[number]
            away = self.performance.plan.absences.get(script.group.mentors[0])
            flags = by_mentorship.get(self.performance.stage.mentorships[number].pk, [])
            yield Case(story, self._waited(story, away), away, tuple(flags))

    def _waited(self, story: Story, away: Span | None) -> bool:
        for asked in story.asked:
            answered = min((at for at in story.alive if at > asked), default=None)
            until = answered or self.performance.ended
            if self.working_days(asked, until, away) >= self.silent_days:
                return True
        return False

    def flags(self, rule: str) -> dict[int, list[Flag]]:
        found: dict[int, list[Flag]] = {}
        rows = Flag.objects.filter(rule=rule, mentorship__in=self.performance.stage.mentorships)
        for flag in rows.order_by("opened_at", "pk"):
            if flag.mentorship_id is not None:
                found.setdefault(flag.mentorship_id, []).append(flag)
        return found

    # --- Judging ---------------------------------------------------------------------------------

    def judge(
        self, cases: Iterator[Case], early: "Callable[[Case, Flag], tuple[bool, int]]"
    ) -> dict[str, Any]:
        """The six figures of one detection."""
        truth = flagged = premature = false = 0
        waits: list[int] = []
        for case in cases:
            truth += case.true
            judged = [early(case, flag) for flag in case.flags]
            premature += sum(too_early for too_early, _ in judged)
            if case.true and judged:
                flagged += 1
                waits.append(judged[0][1])
            false += sum(flag.is_standing for flag in case.flags) if not case.true else 0
        return {
            "truth": truth,
            "flagged": flagged,
            "missed": truth - flagged,
            "premature": premature,
            "false": false,
            "median_days": median_low(waits) if waits else None,
        }

    def too_early_to_have_met(self, case: Case, flag: Flag) -> tuple[bool, int]:
        """Before the threshold's day, or while the missing meeting stood booked; and the days."""
        days = self.days(case.story.began, flag.opened_at, case.away)
        booked = any(since <= flag.opened_at < until for since, until in case.story.standing)
        return days < self.unmet_days or booked, days

    def too_early_to_have_waited(self, case: Case, flag: Flag) -> tuple[bool, int]:
        """Before the student had waited so many working days; and the days she had."""
        since = case.story.waiting_since(flag.opened_at)
        if since is None:
            return True, 0
        early = self.working_days(since, flag.opened_at, case.away) < self.silent_days
        return early, self.days(since, flag.opened_at, case.away)

    # --- Counting days ---------------------------------------------------------------------------

    def days(self, since: datetime, until: datetime, away: Span | None) -> int:
        """Whole days after ``since``, without paused ones."""
        return sum(1 for _ in self.counting_days(since, until, away))

    def working_days(self, since: datetime, until: datetime, away: Span | None) -> int:
        """The same without the country's weekend."""
        days = self.counting_days(since, until, away)
        return sum(day.weekday() not in self.weekend for day in days)

    def counting_days(self, since: datetime, until: datetime, away: Span | None) -> Iterator[date]:
        day, last = self.day(since) + DAY, self.day(until)
        while day <= last:
            absent = away is not None and away.first <= day <= away.last
            if day not in self.calendar.paused_days and not absent:
                yield day
            day += DAY

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.calendar.zone).date()


def _weekend(country: str) -> set[int]:
    try:
        return set(holidays.country_holidays(country).weekend)
    except NotImplementedError:
        return {5, 6}
