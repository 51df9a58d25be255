"""Series, dates and places: opened at once, enrolled in one tap, never double booked."""

from datetime import UTC, date, time, timedelta

import pytest

from mentoring import clock
from mentoring.access import Permission, can
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs.models import Pause
from programs.services import enrollments
from sessions import training
from sessions.models import Meeting, Participant
from sessions.services import attendance, dates, enrolling, series, supervisors
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    SeriesFactory,
    attend,
    meeting,
    pair,
    supervisor_group,
    training_date,
)
from tests.sessions.conftest import NOW, mentor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOON = NOW + 7 * DAY


@pytest.fixture
def cohort():
    return CohortFactory()


def opened(cohort, coordinator, **changes):
    given = {
        "kind": "training",
        "audience": "mentor",
        "title": "Emergencies",
        "minutes": 90,
        "capacity": 2,
        "planned": series.preview(
            cohort=cohort,
            first=date(2021, 10, 6),
            at=time(17),
            minutes=90,
            every=1,
            until=date(2021, 11, 30),
        ),
    }
    return series.open_series(cohort=cohort, by=coordinator, **(given | changes))


# --- Series --------------------------------------------------------------------------------------


def test_a_weekly_series_keeps_its_hour_over_daylight_saving(cohort, coordinator):
    made = opened(cohort, coordinator)
    starts = list(made.meetings.order_by("starts_at").values_list("starts_at", flat=True))
    assert len(starts) == 8
    assert {at.astimezone(cohort.zone).time() for at in starts} == {time(17)}
    # The clocks go back on 31 October 2021.
    assert {at.astimezone(UTC).hour for at in starts} == {15, 16}
    assert made.meetings.first().booked_at == NOW


def test_pauses_and_public_holidays_are_shown_and_left_out(cohort, coordinator):
    Pause.objects.create(
        edition=cohort.edition, kind="exam", name="Exams",
        starts=date(2021, 10, 18), ends=date(2021, 10, 24),
    )  # fmt: skip
    planned = series.preview(
        cohort=cohort, first=date(2021, 10, 4), at=time(9), minutes=90, every=1,
        until=date(2021, 11, 1),
    )  # fmt: skip
    # 1 November is a holiday in Hungary.
    assert [bool(one.skipped) for one in planned] == [False, False, True, False, True]
    assert planned[2].skipped == "Exams"
    assert opened(cohort, coordinator, planned=planned).meetings.count() == 3


