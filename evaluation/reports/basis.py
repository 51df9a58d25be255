"""What every section starts from: the cohort, the closings, and how much may leave a pair."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from evaluation.reports.closings import Closing, closings, counted_to
from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.accounts.visibility import Level
from mentoring.audit.models import Event
from programs.models import Cohort, Edition, Enrollment

STRICTNESS = [Level.OPEN, Level.COUNTS, Level.STRICT]
STUDENT, MENTOR = "student", "mentor"


@dataclass(frozen=True, slots=True)
class Life:
    """An enrollment's states, each from an instant on; the first is the one it began with."""

    pk: int
    side: str
    states: tuple[tuple[datetime, str], ...]

    def was(self, wanted: Iterable[str]) -> list[tuple[datetime, bool]]:
        """When it came to be in one of these states and when no longer, in order."""
        found: list[tuple[datetime, bool]] = []
        states = set(wanted)
        for at, state in self.states:
            if not found or found[-1][1] != (state in states):
                found.append((at, state in states))
        return found


@dataclass(frozen=True)
class Basis:
    """A cohort as of a Sunday."""

    cohort: Cohort
    closings: tuple[Closing, ...]
    editions: tuple[Edition, ...]

    @classmethod
    def of(cls, cohort: Cohort, asked: date | None = None) -> "Basis":
        zone = cohort.zone
        day = counted_to(asked, clock.today(zone))
        first = cohort.created_at.astimezone(zone).date()
        editions = tuple(cohort.editions.select_related("version__program").order_by("number"))
        years = [(edition.starts, edition.ends) for edition in editions]
        return cls(cohort, closings(first, day, zone, years), editions)

    @property
    def day(self) -> date:
        """The Sunday to which everything is counted."""
        return self.closings[-1].day

    @property
    def over(self) -> datetime:
        """The instant after which nothing counts."""
        return self.closings[-1].over

    @property
    def zone(self) -> ZoneInfo:
        return self.cohort.zone

    @property
    def edition(self) -> Edition:
        """The last edition that had begun by that day, else the first."""
        begun = [one for one in self.editions if one.starts <= self.day]
        return (begun or list(self.editions[:1]))[-1]

    @cached_property
    def level(self) -> str:
        """The stricter of what the program says today and what it said on that day."""
        said = {self.cohort.level, self.edition.version.spec.confidentiality.level}
        return max(said, key=lambda level: STRICTNESS.index(Level(level)))

    def local(self, instant: datetime) -> date:
        """The date of an instant where the cohort is."""
        return instant.astimezone(self.zone).date()

    @cached_property
    def lives(self) -> tuple[Life, ...]:
        """Students and mentors with their states as the audit tells them; two queries.

        Audit events are never changed, so that what was so in October is still to be had in
        December, whatever happened since. Rows without events have been so from the beginning.
        """
        moved: dict[int, list[tuple[datetime, str, str]]] = defaultdict(list)
        events = Event.objects.filter(cohort=self.cohort.pk, action="enrollment.moved")
        for pk, at, data in events.order_by("at", "pk").values_list("subject", "at", "data"):
            if pk is not None:
                moved[pk].append((at, data["before"], data["after"]))
        rows = Enrollment.objects.filter(
            cohort=self.cohort, role__in=[Role.STUDENT, *MENTOR_ROLES]
        ).order_by("pk")
        return tuple(
            Life(
                pk,
                STUDENT if role == Role.STUDENT else MENTOR,
                (
                    (created, moved[pk][0][1] if moved[pk] else state),
                    *((at, after) for at, _, after in moved[pk]),
                ),
            )
            for pk, role, state, created in rows.values_list("pk", "role", "state", "created_at")
        )
