"""Book, propose, answer, move, cancel."""

from datetime import timedelta

import pytest

from mentoring import clock
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from sessions.models import Meeting
from sessions.services import booking, moving
from tests.factories import EnrollmentFactory, pair
from tests.sessions.conftest import NINE, NOW, elsewhere_with, join, publish

HOUR = timedelta(hours=1)
State = Meeting.State


def mails(kind=None, state="queued"):
    rows = Notification.objects.filter(state=state)
    return sorted((row.kind, row.recipient_id) for row in rows if kind is None or row.kind == kind)


def book(two, at=NINE, by=None):
    return booking.book(mentorship=two.mentorship, starts_at=at, by=by or two.student)


def propose(two, at=NINE - 3 * HOUR, by=None):
    return booking.propose(
        mentorship=two.mentorship, starts_at=at, ends_at=at + HOUR, by=by or two.student
    )


def test_a_student_books_an_open_slot_and_both_hold_it(two):
    meeting = book(two)

    assert (meeting.state, meeting.starts_at, meeting.ends_at) == (State.BOOKED, NINE, NINE + HOUR)
    assert (meeting.place, meeting.time_zone) == ("Room 3", "Europe/Budapest")
    assert (meeting.sequence, meeting.created_side, meeting.booked_at) == (0, "student", NOW)
    assert {(p.person_id, p.holds, p.answer) for p in meeting.participants.all()} == {
        (two.student.pk, True, "accepted"),
        (two.mentor.pk, True, "accepted"),
    }
    assert mails() == [
        ("meeting_booked", two.student.pk),
        ("meeting_booked", two.mentor.pk),
    ]
    assert Event.objects.filter(action="meeting.booked", actor=two.student.pk).count() == 1


def test_what_is_not_on_offer_cannot_be_booked(two):
    for at in (NINE + timedelta(minutes=30), NINE + timedelta(days=1), NINE - timedelta(days=7)):
        with pytest.raises(DomainError, match="no longer free"):
            book(two, at)
    assert Meeting.objects.count() == 0
    assert mails() == []


def test_a_slot_is_booked_once_stale_pages_included(two):
    second = pair()
    join(second, two.mentor, "mentor")
    book(two)

    with pytest.raises(DomainError, match="no longer free"):
        booking.book(mentorship=second, starts_at=NINE, by=second.student.person, mentor=two.mentor)
    assert Meeting.objects.count() == 1


def test_a_student_cannot_hold_two_mentors_at_once_not_even_for_part_of_an_hour(two):
    elsewhere = elsewhere_with(two.student)
    publish(elsewhere.mentor.person, slot_minutes=90)
    book(two, NINE + HOUR)

    with pytest.raises(DomainError, match="no longer free"):
        booking.book(
            mentorship=elsewhere, starts_at=NINE, by=two.student, mentor=elsewhere.mentor.person
        )


def test_the_database_has_the_last_word(two, monkeypatch):
    """A race that gets past the look at the slots is refused by the constraint, in words."""
    from sessions.slots import Slot

    book(two)
    monkeypatch.setattr(booking, "slot_at", lambda **_: Slot(NINE + HOUR / 2, NINE + 2 * HOUR))
    with pytest.raises(DomainError, match="no longer free"):
        book(two, NINE + HOUR / 2)
    assert Meeting.objects.count() == 1


def test_mentors_propose_and_outsiders_do_nothing(two):
    outsider = EnrollmentFactory(cohort=two.cohort).person

    with pytest.raises(DomainError, match="Students book"):
        book(two, by=two.mentor)
    with pytest.raises(DomainError, match="not part of this mentorship"):
        book(two, by=outsider)


def test_an_ended_mentorship_books_nothing(two):
    two.mentorship.state, two.mentorship.ended_at = "dissolved", NOW
    two.mentorship.save()

    with pytest.raises(DomainError, match="has ended"):
        book(two)