def test_a_single_date_may_fall_on_any_day(cohort, coordinator):
    planned = series.preview(cohort=cohort, first=date(2021, 11, 1), at=time(9), minutes=60)
    assert opened(cohort, coordinator, planned=planned).meetings.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "mentoring"}, "kind"),
        ({"audience": "coordinator"}, "kind"),
        ({"title": "  "}, "title"),
        ({"planned": []}, "first"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_a_reason(cohort, coordinator, change, field):
    with pytest.raises(DomainError) as refusal:
        opened(cohort, coordinator, **change)
    assert refusal.value.field == field
    assert Meeting.objects.count() == 0


def test_too_many_dates_and_an_end_before_the_beginning_are_refused(cohort):
    for until in (date(2021, 10, 1), date(2023, 10, 6)):
        with pytest.raises(DomainError) as refusal:
            series.preview(
                cohort=cohort, first=date(2021, 10, 6), at=time(9), minutes=90, every=1,
                until=until,
            )  # fmt: skip
        assert refusal.value.field == "until"


def test_another_place_is_told_to_everyone_enrolled(cohort, coordinator):
    made = opened(cohort, coordinator)
    first = made.meetings.first()
    enrolling.enroll(meeting=first, by=mentor(cohort).person)
    series.edit(series=made, by=coordinator, place="Lecture hall 2")
    first.refresh_from_db()
    assert (first.place, first.sequence) == ("Lecture hall 2", 1)
    assert Notification.objects.filter(kind="meeting_booked", context__changed=True).count() == 1
    # What changes nothing for those who come is not told.
    series.edit(series=made, by=coordinator, capacity=20)
    first.refresh_from_db()
    assert (first.capacity, first.sequence) == (20, 1)


def test_fewer_places_than_are_taken_are_refused(cohort, coordinator):
    made = opened(cohort, coordinator)
    for _ in range(2):
        enrolling.enroll(meeting=made.meetings.first(), by=mentor(cohort).person)
    with pytest.raises(DomainError) as refusal:
        series.edit(series=made, by=coordinator, capacity=1)
    assert refusal.value.field == "capacity"


# --- Places --------------------------------------------------------------------------------------


def test_places_are_numbered_and_a_full_date_takes_nobody_else(cohort):
    one = training_date(SeriesFactory(cohort=cohort, capacity=2), SOON)
    people = [mentor(cohort).person for _ in range(3)]
    seats = [enrolling.enroll(meeting=one, by=person) for person in people[:2]]
    assert [seat.place for seat in seats] == [1, 2]
    with pytest.raises(enrolling.FullError):
        enrolling.enroll(meeting=one, by=people[2])
    enrolling.leave(meeting=one, by=people[0])
    assert enrolling.enroll(meeting=one, by=people[2]).place == 1
    # A second tap changes nothing.
    assert enrolling.enroll(meeting=one, by=people[2]).place == 1
    assert one.participants.filter(holds=True).count() == 2


def test_whoever_gave_her_place_back_can_take_one_again(cohort):
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    person = mentor(cohort).person
    enrolling.enroll(meeting=one, by=person)
    enrolling.leave(meeting=one, by=person)
    assert enrolling.enroll(meeting=one, by=person).place == 1
    assert one.participants.count() == 1


def test_a_clash_is_refused_without_naming_the_other_meeting(cohort):
    mentorship = pair(cohort)
    meeting(mentorship, SOON + HOUR)
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    with pytest.raises(DomainError) as refusal:
        enrolling.enroll(meeting=one, by=mentorship.mentor.person)
    assert str(refusal.value) == "You already have something at that time."
    assert not one.participants.exists()


def test_a_date_is_only_for_those_it_is_for(cohort):
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    student, elsewhere = EnrollmentFactory(cohort=cohort), mentor(CohortFactory())
    for person in (student.person, elsewhere.person):
        with pytest.raises(DomainError):
            enrolling.enroll(meeting=one, by=person)
        assert not can(person, Permission.ENROLL, one)
        assert not training.open_to(person).exists()


def test_supervision_of_a_group_is_for_its_members(cohort):
    inside, outside = mentor(cohort), mentor(cohort)
    group = supervisor_group(cohort, inside)
    one = training_date(SeriesFactory(cohort=cohort, kind="supervision", group=group), SOON)
    assert enrolling.enroll(meeting=one, by=inside.person).holds
    with pytest.raises(DomainError):
        enrolling.enroll(meeting=one, by=outside.person)
    assert list(training.open_to(outside.person)) == []


def test_nobody_comes_or_goes_after_the_beginning(cohort):
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    person = mentor(cohort).person
    enrolling.enroll(meeting=one, by=person)
    with clock.at(SOON):
        for act in (enrolling.enroll, enrolling.leave):
            with pytest.raises(DomainError):
                act(meeting=one, by=mentor(cohort).person if act is enrolling.enroll else person)


def test_who_leaves_the_cohort_frees_her_places(cohort, coordinator):
    one = training_date(SeriesFactory(cohort=cohort, capacity=1), SOON)
    leaver = mentor(cohort)
    group = supervisor_group(cohort, leaver)
    enrolling.enroll(meeting=one, by=leaver.person)
    enrollments.withdraw(enrollment=leaver, by=coordinator)
    assert not one.participants.filter(holds=True).exists()
    assert not group.places.filter(ended_at=None).exists()
    assert enrolling.enroll(meeting=one, by=mentor(cohort).person).place == 1


# --- Moving and cancelling -----------------------------------------------------------------------


def test_a_move_takes_everyone_along_except_who_is_busy_then(cohort, coordinator):
    mentorship = pair(cohort)
    busy, free = mentorship.mentor, mentor(cohort)
    meeting(mentorship, SOON + 5 * HOUR)
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    for each in (busy, free):
        enrolling.enroll(meeting=one, by=each.person)
    dates.move(
        meeting=one, starts_at=SOON + 5 * HOUR, minutes=90, reason="academic", by=coordinator
    )
    one.refresh_from_db()
    assert (one.starts_at, one.sequence) == (SOON + 5 * HOUR, 1)
    assert {seat.person_id: (seat.holds, seat.starts_at) for seat in one.participants.all()} == {
        busy.person_id: (False, SOON + 5 * HOUR),
        free.person_id: (True, SOON + 5 * HOUR),
    }
    told = Notification.objects.filter(state="queued").values_list("kind", "recipient")
    assert set(told) == {
        ("meeting_moved", free.person_id),
        ("meeting_left", busy.person_id),
    }


def test_a_cancelled_date_frees_the_time_and_is_told(cohort, coordinator):
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    person = mentor(cohort).person
    enrolling.enroll(meeting=one, by=person)
    dates.cancel(meeting=one, reason="personal", by=coordinator)
    assert (one.state, one.cancelled_by) == ("cancelled", "staff")
    assert not Participant.objects.filter(holds=True).exists()
    assert Notification.objects.filter(kind="meeting_cancelled", recipient=person).count() == 1


def test_what_has_begun_is_neither_moved_nor_cancelled(cohort, coordinator):
    one = training_date(SeriesFactory(cohort=cohort), NOW - HOUR)
    with pytest.raises(DomainError):
        dates.cancel(meeting=one, reason="personal", by=coordinator)
    with pytest.raises(DomainError):
        dates.move(meeting=one, starts_at=SOON, minutes=90, reason="other", by=coordinator)


def test_participants_change_nothing_of_a_date_themselves(cohort):
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    seat = attend(one, mentor(cohort), "unknown")
    assert can(seat.person, Permission.VIEW_MEETING, one)
    assert not can(seat.person, Permission.CHANGE_MEETING, one)
    assert not can(seat.person, Permission.RECORD_ATTENDANCE, one)


# --- Attendance ----------------------------------------------------------------------------------


def over(cohort, *people, **fields):
    one = training_date(SeriesFactory(cohort=cohort, **fields), NOW - 2 * HOUR)
    for each in people:
        attend(one, each, "unknown")
    return one


def test_a_list_says_of_everyone_who_was_there(cohort, coordinator):
    came, ill, away = (mentor(cohort) for _ in range(3))
    one = over(cohort, came, ill, away)
    said = {came.pk: "present", ill.pk: "excused", away.pk: "absent"}
    attendance.record_list(meeting=one, said=said, by=coordinator)
    assert (one.state, one.recorded_side) == ("held", "staff")
    assert dict(one.participants.values_list("enrollment", "attendance")) == said
    # It can be corrected.
    attendance.record_list(meeting=one, said=said | {away.pk: "present"}, by=coordinator)
    assert one.participants.filter(attendance="present").count() == 2


def test_a_list_with_a_gap_is_refused(cohort, coordinator):
    one = over(cohort, mentor(cohort))
    with pytest.raises(DomainError):
        attendance.record_list(meeting=one, said={}, by=coordinator)
    one.refresh_from_db()
    assert one.state == "booked"


def test_who_came_without_a_place_is_added_even_beyond_the_capacity(cohort, coordinator):
    enrolled, walk_in, busy = mentor(cohort), mentor(cohort), pair(cohort)
    meeting(busy, NOW - 2 * HOUR)
    one = over(cohort, enrolled, capacity=1)
    stranger = EnrollmentFactory(cohort=cohort)
    attendance.record_list(
        meeting=one,
        said={enrolled.pk: "present"},
        walk_ins=[walk_in.pk, busy.mentor.pk, stranger.pk],
        by=coordinator,
    )
    seats = {seat.enrollment_id: seat for seat in one.participants.all()}
    assert set(seats) == {enrolled.pk, walk_in.pk, busy.mentor.pk}
    assert [seat.attendance for seat in seats.values()] == ["present"] * 3
    assert (seats[walk_in.pk].place, seats[walk_in.pk].holds) == (None, True)
    # Her own meeting keeps the hour; that she came here counts all the same.
    assert seats[busy.mentor.pk].holds is False


def test_nobody_records_her_own_attendance(cohort):
    lead = mentor(cohort)
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR, person=lead.person)
    other = mentor(cohort)
    one = over(cohort, lead, other)
    with pytest.raises(DomainError):
        attendance.record_list(
            meeting=one, said={lead.pk: "present", other.pk: "present"}, by=lead.person
        )
    attendance.record_list(meeting=one, said={other.pk: "present"}, by=lead.person)
    assert one.participants.get(enrollment=lead).attendance == "unknown"
    unseated = over(CohortFactory())
    alone = EnrollmentFactory(cohort=unseated.cohort, role=Role.MENTOR, person=lead.person)
    with pytest.raises(DomainError):
        attendance.record_list(meeting=unseated, said={}, walk_ins=[alone.pk], by=lead.person)


