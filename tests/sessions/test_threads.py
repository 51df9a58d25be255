"""The thread of a mentorship is its members', for the dates of their membership."""

from datetime import timedelta

import pytest
from django.db import connection

from mentoring import clock
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from sessions import queries
from sessions.models import Message, MessageBody
from sessions.services import messages
from tests.factories import EnrollmentFactory, member, pair
from tests.sessions.conftest import NOW, join

DAY = timedelta(days=1)


def write(two, text, by, at=NOW):
    with clock.at(at):
        return messages.write(mentorship=two.mentorship, text=text, by=by)


def read(two, by, at=NOW):
    with clock.at(at):
        return [entry.text for entry in messages.thread(mentorship=two.mentorship, by=by)]


def test_what_one_writes_the_other_reads(two):
    write(two, "  Hello!  ", two.student)
    write(two, "Hello Anna.", two.mentor, NOW + DAY)

    assert read(two, two.mentor) == ["Hello!", "Hello Anna."]
    (first, second) = messages.thread(mentorship=two.mentorship, by=two.student)
    assert (first.own, second.own, second.author) == (True, False, two.mentor.full_name)


def test_the_text_is_sealed_and_belongs_to_its_place(two):
    one, other = write(two, "Very private words", two.student), write(two, "Others", two.student)

    with connection.cursor() as cursor:
        cursor.execute("select sealed from meetings_messagebody")
        assert all(b"private" not in bytes(row[0]) for row in cursor.fetchall())
    sealed = MessageBody.objects.get(message=other).sealed
    MessageBody.objects.filter(message=one).update(sealed=sealed)
    with pytest.raises(DomainError, match="does not belong"):
        read(two, two.mentor)


def test_a_member_reads_what_was_written_while_she_was_one(two):
    newcomer = EnrollmentFactory(cohort=two.cohort).person
    write(two, "Before she came", two.student, NOW)
    place = member(two.mentorship, newcomer.enrollments.get(), started_at=NOW + DAY)
    write(two, "While she is here", two.student, NOW + 2 * DAY)
    place.ended_at = NOW + 3 * DAY
    place.save()
    write(two, "After she left", two.student, NOW + 4 * DAY)

    assert read(two, newcomer, NOW + 5 * DAY) == ["While she is here"]


def test_nobody_else_reads_or_writes(two):
    outsider = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    write(two, "Hello", two.student)

    assert read(two, outsider) == []
    with pytest.raises(DomainError, match="not part of this mentorship"):
        write(two, "Hello", outsider)


@pytest.mark.parametrize(("text", "problem"), [("  ", "Write something"), ("x" * 5001, "at most")])
def test_empty_and_endless_messages_are_refused(two, text, problem):
    with pytest.raises(DomainError, match=problem):
        write(two, text, two.student)
    assert Message.objects.count() == 0


def test_one_mail_tells_of_all_that_is_unread_and_another_comes_after_reading(two):
    write(two, "One", two.student)
    write(two, "Two", two.student, NOW + DAY)
    mails = Notification.objects.filter(kind="new_message")
    assert [note.recipient_id for note in mails] == [two.mentor.pk]

    read(two, two.mentor, NOW + 2 * DAY)
    write(two, "Three", two.student, NOW + 3 * DAY)
    assert mails.all().count() == 2


def test_unread_messages_are_counted_per_mentorship_in_one_query(two, django_assert_num_queries):
    other = pair()
    join(other, two.mentor, "mentor")
    with clock.at(NOW):
        messages.write(mentorship=other, text="Hello", by=other.student.person)
    write(two, "One", two.student)
    write(two, "Two", two.student, NOW + DAY)
    with django_assert_num_queries(1):
        found = queries.unread(two.mentor)
    assert found == {two.mentorship.pk: 2, other.pk: 1}
    read(two, two.mentor, NOW + 2 * DAY)
    assert queries.unread(two.mentor) == {other.pk: 1}
    assert messages.unread(two.mentorship, two.mentor) == 0


def test_the_page_is_kept_nowhere(two, as_user):
    write(two, "Hello there", two.student)
    response = as_user(two.mentor).get(f"/mentorships/{two.mentorship.key}/messages/")

    assert "no-store" in response["Cache-Control"]
    assert b"Hello there" in response.content
