"""Facts for monitoring: right, and a fixed number of queries per cohort."""

from datetime import timedelta

import pytest

from mentoring import clock
from sessions import queries
from sessions.models import Meeting, Side
from sessions.services import booking, contacts, messages
from tests.factories import meeting, pair
from tests.sessions.conftest import NINE, NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def write(two, by, at):
    with clock.at(at):
        messages.write(mentorship=two.mentorship, text="x", by=by)


def waiting(two, side=Side.MENTOR):
    return queries.first_unanswered(two.cohort, side).get(two.mentorship.pk)


def test_last_held_counts_and_misses(two):
    meeting(two.mentorship, NOW - 5 * DAY, state="held")
    latest = meeting(two.mentorship, NOW - 3 * DAY, state="held")
    meeting(two.mentorship, NOW - 2 * DAY, state="missed")
    meeting(two.mentorship, NOW - DAY, state="missed", missed_by="both")
    meeting(two.mentorship, NOW + DAY)
    meeting(two.mentorship, NOW - 4 * DAY, state="cancelled", booked_at=NOW - 9 * DAY)
    # A proposal that was declined was never booked.
    meeting(two.mentorship, NOW - 6 * DAY, state="cancelled")
    key = two.mentorship.pk

    assert queries.last_held(two.cohort) == {key: latest.starts_at}
    assert queries.held_counts(two.cohort) == {key: 2}
    assert queries.held_counts(two.cohort, since=NOW - 4 * DAY) == {key: 1}
    assert queries.next_booked(two.cohort) == {key: NOW + DAY}
    assert queries.misses(two.cohort, Side.STUDENT) == {key: queries.Misses(2, 1)}
    assert queries.misses(two.cohort, Side.MENTOR) == {key: queries.Misses(1, 0)}


def test_a_group_that_met_without_her_is_no_meeting_of_hers(group):
    held = meeting(group.mentorship, NOW - 3 * DAY, state="held")
    held.participants.filter(person=group.other).update(attendance="absent")

    met = queries.last_held_by_student(group.cohort)
    assert met == {group.mentorship.student.pk: NOW - 3 * DAY}


def test_the_last_contact_is_a_meeting_or_a_noted_exchange(two):
    meeting(two.mentorship, NOW - 3 * DAY, state="held")
    contacts.note(mentorship=two.mentorship, channel="phone", by=two.student, at=NOW - DAY)

    assert queries.last_contact(two.cohort) == {two.mentorship.pk: NOW - DAY}


def test_a_students_message_waits_until_the_mentor_gives_a_sign_of_life(two):
    assert waiting(two) is None
    write(two, two.student, NOW)
    write(two, two.student, NOW + DAY)
    assert waiting(two) == NOW
    assert waiting(two, Side.STUDENT) is None

    write(two, two.mentor, NOW + 2 * DAY)
    assert waiting(two) is None
    assert waiting(two, Side.STUDENT) == NOW + 2 * DAY


@pytest.mark.parametrize("sign", ["contact", "proposal", "held", "moved"])
def test_other_signs_of_life_answer_too(two, sign):
    booked = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    write(two, two.student, NOW + HOUR)
    assert waiting(two) == NOW + HOUR
    with clock.at(NOW + 2 * HOUR):
        if sign == "contact":
            contacts.note(mentorship=two.mentorship, channel="phone", by=two.mentor)
        elif sign == "proposal":
            booking.propose(
                mentorship=two.mentorship, starts_at=NINE + DAY, ends_at=NINE + DAY + HOUR,
                by=two.mentor,
            )  # fmt: skip
        elif sign == "held":
            meeting(two.mentorship, NOW + HOUR, state="held", ends_at=NOW + 2 * HOUR)
        else:
            booking.move(meeting=booked, starts_at=NINE + DAY, by=two.mentor, reason="clinical")
    assert waiting(two) is None


def test_what_the_student_does_alone_is_no_answer_of_the_mentor(two):
    booked = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    write(two, two.student, NOW + HOUR)
    with clock.at(NOW + 2 * HOUR):
        booking.move(meeting=booked, starts_at=NINE + HOUR, by=two.student, reason="clinical")
        contacts.note(mentorship=two.mentorship, channel="phone", by=two.student)

    assert waiting(two) == NOW + HOUR


def test_an_open_proposal_waits_whatever_else_was_said(two):
    booking.propose(mentorship=two.mentorship, starts_at=NINE, ends_at=NINE + HOUR, by=two.student)
    write(two, two.mentor, NOW + HOUR)
    assert waiting(two) == NOW

    with clock.at(NOW + 2 * HOUR):
        booking.decline(meeting=Meeting.objects.get(), by=two.mentor)
    assert waiting(two) is None


def test_an_ended_mentorship_waits_for_nobody(two):
    write(two, two.student, NOW)
    two.mentorship.state, two.mentorship.ended_at = "dissolved", NOW
    two.mentorship.save()

    assert waiting(two) is None


FACTS = {
    "last_held": 1,
    "last_held_by_student": 1,
    "held_counts": 1,
    "next_booked": 1,
    "last_contact": 2,
    "first_unanswered": 9,
}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_does_not_grow(two, rows, django_assert_num_queries):
    for n in range(rows):
        other = pair(two.cohort)
        meeting(other, NOW - (n + 2) * HOUR, state="held")
        with clock.at(NOW + n * HOUR):
            messages.write(mentorship=other, text="x", by=other.student.person)
    for name, number in FACTS.items():
        with django_assert_num_queries(number):
            assert len(getattr(queries, name)(two.cohort)) in {0, rows}
    with django_assert_num_queries(1):
        queries.misses(two.cohort, Side.MENTOR)
