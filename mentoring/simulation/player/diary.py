"""What really happened in the play, noted by the play itself: the truth that detection is held to.

It is written where people act, never read from what the services stored about it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sessions.models import Goal


@dataclass
class Story:
    """One mentorship: when people were together, when they wrote, and what stood booked."""

    began: datetime
    # Person's numbers of the students who were there, by the meeting's beginning.
    held: list[tuple[datetime, frozenset[int]]] = field(default_factory=list)
    # A booked meeting stands from its booking until it is over or called off.
    standing: list[tuple[datetime, datetime]] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    # Everything that shows the mentor to be there.
    alive: list[datetime] = field(default_factory=list)
    # Contacts noted and agreements signed; who wrote when; when they agreed; their goals.
    touched: list[datetime] = field(default_factory=list)
    wrote: list[tuple[datetime, str]] = field(default_factory=list)
    agreed: datetime | None = None
    goals: list[Goal] = field(default_factory=list)

    def waiting_since(self, until: datetime) -> datetime | None:
        """The first request of the student that no sign of the mentor has followed."""
        last = max((at for at in self.alive if at <= until), default=None)
        open_ = [at for at in self.asked if at <= until and (last is None or at > last)]
        return min(open_, default=None)

    def together(self) -> list[datetime]:
        """Every moment in which they were in touch, in order: met, noted, answered, signed."""
        found = [at for at, _ in self.held] + self.touched
        spoke = ""
        for at, side in sorted(self.wrote):
            if spoke and spoke != side:
                found.append(at)
            spoke = side
        return sorted(found)


@dataclass
class Diary:
    """The stories, by the mentorship's place in the play."""

    stories: dict[int, Story] = field(default_factory=dict)
    # Mails that people must have been written: kind, meeting, person.
    expected: set[tuple[str, int, int]] = field(default_factory=set)
    # Things that could not be played as written, by what it was.
    changed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
