"""Which days count: pauses, absences, weekends and the ends of an edition. Pure; no database."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6

Period = tuple[date, date]  # first and last day


@dataclass(frozen=True, slots=True)
class Presence:
    """What keeps one person away: her class year's pauses, and her declared absences."""

    class_year: int | None = None
    absences: tuple[Period, ...] = ()


# Nothing keeps her away; a side that has such a person never rests.
HERE = Presence()


@dataclass(frozen=True, slots=True)
class Unit:
    """Those a rule speaks of. It rests while all of one side are away."""

    students: frozenset[Presence] = frozenset()
    mentors: frozenset[Presence] = frozenset()


EVERYONE = Unit()


@dataclass(frozen=True, slots=True)
class DayCount:
    """Counts the days that are not paused, up to any day, for one unit."""

    running: tuple[date, ...]
    working: tuple[date, ...]

    def days(self, after: date, until: date) -> int:
        """Days that count in the period (after, until]."""
        return _between(self.running, after, until)

    def working_days(self, after: date, until: date) -> int:
        """The same without weekends."""
        return _between(self.working, after, until)

    def rests_on(self, day: date) -> bool:
        """Whether rules and nudges rest on this day."""
        return _between(self.running, day - DAY, day) == 0


def _between(days: tuple[date, ...], after: date, until: date) -> int:
    return max(0, bisect_right(days, until) - bisect_right(days, after))


@dataclass
class Calendar:
    """The calendar of one cohort, in its own time zone.

    Days outside every edition are paused; so are public holidays and the days of ``pauses``, for
    everyone or for one class year. Days are local dates, so daylight saving moves no threshold.
    """

    zone: ZoneInfo
    editions: tuple[Period, ...]
    pauses: tuple[tuple[date, date, int | None], ...] = ()
    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    _counts: dict[Unit, DayCount] = field(default_factory=dict, repr=False)
    _years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self._years = frozenset(year for _, _, year in self.pauses if year is not None)

    def day(self, instant: datetime) -> date:
        """The date of an instant where the cohort is."""
        return instant.astimezone(self.zone).date()

    def count(self, unit: Unit = EVERYONE) -> DayCount:
        """The days that count for these people."""
        known = self._counts.get(unit)
        if known is None:
            plain = Unit(self._known(unit.students), self._known(unit.mentors))
            known = self._counts[unit] = self._counts.get(plain) or self._build(plain)
            self._counts[plain] = known
        return known

    def _known(self, people: frozenset[Presence]) -> frozenset[Presence]:
        """Forget what keeps nobody away: most units then share one count."""
        plain = frozenset(
            Presence(
                person.class_year if person.class_year in self._years else None, person.absences
            )
            for person in people
        )
        return frozenset() if HERE in plain else plain

    def _build(self, unit: Unit) -> DayCount:
        running = self._open_days() if unit == EVERYONE else self.count().running
        sides = [side for side in (unit.students, unit.mentors) if side]
        days = tuple(
            day
            for day in running
            if not any(all(self._away(person, day) for person in side) for side in sides)
        )
        return DayCount(days, tuple(day for day in days if day.weekday() not in self.weekend))

    def _open_days(self) -> tuple[date, ...]:
        days = {
            starts + DAY * number
            for starts, ends in self.editions
            for number in range((ends - starts).days + 1)
        }
        for starts, ends, year in self.pauses:
            if year is None:
                days -= {starts + DAY * number for number in range((ends - starts).days + 1)}
        return tuple(sorted(days - self.holidays))

    def _away(self, person: Presence, day: date) -> bool:
        return any(starts <= day <= ends for starts, ends in person.absences) or any(
            year == person.class_year and starts <= day <= ends
            for starts, ends, year in self.pauses
            if year is not None
        )
