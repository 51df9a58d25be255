"""Courses of several days: one place for all, counted once when she came to each."""

from datetime import date, time, timedelta

import pytest

from mentoring import clock, outbox
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from sessions import attended, counting
from sessions.models import Participant, Waiting
from sessions.services import attendance, dates, enrolling, series, waiting
from tests.factories import SeriesFactory, attend, training_date
from tests.sessions.conftest import NOW, mentor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOON = NOW + 7 * DAY


@pytest.fixture
def course(cohort):
    """Two days of 90 minutes with one place."""
    made = SeriesFactory(cohort=cohort, capacity=1, course=True, title="Course of two days")
    return [training_date(made, SOON), training_date(made, SOON + DAY)]


def comes(day):
    return list(day.participants.filter(holds=True).values_list("enrollment", flat=True))


def write(day, by, **said):
    with clock.at(day.starts_at + HOUR):
        attendance.record_list(meeting=day, said=said["said"], by=by)


def test_a_course_is_opened_with_its_days(cohort, coordinator):
    planned = series.preview(
        cohort=cohort, first=date(2021, 10, 6), at=time(9), minutes=240,
        every=series.EVERY_DAY, until=date(2021, 10, 7),
    )  # fmt: skip
    given = {"cohort": cohort, "kind": "training", "audience": "mentor", "title": "Course"}
    made = series.open_series(**given, planned=planned, minutes=240, course=True, by=coordinator)
    assert made.meetings.count() == 2
    with pytest.raises(DomainError) as refusal:
        series.open_series(**given, planned=planned[:1], minutes=240, course=True, by=coordinator)
    assert refusal.value.field == "course"


def test_who_enrolls_has_a_place_on_every_day_and_one_mail(cohort, course):
    first, second = course
    one = mentor(cohort)
    # On whichever day she taps.
    assert enrolling.enroll(meeting=second, by=one.person).meeting_id == second.pk
    assert comes(first) == comes(second) == [one.pk]
    (note,) = Notification.objects.all()
    assert note.context["days"] == [first.pk, second.pk]
    with pytest.raises(enrolling.FullError):
        enrolling.enroll(meeting=first, by=mentor(cohort).person)


def test_the_mail_has_the_entries_of_all_days(cohort, course, mailoutbox):
    enrolling.enroll(meeting=course[0], by=mentor(cohort).person)
    outbox.deliver_due()
    (letter,) = mailoutbox
    assert [part[0] for part in letter.attachments] == ["day-1.ics", "day-2.ics"]


def test_who_is_busy_on_one_day_has_no_place_on_any(cohort, course):
    one = mentor(cohort)
    enrolling.enroll(meeting=training_date(SeriesFactory(cohort=cohort), SOON + DAY), by=one.person)
    with pytest.raises(DomainError):
        enrolling.enroll(meeting=course[0], by=one.person)
    assert comes(course[0]) == []


def test_a_place_given_back_goes_to_who_waits_with_all_its_days(cohort, course):
    one, two = mentor(cohort), mentor(cohort)
    enrolling.enroll(meeting=course[0], by=one.person)
    waiting.wait(meeting=course[1], by=two.person)
    assert Waiting.objects.get().meeting is None
    enrolling.leave(meeting=course[0], by=one.person)
    assert comes(course[0]) == comes(course[1]) == [two.pk]
    assert Notification.objects.filter(kind="place_given").count() == 1
    assert Notification.objects.filter(kind="meeting_left").count() == 1


def test_once_begun_nobody_comes_or_goes(cohort, course):
    one = mentor(cohort)
    enrolling.enroll(meeting=course[0], by=one.person)
    with clock.at(SOON + HOUR):
        for act in (enrolling.leave, enrolling.enroll):
            person = one.person if act is enrolling.leave else mentor(cohort).person
            with pytest.raises(DomainError):
                act(meeting=course[1], by=person)


def test_who_cannot_come_to_a_moved_day_has_no_place_in_the_course(cohort, course, coordinator):
    one, two = mentor(cohort), mentor(cohort)
    enrolling.enroll(meeting=course[0], by=one.person)
    waiting.wait(meeting=course[0], by=two.person)
    other = training_date(SeriesFactory(cohort=cohort), SOON + 3 * DAY)
    enrolling.enroll(meeting=other, by=one.person)
    dates.move(
        meeting=course[1], starts_at=SOON + 3 * DAY, minutes=90, reason="other", by=coordinator
    )
    assert comes(course[0]) == comes(course[1]) == [two.pk]
    assert Notification.objects.filter(kind="meeting_left", recipient=one.person).count() == 1