def test_a_proposal_holds_nobody_until_the_other_side_accepts(two):
    meeting = propose(two)

    assert meeting.state == State.PROPOSED
    assert not meeting.participants.filter(holds=True).exists()
    assert mails() == [("meeting_proposed", two.mentor.pk)]

    booking.accept(meeting=meeting, by=two.mentor)

    assert (meeting.state, meeting.sequence) == (State.BOOKED, 1)
    assert meeting.participants.filter(holds=True).count() == 2
    assert mails() == [("meeting_booked", two.student.pk), ("meeting_booked", two.mentor.pk)]


def test_accepting_checks_conflicts_anew(two):
    meeting = propose(two, at=NINE)
    book(two, NINE)

    with pytest.raises(DomainError, match="already has something"):
        booking.accept(meeting=meeting, by=two.mentor)
    meeting.refresh_from_db()
    assert meeting.state == State.PROPOSED
    assert not meeting.participants.filter(holds=True).exists()
    assert meeting.participants.get(person=two.mentor).answer == "open"


def test_accepting_twice_changes_nothing(two):
    meeting = propose(two)
    booking.accept(meeting=meeting, by=two.mentor)
    booking.accept(meeting=meeting, by=two.mentor)

    assert meeting.sequence == 1
    assert len(mails("meeting_booked")) == 2


def test_the_proposer_cannot_accept_for_the_other_side(two):
    meeting = propose(two)
    booking.accept(meeting=meeting, by=two.student)

    assert meeting.state == State.PROPOSED


def test_a_declined_proposal_falls_and_its_author_hears_of_it(two):
    meeting = propose(two)
    booking.decline(meeting=meeting, by=two.mentor)

    assert (meeting.state, meeting.cancelled_by, meeting.booked_at) == ("cancelled", "mentor", None)
    assert mails() == [("meeting_declined", two.student.pk)]
    with pytest.raises(DomainError, match="changed"):
        booking.accept(meeting=meeting, by=two.mentor)


def test_moving_keeps_the_meeting_and_raises_its_sequence(two):
    meeting = book(two)
    Notification.objects.update(state="sent", settled_at=NOW)
    key = meeting.key

    moving.move(meeting=meeting, starts_at=NINE + HOUR, by=two.student, reason="clinical")

    assert (meeting.key, meeting.sequence, meeting.starts_at) == (key, 1, NINE + HOUR)
    assert meeting.reason == "clinical"
    assert {p.starts_at for p in meeting.participants.all()} == {NINE + HOUR}
    assert mails() == [("meeting_moved", two.student.pk), ("meeting_moved", two.mentor.pk)]


def test_a_student_moves_to_open_slots_only_and_may_overlap_the_old_time(two):
    publish(two.mentor, slot_minutes=60, hours=((0, 9, 11),))
    meeting = book(two)
    publish(two.mentor, slot_minutes=90, hours=((0, 9, 12),))

    with pytest.raises(DomainError, match="no longer free"):
        moving.move(
            meeting=meeting, starts_at=NINE + timedelta(days=1), by=two.student, reason="personal"
        )
    moving.move(
        meeting=meeting, starts_at=NINE + timedelta(minutes=90), by=two.student, reason="personal"
    )
    moving.move(meeting=meeting, starts_at=NINE, by=two.student, reason="personal")
    assert meeting.ends_at == NINE + timedelta(minutes=90)


def test_a_mentor_moves_to_any_time_free_for_both(two):
    elsewhere = elsewhere_with(two.student)
    publish(elsewhere.mentor.person, hours=((0, 18, 19),))
    booking.book(
        mentorship=elsewhere,
        starts_at=NINE + 9 * HOUR,
        by=two.student,
        mentor=elsewhere.mentor.person,
    )
    meeting = book(two)

    with pytest.raises(DomainError, match="already has something"):
        moving.move(meeting=meeting, starts_at=NINE + 9 * HOUR, by=two.mentor, reason="other")
    moving.move(meeting=meeting, starts_at=NINE + 12 * HOUR, by=two.mentor, reason="other")
    assert meeting.starts_at == NINE + 12 * HOUR


@pytest.mark.parametrize("act", [moving.move, booking.cancel])
def test_moving_and_cancelling_need_a_reason_and_a_meeting_to_come(two, act):
    meeting = book(two)
    more = {"starts_at": NINE + HOUR} if act is moving.move else {}

    with pytest.raises(DomainError, match="Say why"):
        act(meeting=meeting, by=two.student, reason="", **more)
    with clock.at(NINE), pytest.raises(DomainError, match="has begun"):
        act(meeting=meeting, by=two.student, reason="personal", **more)


