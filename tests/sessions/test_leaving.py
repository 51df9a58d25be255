"""Who has left a group keeps what she was part of, and has no say in the rest."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from matching.services import mentorships
from mentoring import clock, links
from mentoring.errors import DomainError
from mentoring.outbox import Suppress
from mentoring.outbox.delivery.compose import compose
from mentoring.outbox.models import Notification
from sessions.models import Contact, Meeting
from sessions.services import booking, contacts, messages, moving, records
from tests.factories import EnrollmentFactory, meeting, member
from tests.sessions.conftest import NINE, NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def left(group):
    """The group after its second student left it; ``.coming`` was booked before she did."""
    coming = booking.book(mentorship=group.mentorship, starts_at=NINE, by=group.student)
    booking.accept(meeting=coming, by=group.other)
    seat = group.mentorship.memberships.get(person=group.other)
    with clock.at(NOW + HOUR):
        mentorships.end(mentorship=group.mentorship, reason="time", by=None, person=seat.enrollment)
    coming.refresh_from_db()
    with clock.at(NOW + 2 * HOUR):
        yield SimpleNamespace(**vars(group), coming=coming)


def test_the_meeting_goes_on_without_her(left):
    assert left.coming.state == Meeting.State.BOOKED
    assert not left.coming.participants.get(person=left.other).holds


@pytest.mark.parametrize(
    "act",
    [
        lambda m, who: booking.cancel(meeting=m, by=who, reason="personal"),
        lambda m, who: booking.accept(meeting=m, by=who),
        lambda m, who: booking.decline(meeting=m, by=who),
        lambda m, who: moving.move(meeting=m, starts_at=NINE + HOUR, by=who, reason="personal"),
    ],
)
def test_she_changes_nothing_about_what_is_to_come(left, act):
    with pytest.raises(DomainError, match="not part of this meeting"):
        act(left.coming, left.other)
    left.coming.refresh_from_db()
    assert left.coming.state == Meeting.State.BOOKED


def test_she_does_not_say_what_became_of_it(left):
    with clock.at(NINE + 2 * HOUR), pytest.raises(DomainError, match="not part of this meeting"):
        records.record(meeting=left.coming, outcome="mentor", by=left.other)


def test_its_page_and_the_buttons_of_old_mails_are_closed(left, as_user, client):
    her = as_user(left.other)
    for page in ("", "move/", "cancel/"):
        assert her.get(f"/meetings/{left.coming.key}/{page}").status_code == 404
    assert left.coming.key not in her.get("/meetings/").content.decode()
    url = links.make(purpose="meeting.answer", user=left.other, subject=left.coming.key, max_age=30)
    answer = client.post(url, {"choice": "accept"})
    assert "does not exist any more" in answer.content.decode()
    assert not left.coming.participants.get(person=left.other).holds


def test_what_she_was_part_of_stays_hers(group, as_user):
    past = meeting(group.mentorship, NOW - 2 * DAY, state="booked")
    seat = group.mentorship.memberships.get(person=group.other)
    mentorships.end(mentorship=group.mentorship, reason="time", by=None, person=seat.enrollment)
    assert as_user(group.other).get(f"/meetings/{past.key}/").status_code == 200
    recorded = records.record(meeting=past, outcome="held", by=group.other)
    assert recorded.state == Meeting.State.HELD


def test_the_mentorships_page_stops_at_her_last_day(left, as_user):
    enrollment = EnrollmentFactory(cohort=left.cohort)
    newcomer = member(left.mentorship, enrollment, started_at=NOW + 2 * HOUR)
    contacts.note(mentorship=left.mentorship, channel="phone", by=left.student)
    page = as_user(left.other).get(f"/mentorships/{left.mentorship.key}/")
    assert newcomer.person.full_name not in page.content.decode()
    assert Contact.objects.count() == 1
    assert list(page.context["contacts"]) == []


def test_no_message_is_announced_to_her(left):
    messages.write(mentorship=left.mentorship, text="See you", by=left.student)
    note = Notification.objects.filter(kind="new_message").get()
    assert note.recipient == left.mentor
    note.recipient = left.other
    assert compose(note) == Suppress("not a member any more")


def test_who_joins_is_not_told_of_what_was_written_before(two):
    messages.write(mentorship=two.mentorship, text="Old", by=two.mentor)
    with clock.at(NOW + DAY):
        newcomer = member(
            two.mentorship, EnrollmentFactory(cohort=two.cohort), started_at=NOW + DAY
        )
    with clock.at(NOW + 2 * DAY):
        messages.write(mentorship=two.mentorship, text="New", by=two.student)
        note = Notification.objects.get(kind="new_message", recipient=newcomer.person)
        assert (
            f"by {two.student.full_name}" in " ".join(compose(note).body.split())
            or two.student.full_name in compose(note).subject
        )
        assert two.mentor.full_name not in compose(note).body


def test_who_has_joined_is_asked_to_what_is_booked_already(two):
    coming = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    student = EnrollmentFactory(cohort=two.cohort)
    seat = member(two.mentorship, student)
    booking.ask_along(membership=seat, by=None)
    coming.refresh_from_db()
    own = coming.participants.get(person=student.person)
    assert (own.holds, own.answer, coming.kind) == (False, "open", "group")
    assert Notification.objects.filter(kind="meeting_invited", recipient=student.person).exists()
    booking.accept(meeting=coming, by=student.person)
    assert coming.participants.get(person=student.person).holds


def test_a_group_of_people_who_never_agreed_does_not_keep_the_mentors_hour(group):
    coming = booking.book(mentorship=group.mentorship, starts_at=NINE, by=group.student)
    seat = group.mentorship.memberships.get(person=group.student)
    mentorships.end(mentorship=group.mentorship, reason="time", by=None, person=seat.enrollment)
    coming.refresh_from_db()
    assert coming.state == Meeting.State.CANCELLED


@pytest.mark.parametrize("kind", ["meeting_tomorrow", "meeting_soon"])
def test_who_said_no_is_not_reminded(group, kind):
    coming = booking.book(mentorship=group.mentorship, starts_at=NINE, by=group.student)
    booking.accept(meeting=coming, by=group.other)
    coming.refresh_from_db()
    note = Notification(
        kind=kind, recipient=group.other,
        context={"meeting": coming.pk, "sequence": coming.sequence},
    )  # fmt: skip
    assert not isinstance(compose(note), Suppress)
    booking.decline(meeting=coming, by=group.other)
    assert compose(note) == Suppress("does not come")


def test_a_meeting_under_way_can_still_be_recorded_after_the_end(two):
    running = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    with clock.at(NINE + timedelta(minutes=10)):
        mentorships.end(mentorship=two.mentorship, reason="time", by=None)
        recorded = records.record(meeting=running, outcome="held", by=two.mentor)
    assert recorded.state == Meeting.State.HELD


def test_nothing_is_booked_in_a_cohort_that_is_over(two):
    two.cohort.state = "archived"
    two.cohort.save()
    with pytest.raises(DomainError, match="has ended"):
        booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)


def test_the_same_form_sent_twice_is_one_message_and_one_proposal(two, as_user):
    her = as_user(two.student)
    form = {"text": "Hello", "key": "bcdfghjkmnpq"}
    for _ in range(2):
        her.post(f"/mentorships/{two.mentorship.key}/messages/write/", form)
    assert two.mentorship.messages.count() == 1
    proposal = {
        "day": "2021-09-14", "starts": "10:00", "minutes": "45", "mode": "phone",
        "key": "qpnmkjhgfdcb",
    }  # fmt: skip
    for _ in range(2):
        her.post(f"/mentorships/{two.mentorship.key}/propose/", proposal)
    assert two.mentorship.meetings.count() == 1
