"""Held or missed, by whose word; and meetings that nobody had booked."""

from datetime import timedelta

import pytest

from matching.services import mentorships
from mentoring import clock
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from sessions.models import Meeting
from sessions.services import booking, records
from tests.factories import EnrollmentFactory, meeting
from tests.sessions.conftest import NINE, NOW, elsewhere_with

HOUR = timedelta(hours=1)
AFTER = NINE + 2 * HOUR


@pytest.fixture
def booked(two):
    return booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)


@pytest.fixture
def later(booked):
    with clock.at(AFTER):
        yield AFTER


def attendance(meeting):
    return {seat.role: seat.attendance for seat in meeting.participants.all()}


def record(meeting, by, outcome="held", **more):
    return records.record(meeting=meeting, outcome=outcome, by=by, **more)


def unplanned(two, **changes):
    given = {
        "mentorship": two.mentorship,
        "starts_at": NOW - 3 * HOUR,
        "minutes": 45,
        "mode": "in_person",
        "by": two.student,
        **changes,
    }
    return records.record_unplanned(**given)


@pytest.mark.parametrize("who", ["student", "mentor"])
def test_either_side_records_that_it_took_place(two, booked, later, who):
    meeting = record(booked, getattr(two, who))

    assert (meeting.state, meeting.recorded_side, meeting.recorded_at) == ("held", who, AFTER)
    assert attendance(meeting) == {"student": "present", "mentor": "present"}


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("student", {"student": "absent", "mentor": "present"}),
        ("mentor", {"student": "present", "mentor": "absent"}),
        ("both", {"student": "absent", "mentor": "absent"}),
    ],
)
def test_a_missed_meeting_says_by_whom_and_the_other_side_hears_of_it(
    two, booked, later, outcome, expected
):
    meeting = record(booked, two.mentor, outcome)

    assert (meeting.state, meeting.missed_by) == ("missed", outcome)
    assert attendance(meeting) == expected
    told = Notification.objects.filter(kind="meeting_missed")
    assert [note.recipient_id for note in told] == [two.student.pk]


def test_attendance_can_be_said_person_by_person(two, booked, later):
    meeting = record(booked, two.mentor, "student", attendance={two.student.pk: "excused"})

    assert attendance(meeting) == {"student": "excused", "mentor": "present"}


def test_what_took_place_had_somebody_of_each_side(two, booked, later):
    with pytest.raises(DomainError, match="had a mentor and a student"):
        record(booked, two.mentor, attendance={two.student.pk: "absent"})
    booked.refresh_from_db()
    assert (booked.state, attendance(booked)["student"]) == ("booked", "unknown")


def test_a_meeting_to_come_is_not_recorded(two, booked):
    with pytest.raises(DomainError, match="still to come"):
        record(booked, two.student)


def test_the_other_side_confirms_by_saying_the_same(two, booked, later):
    record(booked, two.student)
    meeting = record(booked, two.mentor)

    assert (meeting.state, meeting.confirmed_at, meeting.disputed_at) == ("held", AFTER, None)
    assert meeting.recorded_side == "student"


def test_the_other_side_disputes_by_saying_otherwise_and_a_coordinator_settles_it(
    two, booked, later
):
    coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    record(booked, two.student)
    meeting = record(booked, two.mentor, "student")

    assert (meeting.state, meeting.disputed_at, meeting.confirmed_at) == ("held", AFTER, None)

    record(booked, coordinator, "student")
    assert (booked.state, booked.recorded_side, booked.disputed_at) == ("missed", "staff", None)
    # A coordinator's act is in the cohort's record, a pair's own is not.
    by_cohort = Event.objects.filter(cohort=two.cohort.pk, action="meeting.recorded")
    assert [event.actor for event in by_cohort] == [coordinator.pk]


def test_saying_it_twice_changes_nothing(two, booked, later):
    record(booked, two.student)
    record(booked, two.mentor)
    meeting = record(booked, two.student)

    assert meeting.confirmed_at == AFTER


def test_who_recorded_can_correct_it_for_a_month(two, booked, later):
    record(booked, two.student)
    meeting = record(booked, two.student, "mentor")
    assert (meeting.state, meeting.missed_by) == ("missed", "mentor")

    with clock.at(AFTER + timedelta(days=31)), pytest.raises(DomainError, match="too late"):
        record(booked, two.student, "held")


def test_a_cancelled_meeting_is_not_recorded(two, booked):
    booking.cancel(meeting=booked, by=two.student, reason="personal")

    with clock.at(AFTER), pytest.raises(DomainError, match="was cancelled"):
        record(booked, two.mentor)


