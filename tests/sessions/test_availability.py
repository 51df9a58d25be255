"""Hours are published once; what can be booked follows."""

from datetime import date, time, timedelta

import pytest

from mentoring.errors import DomainError
from programs.models import Absence
from sessions.services import availability, booking
from sessions.services.availability import DayHours
from tests.sessions.conftest import NINE, publish

MONDAY = date(2021, 9, 13)
PREFERENCES = {
    "mode": "in_person", "place": "Room 3", "slot_minutes": 60, "buffer_minutes": 0,
    "notice_hours": 24, "horizon_days": 21, "max_per_day": "", "max_per_week": "",
}  # fmt: skip


def starts(two, **more):
    slots = availability.open_slots(mentor=two.mentor, student=two.student, **more)
    return [slot.starts for slot in slots]


def test_publishing_again_replaces_what_stood_and_leaves_bookings(two):
    meeting = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    publish(two.mentor, hours=((2, 9, 10),))

    assert [(row.weekday, row.starts) for row in two.mentor.weekly_hours.all()] == [(2, time(9))]
    meeting.refresh_from_db()
    assert meeting.state == "booked"
    assert all(at.weekday() == 2 for at in starts(two))


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        ([DayHours(0, time(10), time(9))], "before they begin"),
        ([DayHours(0, time(9), time(11)), DayHours(0, time(10), time(12))], "Monday: two lines"),
        ([DayHours(6, time(9), time(0)), DayHours(6, time(22), time(23))], "Sunday: two lines"),
        ([DayHours(0, time(9), time(10))] * 41, "more than 40"),
    ],
)
def test_impossible_hours_are_refused_with_the_reason(two, hours, problem):
    with pytest.raises(DomainError, match=problem):
        availability.publish(by=two.mentor, hours=hours)
    assert two.mentor.weekly_hours.count() == 1


def test_days_off_name_the_meetings_that_stand_in_them(two):
    meeting = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)

    standing = availability.add_off(by=two.mentor, first=MONDAY, last=MONDAY + timedelta(days=2))

    assert standing == [meeting]
    assert starts(two)[0].date() == MONDAY + timedelta(days=7)
    keys = list(two.mentor.hours_exceptions.values_list("key", flat=True))
    assert availability.remove_exceptions(by=two.mentor, keys=keys) == 3
    assert starts(two)[0] == NINE + timedelta(hours=1)


def test_part_of_a_day_off_leaves_the_rest(two):
    assert (
        availability.add_off(
            by=two.mentor, first=MONDAY, last=MONDAY, starts=time(9), ends=time(11)
        )
        == []
    )
    assert starts(two)[0] == NINE + timedelta(hours=2)


def test_extra_hours_and_declared_absences_count(two):
    availability.add_extra(by=two.mentor, day=date(2021, 9, 15), starts=time(17), ends=time(18))
    Absence.objects.create(enrollment=two.mentorship.mentor, starts=MONDAY, ends=MONDAY)

    found = starts(two)
    assert [at.isoweekday() for at in found[:2]] == [3, 1]
    assert found[1].date() == MONDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"first": MONDAY, "last": MONDAY - timedelta(days=1)}, "before the first"),
        ({"first": date(2021, 9, 1), "last": date(2021, 9, 2)}, "are over"),
        ({"first": MONDAY, "last": date(2022, 9, 1)}, "more than 120 days"),
        ({"first": MONDAY, "last": MONDAY, "starts": time(9)}, "both times, or neither"),
        ({"first": MONDAY, "last": MONDAY, "starts": time(9), "ends": time(8)}, "before the beg"),
    ],
)
def test_impossible_days_off_are_refused(two, changes, problem):
    with pytest.raises(DomainError, match=problem):
        availability.add_off(by=two.mentor, **changes)


def test_looking_costs_the_same_however_many_meetings(two, django_assert_num_queries):
    with django_assert_num_queries(5):
        starts(two)
    publish(two.mentor, hours=tuple((day, 9, 18) for day in range(7)), horizon_days=20)
    for at in starts(two)[:30]:
        booking.book(mentorship=two.mentorship, starts_at=at, by=two.student)
    with django_assert_num_queries(5):
        starts(two)


def post(client, lines, **changes):
    return client.post("/availability/", {**PREFERENCES, **lines, **changes})


def test_the_editor_publishes_lines_and_leaves_out_empty_ones(two, as_user):
    her = as_user(two.mentor)
    lines = {
        "d1-0-starts": "10:00", "d1-0-ends": "12:00", "d1-1-starts": "14:00", "d1-1-ends": "00:00",
        "d2-0-starts": "", "d2-0-ends": "",
    }  # fmt: skip
    assert post(her, lines).status_code == 302

    rows = [(row.weekday, row.starts, row.ends) for row in two.mentor.weekly_hours.all()]
    assert rows == [(1, time(10), time(12)), (1, time(14), time(0))]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ({"d1-0-starts": "10:00", "d1-0-ends": ""}, "Give both times, or none."),
        ({"d1-0-starts": "10:00", "d1-0-ends": "9:00"}, "before they begin"),
        ({"slot_minutes": "3"}, "Choose a number from 10 to 480."),
        ({"mode": "video"}, "Give the link of your video room."),
    ],
)
def test_the_editor_says_what_is_wrong_and_keeps_what_was_typed(two, as_user, lines, problem):
    response = post(as_user(two.mentor), lines, **{"place": "My new room"} | lines)

    assert response.status_code == 422
    assert problem in response.content.decode()
    assert "My new room" in response.content.decode()
    assert two.mentor.weekly_hours.get().starts == time(9)


def test_days_off_from_the_page_warn_of_standing_meetings(two, as_user):
    booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    response = as_user(two.mentor).post(
        "/availability/dates/", {"kind": "off", "first": "2021-09-13"}, follow=True
    )
    assert "1 meeting is booked in that time and stays so." in response.content.decode()


def test_extra_hours_from_the_page_need_both_times(two, as_user):
    response = as_user(two.mentor).post(
        "/availability/dates/", {"kind": "extra", "first": "2021-09-13"}
    )
    assert response.status_code == 422
    assert "Give both times" in response.content.decode()
