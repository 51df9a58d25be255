"""Reminders are derived at each tick: none lost, none doubled, none stale."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from mentoring import clock, outbox
from mentoring.outbox.models import Notification
from sessions import reminders
from sessions.models import Meeting
from sessions.services import booking, moving, records
from tests.factories import meeting, pair
from tests.sessions.conftest import NINE, NOW, publish

HOUR = timedelta(hours=1)
# Monday, 14:00 in Budapest, so that no mail meets anybody's quiet hours.
TWO_PM = NINE + 5 * HOUR


def queued():
    rows = Notification.objects.filter(kind__in=KINDS, state="queued")
    return sorted((row.kind, row.recipient_id) for row in rows)


KINDS = ["meeting_tomorrow", "meeting_soon", "meeting_unconfirmed", "proposal_unanswered"]


def tick(at):
    with clock.at(at):
        return reminders.enqueue_due(at)


@pytest.fixture
def booked(two):
    publish(two.mentor, hours=((0, 14, 15), (1, 14, 15)))
    made = booking.book(mentorship=two.mentorship, starts_at=TWO_PM, by=two.student)
    Notification.objects.all().delete()
    return made


def both(two, kind):
    return sorted([(kind, two.student.pk), (kind, two.mentor.pk)])


def test_both_are_reminded_a_day_and_two_hours_before(two, booked):
    assert tick(TWO_PM - 25 * HOUR) == 0
    assert tick(TWO_PM - 24 * HOUR) == 2
    assert queued() == both(two, "meeting_tomorrow")
    assert tick(TWO_PM - 2 * HOUR) == 2
    assert queued() == sorted(both(two, "meeting_tomorrow") + both(two, "meeting_soon"))


def test_a_second_tick_adds_nothing(two, booked):
    assert [tick(TWO_PM - 24 * HOUR + n * HOUR) for n in range(6)] == [2, 0, 0, 0, 0, 0]


def test_an_outage_is_caught_up_with_as_long_as_it_makes_sense(two, booked):
    assert tick(TWO_PM - 4 * HOUR) == 2
    assert queued() == both(two, "meeting_tomorrow")
    Notification.objects.all().delete()
    # Nothing speaks of a day ahead any more when it is three hours; "soon" comes then.
    assert tick(TWO_PM - HOUR) == 2
    assert queued() == both(two, "meeting_soon")
    Notification.objects.all().delete()
    assert tick(TWO_PM + HOUR / 2) == 0


def test_who_has_just_booked_needs_no_reminder_of_it(two):
    publish(two.mentor, hours=((0, 14, 15),), notice_hours=0)
    with clock.at(TWO_PM - 20 * HOUR):
        booking.book(mentorship=two.mentorship, starts_at=TWO_PM, by=two.student)

    assert tick(TWO_PM - 19 * HOUR) == 0
    assert tick(TWO_PM - HOUR) == 2


def test_a_moved_meeting_loses_its_reminders_and_gets_new_ones(two, booked):
    other = pair()
    beside = meeting(other, TWO_PM, booked_at=NOW)
    tick(TWO_PM - 24 * HOUR)
    with clock.at(TWO_PM - 23 * HOUR):
        moving.move(
            meeting=booked, starts_at=TWO_PM + 4 * 24 * HOUR, by=two.mentor, reason="clinical"
        )

    left = Notification.objects.filter(kind="meeting_tomorrow", state="queued")
    assert {note.context["meeting"] for note in left} == {beside.pk}
    assert tick(TWO_PM + 3 * 24 * HOUR) == 4  # the moved one, and whether the other took place
    assert (
        Notification.objects.filter(
            dedupe_key__startswith=f"meeting_tomorrow:{booked.pk}:1:"
        ).count()
        == 2
    )


def test_a_cancelled_meeting_reminds_nobody(two, booked):
    tick(TWO_PM - 24 * HOUR)
    with clock.at(TWO_PM - 23 * HOUR):
        booking.cancel(meeting=booked, by=two.student, reason="personal")

    assert queued() == []
    assert tick(TWO_PM - HOUR) == 0
    assert tick(TWO_PM + 3 * HOUR) == 0


def test_after_the_hour_both_are_asked_until_one_says(two, booked):
    assert tick(booked.ends_at + HOUR / 2) == 0
    assert tick(booked.ends_at + HOUR) == 2
    assert queued() == both(two, "meeting_unconfirmed")
    with clock.at(booked.ends_at + 2 * HOUR):
        records.record(meeting=booked, outcome="held", by=two.student)
    assert queued() == []
    assert tick(booked.ends_at + 3 * HOUR) == 0


def test_an_old_meeting_is_not_asked_about_any_more(two, booked):
    assert tick(booked.ends_at + timedelta(days=15)) == 0


def test_an_open_proposal_is_recalled_after_two_days(two):
    booking.propose(
        mentorship=two.mentorship,
        starts_at=NOW + timedelta(days=6),
        ends_at=NOW + timedelta(days=6, hours=1),
        by=two.student,
    )

    assert tick(NOW + timedelta(days=1)) == 0
    assert tick(NOW + timedelta(days=2)) == 1
    assert queued() == [("proposal_unanswered", two.mentor.pk)]
    assert tick(NOW + timedelta(days=7)) == 0


def test_the_text_is_written_at_sending_never_tomorrow_when_it_is_today(two, booked):
    tick(TWO_PM - 24 * HOUR)
    # The mails are held up until the day of the meeting.
    with clock.at(TWO_PM - 5 * HOUR):
        outbox.deliver_due()

    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        assert sent.subject == "Reminder: you meet today, 14:00–15:00 (Budapest)"
        assert "tomorrow" not in sent.body


def test_each_reads_the_time_in_the_zone_that_counts(two, booked):
    """In person the venue's clock; by video each reader's own."""
    two.student.time_zone = "America/New_York"
    two.student.save()
    Meeting.objects.update(mode="video", video_link="https://video.example.edu/r")
    two.mentor.time_zone = "Europe/Budapest"
    two.mentor.save()
    tick(TWO_PM - 24 * HOUR)
    with clock.at(TWO_PM - 23 * HOUR):
        outbox.deliver_due()

    subjects = {sent.to[0].split("<")[-1].rstrip(">"): sent.subject for sent in mail.outbox}
    assert subjects == {
        two.student.email: "Reminder: you meet tomorrow, 08:00–09:00",
        two.mentor.email: "Reminder: you meet tomorrow, 14:00–15:00",
    }


def test_a_tick_costs_the_same_for_one_meeting_and_for_thirty(
    two, booked, django_assert_num_queries
):
    at = TWO_PM - 24 * HOUR
    tick(at)
    with clock.at(at), django_assert_num_queries(4):
        reminders.enqueue_due(at)
    for n in range(30):
        meeting(pair(two.cohort), TWO_PM - n * timedelta(minutes=1), booked_at=NOW)
    tick(at)
    with clock.at(at), django_assert_num_queries(4):
        reminders.enqueue_due(at)
    assert datetime(2021, 9, 13, 12, tzinfo=UTC) == TWO_PM