def test_cancelling_frees_the_time_and_takes_back_the_meetings_own_mails_only(two):
    meeting, other = book(two), book(two, NINE + HOUR)
    booking.cancel(meeting=meeting, by=two.mentor, reason="clinical")

    assert (meeting.state, meeting.cancelled_by) == ("cancelled", "mentor")
    assert mails("meeting_booked") == [
        ("meeting_booked", two.student.pk),
        ("meeting_booked", two.mentor.pk),
    ]
    queued = Notification.objects.filter(kind="meeting_booked", state="queued")
    assert {note.context["meeting"] for note in queued} == {other.pk}
    assert len(mails("meeting_cancelled")) == 2
    assert book(two).state == State.BOOKED


def test_a_cancelled_meeting_stays_cancelled(two):
    meeting = book(two)
    booking.cancel(meeting=meeting, by=two.student, reason="personal")

    with pytest.raises(DomainError, match="changed"):
        booking.cancel(meeting=meeting, by=two.student, reason="personal")
    with pytest.raises(DomainError, match="changed"):
        moving.move(meeting=meeting, starts_at=NINE + HOUR, by=two.student, reason="personal")


def test_a_group_is_invited_and_only_those_who_agree_hold_the_time(group):
    meeting = book(group)
    seats = {p.person_id: p for p in meeting.participants.all()}

    assert meeting.kind == "group"
    assert not seats[group.other.pk].holds
    assert mails("meeting_invited") == [("meeting_invited", group.other.pk)]

    booking.accept(meeting=meeting, by=group.other)

    assert meeting.participants.get(person=group.other).holds
    assert mails("meeting_booked") == sorted(
        ("meeting_booked", person.pk) for person in (group.student, group.mentor, group.other)
    )


def test_in_a_group_one_refusal_leaves_the_meeting_standing(group):
    meeting = book(group)
    booking.accept(meeting=meeting, by=group.other)
    booking.decline(meeting=meeting, by=group.student)

    assert meeting.state == State.BOOKED
    assert mails("meeting_left") == [("meeting_left", group.student.pk)]
    booking.decline(meeting=meeting, by=group.other)
    assert (meeting.state, meeting.cancelled_by) == (State.CANCELLED, "student")


def test_moving_a_groups_meeting_asks_those_again_for_whom_it_does_not_fit(group):
    meeting = book(group)
    booking.accept(meeting=meeting, by=group.other)
    elsewhere = elsewhere_with(group.other)
    publish(elsewhere.mentor.person, hours=((0, 10, 11),))
    booking.book(
        mentorship=elsewhere,
        starts_at=NINE + HOUR,
        by=group.other,
        mentor=elsewhere.mentor.person,
    )

    moving.move(meeting=meeting, starts_at=NINE + HOUR, by=group.mentor, reason="clinical")

    seats = {p.person_id: (p.holds, p.answer) for p in meeting.participants.all()}
    assert seats[group.student.pk] == (True, "accepted")
    assert seats[group.other.pk] == (False, "open")


def test_when_somebody_leaves_the_meetings_to_come_fall(two):
    meeting, past = book(two), book(two, NINE + HOUR)
    Meeting.objects.filter(pk=past.pk).update(starts_at=NOW - 2 * HOUR, ends_at=NOW - HOUR)
    membership = two.mentorship.memberships.get(person=two.student)

    assert booking.release(membership=membership, by=None) == 1

    meeting.refresh_from_db()
    past.refresh_from_db()
    assert (meeting.state, meeting.cancelled_by) == ("cancelled", "staff")
    assert past.state == State.BOOKED


def test_when_one_of_a_group_leaves_the_others_still_meet(group):
    meeting = book(group)
    booking.accept(meeting=meeting, by=group.other)
    membership = group.mentorship.memberships.get(person=group.other)

    assert booking.release(membership=membership, by=None) == 0
    meeting.refresh_from_db()
    assert meeting.state == State.BOOKED
    assert not meeting.participants.get(person=group.other).holds
