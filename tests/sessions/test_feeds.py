"""The private feed: times and nothing else, until it is taken back."""

import re

from icalendar import Calendar

from sessions.models import CalendarFeed
from sessions.services import booking, feeds
from tests.sessions.conftest import NINE


def test_the_feed_shows_busy_times_and_nothing_else(two, client):
    meeting = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    token = feeds.open_feed(by=two.student)
    response = client.get(f"/calendar/{token}.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("dtstart") == NINE
    said = response.content.decode()
    for private in (two.mentor.full_name, two.mentor.email, "Room 3", meeting.key, "entoring:"):
        assert private not in said


def test_cancelled_and_merely_proposed_meetings_are_not_in_it(two):
    meeting = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    booking.cancel(meeting=meeting, by=two.student, reason="personal")
    booking.propose(
        mentorship=two.mentorship,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        by=two.student,
    )
    assert Calendar.from_ical(feeds.content(two.student)).walk("VEVENT") == []


def test_a_revoked_and_a_replaced_address_are_dead_at_once(two, client):
    first = feeds.open_feed(by=two.student)
    second = feeds.open_feed(by=two.student)
    assert client.get(f"/calendar/{first}.ics").status_code == 404
    assert client.get(f"/calendar/{second}.ics").status_code == 200
    feeds.revoke(by=two.student)
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    assert not feeds.revoke(by=two.student)


def test_somebody_who_left_has_no_feed_any_more(two, client):
    token = feeds.open_feed(by=two.student)
    two.student.is_active = False
    two.student.save()
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_the_address_is_shown_once_and_only_its_digest_is_kept(two, as_user, client):
    her = as_user(two.student)
    shown = her.post("/calendar/", {"act": "open"}).content.decode()
    (path,) = set(re.findall(r"http://localhost:\d+(/calendar/[^\"]+\.ics)", shown))

    assert client.get(path).status_code == 200
    token = path.split("/")[-1].removesuffix(".ics")
    assert token not in her.get("/calendar/").content.decode()
    assert token not in str(CalendarFeed.objects.values().get())
    her.post("/calendar/", {"act": "revoke"})
    assert client.get(path).status_code == 404
