"""A meeting as a calendar invitation: one UID for its whole life, a higher SEQUENCE each change."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Component

PRODUCT = "-//Chiron mentoring//EN"


@dataclass(frozen=True)
class Party:
    """Somebody named in an invitation; ``agreed`` when she already holds the time."""

    name: str
    email: str
    agreed: bool = True


@dataclass(frozen=True)
class Event:
    """What a calendar is told about a meeting; ``zone`` is the one its times are written in."""

    uid: str
    sequence: int
    stamped: datetime
    starts: datetime
    ends: datetime
    zone: ZoneInfo
    summary: str
    organizer: Party
    attendees: tuple[Party, ...]
    description: str = ""
    location: str = ""
    url: str = ""


def request(event: Event) -> bytes:
    """The file that puts a meeting into a calendar, or moves it there."""
    return _file(event, method="REQUEST", status="CONFIRMED")


def cancel(event: Event) -> bytes:
    """The file that takes the meeting out again."""
    return _file(event, method="CANCEL", status="CANCELLED")


def calendar(*, method: str) -> Calendar:
    """An empty calendar as this project writes them."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    return made


def _file(event: Event, *, method: str, status: str) -> bytes:
    head, end = _frame(method)
    zones = _zones(event.zone, event.starts.year)
    return b"".join((head, zones, _entry(event, method=method, status=status), end))


@lru_cache(maxsize=8)
def _frame(method: str) -> tuple[bytes, bytes]:
    """What stands around the entry."""
    head, mark, end = bytes(calendar(method=method).to_ical()).partition(b"END:VCALENDAR")
    return head, mark + end


@lru_cache(maxsize=256)
def _zones(zone: ZoneInfo, year: int) -> bytes:
    """What the zone's name stands for; the same in every mail, and longer than all the rest.

    The years around the meeting: all changes since 1970 would take longer than the mail's text.
    """
    made, entry = Calendar(), Component()
    entry.add("dtstart", datetime(year, 1, 1, tzinfo=zone))
    made.add_component(entry)
    made.add_missing_timezones(first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    return b"".join(bytes(known.to_ical()) for known in made.timezones)


def _entry(event: Event, *, method: str, status: str) -> bytes:
    entry = Component()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.stamped)
    entry.add("dtstart", event.starts.astimezone(event.zone))
    entry.add("dtend", event.ends.astimezone(event.zone))
    entry.add("summary", event.summary)
    for name, value in (("description", event.description), ("location", event.location)):
        if value:
            entry.add(name, value)
    if event.url:
        entry.add("url", event.url)
    entry.add("status", status)
    entry.add("transp", "TRANSPARENT" if method == "CANCEL" else "OPAQUE")
    entry["organizer"] = _address(event.organizer)
    for attendee in event.attendees:
        entry.add("attendee", _attendee(attendee), encode=False)
    return bytes(entry.to_ical())


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    address.params["CN"] = vText(party.name)
    return address


def _attendee(party: Party) -> vCalAddress:
    address = _address(party)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("ACCEPTED" if party.agreed else "NEEDS-ACTION")
    # Answers are given on the meeting's page, which knows what else they mean.
    address.params["RSVP"] = vText("FALSE")
    return address
