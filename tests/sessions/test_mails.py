"""What the mails say and carry."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from mentoring import clock, links, outbox
from mentoring.outbox.models import Notification
from sessions.models import Meeting
from sessions.services import booking, messages, moving, records
from tests.sessions.conftest import NINE, NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def deliver(two):
    def now_(at=NOW):
        mail.outbox.clear()
        with clock.at(at):
            outbox.deliver_due()
        return list(mail.outbox)

    return now_


def to(sent, person):
    return next(one for one in sent if person.email in one.to[0])


def entry(sent):
    (content,) = [
        part.content for part in sent.alternatives if part.mimetype.startswith("text/calendar")
    ]
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def book(two):
    return booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)


def test_an_invitation_a_move_and_a_cancellation_are_one_entry_of_the_calendar(two, deliver):
    meeting = book(two)
    booked = entry(to(deliver(), two.student))
    moving.move(meeting=meeting, starts_at=NINE + HOUR, by=two.student, reason="clinical")
    moved = entry(to(deliver(), two.student))
    booking.cancel(meeting=meeting, by=two.mentor, reason="personal")
    cancelled = entry(to(deliver(), two.student))

    assert [str(c["method"]) for c, _e in (booked, moved, cancelled)] == [
        "REQUEST",
        "REQUEST",
        "CANCEL",
    ]
    assert len({str(e["uid"]) for _c, e in (booked, moved, cancelled)}) == 1
    assert [e["sequence"] for _c, e in (booked, moved, cancelled)] == [0, 1, 2]
    assert booked[1].decoded("dtstart") == NINE
    assert moved[1].decoded("dtstart") == NINE + HOUR
    assert cancelled[1]["status"] == "CANCELLED"


def test_who_leaves_a_groups_meeting_loses_the_entry_and_gets_it_back_by_coming(group, deliver):
    meeting = book(group)
    booking.accept(meeting=meeting, by=group.other)
    deliver()
    with clock.at(NOW + HOUR):
        booking.decline(meeting=meeting, by=group.other)
    (gone,) = deliver(NOW + HOUR)
    with clock.at(NOW + 2 * HOUR):
        booking.accept(meeting=meeting, by=group.other)
    (back,) = deliver(NOW + 2 * HOUR)

    assert [str(entry(sent)[0]["method"]) for sent in (gone, back)] == ["CANCEL", "REQUEST"]
    assert {group.other.email in sent.to[0] for sent in (gone, back)} == {True}


def test_a_change_before_the_first_mail_went_out_sends_only_the_last_word(two, deliver):
    meeting = book(two)
    moving.move(meeting=meeting, starts_at=NINE + HOUR, by=two.student, reason="clinical")
    sent = deliver()

    assert len(sent) == 2
    assert all(one.subject.startswith("Moved to") for one in sent)


def test_the_mail_the_page_and_the_entry_tell_the_same_time(two, deliver, as_user):
    two.student.time_zone = "America/New_York"
    two.student.save()
    meeting = book(two)
    sent = to(deliver(NOW + 4 * HOUR), two.student)  # it is morning there now
    _calendar, event = entry(sent)
    page = as_user(two.student).get(f"/meetings/{meeting.key}/").content.decode()

    said = "Monday, 13 September 2021, 09:00–10:00 (Budapest)"
    assert said in sent.body
    assert said in page
    assert event["dtstart"].params["TZID"] == "Europe/Budapest"


def test_after_the_meeting_one_button_in_the_mail_records_it(two, deliver, client):
    from sessions import reminders

    meeting = book(two)
    deliver()
    later = NINE + 3 * HOUR
    with clock.at(later):
        reminders.enqueue_due(later)
    sent = to(deliver(later), two.mentor)
    (address,) = re.findall(r"Say how it was: (\S+)", sent.body)
    path = "/" + address.split("/", 3)[3]

    with clock.at(later):
        page = client.get(path)
        meeting.refresh_from_db()
        assert (page.status_code, meeting.state) == (200, "booked")
        assert "Did this meeting take place?" in page.content.decode()
        client.post(path, {"choice": "held"})
        meeting.refresh_from_db()
    assert (meeting.state, meeting.recorded_side) == ("held", "mentor")


def test_a_proposal_is_answered_from_the_mail(two, deliver):
    meeting = booking.propose(
        mentorship=two.mentorship, starts_at=NINE, ends_at=NINE + HOUR, by=two.student
    )
    assert deliver()[0].subject.startswith(f"{two.student.full_name} proposes")

    action = links.get("meeting.answer")
    said = action.act(user=two.mentor, subject=meeting.key, choice="accept")
    meeting.refresh_from_db()
    assert meeting.state == "booked"
    assert "Booked" in str(said)


def test_a_link_for_a_meeting_works_for_its_people_only(two):
    meeting = book(two)
    from mentoring.errors import DomainError
    from tests.factories import UserFactory

    with clock.at(NINE + HOUR), pytest.raises(DomainError, match="does not exist"):
        links.get("meeting.record").act(user=UserFactory(), subject=meeting.key, choice="held")


def test_a_mail_about_a_message_never_says_what_it_says(two, deliver):
    messages.write(mentorship=two.mentorship, text="The secret of the pharaohs", by=two.student)
    (sent,) = deliver()

    everything = sent.subject + sent.body + "".join(str(a.content) for a in sent.alternatives)
    assert "pharaohs" not in everything
    assert sent.subject == f"New message from {two.student.full_name}"


def test_every_kind_of_mail_can_be_written(two, deliver):
    """Each template renders with the facts its kind gives it."""
    from sessions.services import change_requests, concerns
    from tests.factories import EnrollmentFactory

    coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    for urgent in (True, False):
        concern = concerns.raise_concern(
            cohort=two.cohort, recipient=coordinator, text="x", urgent=urgent, by=two.student
        )
    concerns.acknowledge(concern=concern, by=coordinator)
    wish = change_requests.ask(mentorship=two.mentorship, by=two.student)
    deliver()
    change_requests.decide(request=wish, grant=True, by=coordinator)
    declined = booking.propose(
        mentorship=two.mentorship, starts_at=NINE, ends_at=NINE + HOUR, by=two.student
    )
    booking.decline(meeting=declined, by=two.mentor)
    missed = book(two)
    with clock.at(NINE + 2 * HOUR):
        records.record(meeting=missed, outcome="mentor", by=two.student)
    deliver(NINE + 2 * HOUR)

    settled = Notification.objects.values_list("kind", "state").distinct()
    assert {kind for kind, state in settled if state == "sent"} == {
        "concern_urgent",
        "concern_raised",
        "concern_acknowledged",
        "change_requested",
        "change_decided",
        "meeting_declined",
        "meeting_missed",
    }
    assert not [kind for kind, state in settled if state in {"failed", "queued"}]
    assert Meeting.objects.count() == 2


def test_the_meetings_of_many_mails_are_read_together(two, deliver):
    first = book(two)
    for days in range(1, 4):
        at = first.starts_at + timedelta(days=7 * days)
        booking.propose(mentorship=two.mentorship, starts_at=at, ends_at=at + HOUR, by=two.student)
    with CaptureQueriesContext(connection) as captured:
        sent = deliver()
    table = Meeting._meta.db_table
    assert len(sent) == 5
    assert len([one for one in captured if f'FROM "{table}"' in one["sql"]]) == 1
