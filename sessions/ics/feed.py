"""A person's private feed: when she is busy, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Event as Component

from sessions.ics.invitations import calendar


@dataclass(frozen=True)
class Busy:
    """One busy time; ``uid`` names it without saying what it is."""

    uid: str
    stamped: datetime
    starts: datetime
    ends: datetime


def feed(busy: Iterable[Busy], *, label: str) -> bytes:
    """A calendar to subscribe to. ``label`` is the one text it carries, the same for each entry."""
    made = calendar(method="PUBLISH")
    for period in busy:
        entry = Component()
        entry.add("uid", period.uid)
        entry.add("dtstamp", period.stamped.astimezone(UTC))
        entry.add("dtstart", period.starts.astimezone(UTC))
        entry.add("dtend", period.ends.astimezone(UTC))
        entry.add("summary", label)
        entry.add("class", "PRIVATE")
        entry.add("transp", "OPAQUE")
        made.add_component(entry)
    return bytes(made.to_ical())
