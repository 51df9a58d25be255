"""Calendar files, read back by a parser as a calendar would."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from sessions.ics import Busy, Event, Party, cancel, feed, request

STARTS = datetime(2021, 11, 2, 8, 0, tzinfo=UTC)
EVENT = Event(
    uid="abc123@mentoring.example.edu",
    sequence=2,
    stamped=datetime(2021, 10, 1, 12, tzinfo=UTC),
    starts=STARTS,
    ends=STARTS + timedelta(minutes=45),
    zone=ZoneInfo("Europe/Budapest"),
    summary="Mentoring: Anna Kovács and Bálint Nagy; a long line that has to be folded somewhere",
    description="Bring your questions,\nand the form; see you.",
    location="Üllői út 26, room 3",
    url="https://mentoring.example.edu/meetings/x/",
    organizer=Party("Chiron", "no-reply@mentoring.example.edu"),
    attendees=(
        Party("Anna Kovács", "anna@example.edu"),
        Party("Nagy, Bálint", "balint@example.edu", agreed=False),
    ),
)


def parsed(data):
    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_request_says_what_when_where_and_who():
    calendar, event = parsed(request(EVENT))

    assert calendar["method"] == "REQUEST"
    assert (event["uid"], event["sequence"], event["status"]) == (EVENT.uid, 2, "CONFIRMED")
    assert event["summary"] == EVENT.summary
    assert event["description"] == EVENT.description
    assert event["location"] == EVENT.location
    assert event["organizer"] == "mailto:no-reply@mentoring.example.edu"
    assert [
        (str(who), str(who.params["CN"]), str(who.params["PARTSTAT"])) for who in event["attendee"]
    ] == [
        ("mailto:anna@example.edu", "Anna Kovács", "ACCEPTED"),
        ("mailto:balint@example.edu", "Nagy, Bálint", "NEEDS-ACTION"),
    ]


def test_times_are_local_and_the_zone_comes_with_them():
    calendar, event = parsed(request(EVENT))
    (zone,) = calendar.walk("VTIMEZONE")

    assert event["dtstart"].params["TZID"] == zone["tzid"] == "Europe/Budapest"
    assert event.decoded("dtstart").replace(tzinfo=None) == datetime(2021, 11, 2, 9, 0)  # noqa: DTZ001
    assert event.decoded("dtstart") == STARTS
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=45)


def test_cancelling_takes_the_same_entry_out_again():
    calendar, event = parsed(cancel(EVENT))

    assert calendar["method"] == "CANCEL"
    assert (event["uid"], event["sequence"], event["status"]) == (EVENT.uid, 2, "CANCELLED")
    assert event.decoded("dtstart") == STARTS


def test_lines_are_folded_and_end_as_the_standard_wants():
    data = request(EVENT)

    assert data.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_the_feed_carries_times_and_nothing_else():
    data = feed([Busy("opaque-1", EVENT.stamped, EVENT.starts, EVENT.ends)], label="Busy")
    calendar, event = parsed(data)

    assert calendar["method"] == "PUBLISH"
    assert set(event.keys()) == {
        *{"UID", "DTSTAMP", "DTSTART", "DTEND"},
        *{"SUMMARY", "CLASS", "TRANSP"},
    }
    assert event["summary"] == "Busy"
    assert event.decoded("dtstart") == STARTS
    assert event["dtstart"].to_ical() == b"20211102T080000Z"


def test_an_empty_feed_is_still_a_calendar():
    calendar = Calendar.from_ical(feed([], label="Busy"))

    assert calendar.walk("VEVENT") == []
    assert calendar["prodid"]


@pytest.mark.parametrize("year", [1999, 2021, 2026, 2035])
@pytest.mark.parametrize("month", [1, 7])
def test_the_zone_in_the_file_says_the_right_hour_by_itself(year, month):
    """A calendar that does not know the zone's name reads its rules from the file."""
    starts = datetime(year, month, 20, 8, tzinfo=UTC)
    event = replace(EVENT, starts=starts, ends=starts + timedelta(hours=1))
    calendar, found = parsed(request(event))
    (zone,) = calendar.walk("VTIMEZONE")

    wall = found.decoded("dtstart").replace(tzinfo=None)
    assert wall.replace(tzinfo=zone.to_tz(lookup_tzid=False)).astimezone(UTC) == starts