def test_a_list_is_written_after_the_beginning(cohort, coordinator):
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    with pytest.raises(DomainError):
        attendance.record_list(meeting=one, said={}, by=coordinator)


def test_a_supervisor_writes_the_lists_of_her_own_group_only(cohort):
    group, other = supervisor_group(cohort), supervisor_group(cohort, name="Group B")
    one = over(cohort, kind="supervision", group=group)
    assert can(group.supervisor.person, Permission.RECORD_ATTENDANCE, one)
    assert not can(other.supervisor.person, Permission.RECORD_ATTENDANCE, one)
    assert not can(group.supervisor.person, Permission.RECORD_ATTENDANCE, over(cohort))


# --- Groups --------------------------------------------------------------------------------------


def test_a_person_is_in_one_group_at_a_time_and_history_stays(cohort, coordinator):
    one, two = mentor(cohort), mentor(cohort)
    first = supervisor_group(cohort)
    second = supervisors.create(
        cohort=cohort, supervisor=first.supervisor, name="Group B", by=coordinator
    )
    assert supervisors.set_members(group=first, members=[one.pk, two.pk], by=coordinator) == 2
    assert supervisors.set_members(group=second, members=[two.pk], by=coordinator) == 1
    live = {g.pk: list(g.places.filter(ended_at=None).values_list("enrollment", flat=True))
            for g in (first, second)}  # fmt: skip
    assert live == {first.pk: [one.pk], second.pk: [two.pk]}
    assert first.places.count() == 2


def test_a_group_with_dates_to_come_does_not_end(cohort, coordinator):
    group = supervisor_group(cohort, mentor(cohort))
    one = training_date(SeriesFactory(cohort=cohort, kind="supervision", group=group), SOON)
    with pytest.raises(DomainError):
        supervisors.end(group=group, by=coordinator)
    dates.cancel(meeting=one, reason="other", by=coordinator)
    supervisors.end(group=group, by=coordinator)
    assert group.ended_at == NOW
    assert not group.places.filter(ended_at=None).exists()


@pytest.mark.parametrize("name", ["", "Group A"])
def test_a_group_needs_a_name_of_its_own_and_a_supervisor(cohort, coordinator, name):
    group = supervisor_group(cohort)
    with pytest.raises(DomainError):
        supervisors.create(cohort=cohort, supervisor=group.supervisor, name=name, by=coordinator)
    with pytest.raises(DomainError):
        supervisors.create(cohort=cohort, supervisor=mentor(cohort), name="C", by=coordinator)