def test_recording_takes_back_the_question_whether_it_took_place(two, booked, later):
    from sessions import reminders

    reminders.enqueue_due(AFTER + HOUR)
    assert Notification.objects.filter(kind="meeting_unconfirmed", state="queued").count() == 2
    record(booked, two.student)

    assert Notification.objects.filter(kind="meeting_unconfirmed", state="queued").count() == 0


@pytest.mark.parametrize("who", ["student", "mentor", "coordinator"])
def test_a_meeting_nobody_booked_is_recorded_by_either_side_or_a_coordinator(two, who):
    two.coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    meeting = unplanned(two, by=getattr(two, who))

    side = "staff" if who == "coordinator" else who
    assert (meeting.state, meeting.unplanned, meeting.recorded_side) == ("held", True, side)
    assert attendance(meeting) == {"student": "present", "mentor": "present"}


def test_in_a_group_one_says_who_was_there(group):
    meeting = unplanned(group, by=group.mentor, present=[group.mentor.pk, group.student.pk])

    assert meeting.participants.get(person=group.other).attendance == "absent"
    with pytest.raises(DomainError, match="needs a mentor and a student"):
        unplanned(group, by=group.student, present=[group.student.pk, group.other.pk])
    with pytest.raises(DomainError, match="where you were yourself"):
        unplanned(group, by=group.student, present=[group.mentor.pk, group.other.pk])


def test_a_booked_meeting_at_that_time_is_recorded_instead_of_a_second_one(two, booked, later):
    meeting = unplanned(two, starts_at=NINE + HOUR / 4)

    assert meeting.pk == booked.pk
    assert (meeting.state, meeting.unplanned) == ("held", False)
    assert Meeting.objects.count() == 1


def test_the_same_meeting_is_not_recorded_twice(two):
    unplanned(two)

    with pytest.raises(DomainError, match="recorded already"):
        unplanned(two, by=two.mentor, starts_at=NOW - 3 * HOUR + HOUR / 4)


def test_a_clash_with_another_meeting_is_said_and_needs_a_second_yes(two):
    """Overbooking warns explicitly, never silently, and names no other meeting."""
    elsewhere = elsewhere_with(two.student)
    records.record_unplanned(
        mentorship=elsewhere,
        starts_at=NOW - 3 * HOUR,
        minutes=60,
        mode="video",
        by=two.student,
        present=[two.student.pk, elsewhere.mentor.person.pk],
    )

    with pytest.raises(records.ClashError, match="another meeting of one of them"):
        unplanned(two)
    meeting = unplanned(two, despite_clash=True)

    holds = {seat.role: seat.holds for seat in meeting.participants.all()}
    assert holds == {"student": False, "mentor": True}
    assert attendance(meeting)["student"] == "present"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"starts_at": NOW + HOUR}, "still to come"),
        ({"starts_at": NOW - timedelta(days=30)}, "had not begun"),
        ({"starts_at": NOW - timedelta(days=500)}, "more than a year"),
        ({"minutes": 5}, "from 10 minutes"),
        ({"minutes": 5000}, "from 10 minutes"),
    ],
)
def test_impossible_times_are_refused(two, changes, problem):
    with pytest.raises(DomainError, match=problem):
        unplanned(two, **changes)
    assert Meeting.objects.count() == 0


def test_after_the_end_only_what_took_place_before_it_is_recorded(two):
    boss = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    ended = NOW - 2 * HOUR
    with clock.at(ended):
        mentorships.end(mentorship=two.mentorship, reason="time", by=None)
    two.mentorship.refresh_from_db()

    def record(starts_at):
        return records.record_unplanned(
            mentorship=two.mentorship, starts_at=starts_at, minutes=30, mode="video", by=boss
        )

    with pytest.raises(DomainError, match="had ended by then"):
        record(ended)
    held = record(ended - HOUR)
    assert {seat.person for seat in held.participants.all()} == {two.student, two.mentor}


def test_what_is_not_over_yet_is_not_recorded(two):
    with pytest.raises(DomainError, match="not over yet"):
        records.record_unplanned(
            mentorship=two.mentorship, starts_at=NOW - HOUR, minutes=600, mode="video",
            by=two.student,
        )  # fmt: skip


def test_a_late_objection_is_the_coordinators_to_hear(two):
    held = meeting(two.mentorship, NOW - HOUR, state="held", recorded_side="mentor")
    with clock.at(NOW + timedelta(days=31)), pytest.raises(DomainError, match="too late"):
        records.record(meeting=held, outcome="mentor", by=two.student)