def test_more_places_count_on_all_days(cohort, course, coordinator):
    people = [mentor(cohort) for _ in range(2)]
    enrolling.enroll(meeting=course[0], by=people[0].person)
    waiting.wait(meeting=course[0], by=people[1].person)
    series.edit(series=course[0].series, by=coordinator, capacity=2)
    assert comes(course[0]) == comes(course[1]) == [row.pk for row in people]


def test_a_course_somebody_enrolled_in_keeps_its_days(cohort, course, coordinator):
    series.add_date(series=course[0].series, starts_at=SOON + 2 * DAY, by=coordinator)
    enrolling.enroll(meeting=course[0], by=mentor(cohort).person)
    with pytest.raises(DomainError):
        series.add_date(series=course[0].series, starts_at=SOON + 4 * DAY, by=coordinator)


@pytest.mark.parametrize(
    ("days", "times"), [(("present", "present"), 1), (("present", "absent"), 0)]
)
def test_it_is_attended_when_she_came_to_every_day(cohort, course, coordinator, days, times):
    one = mentor(cohort)
    enrolling.enroll(meeting=course[0], by=one.person)
    count = {"kind": "training", "minutes": 180, "days": 2}
    for day, said in zip(course, days, strict=True):
        assert counting.attended_before(one, **count) == 0
        write(day, coordinator, said={one.pk: said})
    assert counting.attended_before(one, **count) == times
    # Its minutes add up, and no more; so do its days.
    assert counting.attended_before(one, **(count | {"minutes": 181})) == 0
    assert counting.attended_before(one, **(count | {"days": 3})) == 0
    # What the report reads agrees.
    _held, people = attended.of_cohort(cohort)
    assert [(found.enrollment, found.minutes, found.days) for found in people] == (
        [(one.pk, 180, 2)] * times
    )


def test_a_cancelled_day_is_not_missed(cohort, course, coordinator):
    one = mentor(cohort)
    enrolling.enroll(meeting=course[0], by=one.person)
    dates.cancel(meeting=course[1], reason="other", by=coordinator)
    write(course[0], coordinator, said={one.pk: "present"})
    assert counting.attended_before(one, kind="training", minutes=90) == 1
    assert len(attended.of_cohort(cohort)[1]) == 1


def test_a_correction_takes_the_course_back_in_the_report(cohort, course, coordinator):
    one = mentor(cohort)
    enrolling.enroll(meeting=course[0], by=one.person)
    for day in course:
        write(day, coordinator, said={one.pk: "present"})
    with clock.at(SOON + 5 * DAY):
        attendance.record_list(meeting=course[0], said={one.pk: "absent"}, by=coordinator)
    (found,) = attended.of_cohort(cohort)[1]
    assert found.undone == SOON + 5 * DAY
    assert found.known == course[1].starts_at + HOUR


def test_a_place_in_a_course_is_one_place_ahead_until_a_day_is_missed(cohort, course, coordinator):
    one = mentor(cohort)
    enrolling.enroll(meeting=course[0], by=one.person)
    rows = counting.units(kind="training", minutes=0)
    assert counting.ahead(rows).count() == 1
    write(course[0], coordinator, said={one.pk: "absent"})
    assert counting.ahead(rows).count() == 0
    assert Participant.objects.filter(holds=True).count() == 2


def test_pages_show_a_course_once_with_its_days(cohort, course, as_user):
    one = mentor(cohort)
    text = as_user(one.person).get("/training/").content.decode()
    assert text.count("course of 2 days") == 1
    text = as_user(one.person).get(f"/meetings/{course[1].key}/").content.decode()
    assert "Who enrolls, enrolls for every day" in text


def test_the_form_opens_a_course(cohort, coordinator, as_user):
    sent = {
        "kind": "training", "audience": "mentor", "title": "Course", "mode": "in_person",
        "first": "2021-10-06", "at": "09:00", "minutes": "240", "every": "-1",
        "until": "2021-10-07", "course": "on", "act": "open",
    }  # fmt: skip
    as_user(coordinator).post(f"/cohorts/{cohort.key}/training/new/", sent)
    made = cohort.series.get(title="Course")
    assert (made.course, made.meetings.count()) == (True, 2)


def test_where_a_course_of_days_is_asked_a_single_date_is_none(cohort, course, coordinator):
    one = mentor(cohort)
    attend(training_date(SeriesFactory(cohort=cohort), NOW - DAY, "held"), one)
    asked = {"kind": "training", "minutes": 60}
    assert counting.attended_before(one, **asked) == 1
    assert counting.attended_before(one, **asked, days=2) == 0
    enrolling.enroll(meeting=course[0], by=one.person)
    for day in course:
        write(day, coordinator, said={one.pk: "present"})
    assert counting.attended_before(one, **asked, days=2) == 1
