"""Due entries as the database knows them: pauses, absences, daylight saving, editions, terms."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring import clock
from programs.models import Absence, EnrollmentYear, Pause
from sessions.diary import owed
from tests.factories import EnrollmentFactory, meeting, member, pair
from tests.sessions.conftest import NOW, join

DAY = timedelta(days=1)


def at(month, day, hour=12):
    return datetime(2021, month, day, hour, tzinfo=UTC)


def due(user):
    return [(one.first, one.due_on) for one in owed.waiting_for(user)]


def test_a_held_meeting_calls_for_an_entry_within_a_week(two, write):
    held = meeting(two.mentorship, at(9, 8), state="held")
    assert due(two.mentor) == [(date(2021, 9, 8), date(2021, 9, 15))]
    assert due(two.student) == []
    write(meeting=held)
    assert due(two.mentor) == []


@pytest.mark.parametrize("state", ["booked", "proposed", "missed", "cancelled"])
def test_no_other_meeting_does(two, state):
    meeting(two.mentorship, at(9, 8), state=state)
    assert due(two.mentor) == []


def test_a_mentor_who_was_not_there_owes_none(two):
    held = meeting(two.mentorship, at(9, 8), state="held")
    held.participants.filter(person=two.mentor).update(attendance="absent")
    assert due(two.mentor) == []


def test_co_mentors_owe_one_each(two, write):
    other = EnrollmentFactory(cohort=two.cohort, role="mentor")
    member(two.mentorship, other)
    held = meeting(two.mentorship, at(9, 8), state="held")
    write(meeting=held)
    assert (due(two.mentor), len(due(other.person))) == ([], 1)


def test_who_writes_again_is_not_pressed_for_what_she_passed_over(two, write):
    meeting(two.mentorship, at(9, 8), state="held")
    with clock.at(at(10, 20)):
        assert len(owed.waiting_for(two.mentor, pressing=True)) == 1
        write(meeting=meeting(two.mentorship, at(10, 18), state="held"))
        assert due(two.mentor) == [(date(2021, 9, 8), date(2021, 9, 15))]
        assert owed.waiting_for(two.mentor, pressing=True) == []


def test_a_deleted_entry_was_written_and_stays_so(two, write):
    from sessions.services import diaries

    entry = write(meeting=meeting(two.mentorship, at(9, 8), state="held"))
    diaries.delete(entry=entry, by=two.mentor)
    assert due(two.mentor) == []


def test_pauses_holidays_and_absences_put_it_off(two):
    """23 October is a public holiday in Hungary; exams and absence take three days each."""
    edition, mentor = two.cohort.edition, two.mentorship.mentor
    for year, first in ((None, 20), (3, 25), (5, 1)):
        Pause.objects.create(
            edition=edition, name="Exams", starts=date(2021, 10, first),
            ends=date(2021, 10, first + 2), class_year=year,
        )  # fmt: skip
    EnrollmentYear.objects.create(enrollment=mentor, academic_year=2021, class_year=3)
    Absence.objects.create(enrollment=mentor, starts=date(2021, 10, 28), ends=date(2021, 10, 30))
    meeting(two.mentorship, at(10, 18), state="held")
    with clock.at(at(10, 19)):
        # 19, 24, 31 October, 2 to 5 November: 1 November is a holiday too.
        assert due(two.mentor) == [(date(2021, 10, 18), date(2021, 11, 5))]


def test_daylight_saving_moves_no_day(two):
    """Half past midnight in Budapest is the day before in Greenwich, in summer and in winter."""
    meeting(two.mentorship, datetime(2021, 10, 28, 22, 30, tzinfo=UTC), state="held")
    with clock.at(at(11, 20)):
        assert due(two.mentor)[0][0] == date(2021, 10, 29)
    meeting(two.mentorship, datetime(2021, 11, 10, 23, 30, tzinfo=UTC), state="held")
    with clock.at(at(11, 20)):
        assert due(two.mentor)[0][0] == date(2021, 11, 11)


def test_meetings_outside_the_edition_call_for_nothing(two):
    meeting(two.mentorship, datetime(2021, 9, 5, 12, tzinfo=UTC), state="held")
    assert due(two.mentor) == []


def test_a_program_may_ask_for_so_many_in_a_term(two, write):
    version = two.cohort.edition.version
    for need in version.document["requirements"]:
        if need["kind"] == "diary":
            need |= {"times": {"min": 2}, "per": "term", "due_days": 10}
    version.save()
    autumn = (date(2021, 9, 6), date(2022, 2, 9))
    assert due(two.mentor) == [autumn, autumn]
    write("One")
    assert [one.number for one in owed.waiting_for(two.mentor)] == [2]
    with clock.at(datetime(2022, 3, 1, 12, tzinfo=UTC)):
        assert len(owed.waiting_for(two.mentor)) == 3


def test_nothing_is_due_where_the_program_asks_for_none(two):
    version = two.cohort.edition.version
    version.document["requirements"] = []
    version.document["assumed"] = []
    version.document["incentives"] = []
    version.save()
    meeting(two.mentorship, at(9, 8), state="held")
    assert due(two.mentor) == []
    assert owed.of_cohort(two.cohort) == []


def test_it_costs_the_same_for_one_mentorship_and_for_thirty(two):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            found = owed.waiting_for(two.mentor)
        return len(queries), len(found)

    with clock.at(NOW + 60 * DAY):
        meeting(two.mentorship, NOW, state="held")
        one, _found = cost()
        for number in range(30):
            other = pair()
            join(other, two.mentor, "mentor")
            meeting(other, NOW + (number + 1) * DAY, state="held")
        assert cost() == (one, 31)
