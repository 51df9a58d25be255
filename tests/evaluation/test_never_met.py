"""M1: never met after the match."""

from datetime import date, timedelta

import pytest

from evaluation.models import Flag
from evaluation.monitoring import scan
from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import Absence, EnrollmentYear, Pause
from sessions.models import ContactCheck, Participant
from tests.evaluation.conftest import after, day, mails, on
from tests.factories import EnrollmentFactory, meeting, member, pair

pytestmark = pytest.mark.django_db


def flags() -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.state) for f in Flag.objects.order_by("pk")]


OPEN = [("never-met", "warning", "open")]


@pytest.mark.parametrize(
    ("days", "nudged", "flagged", "high"),
    [
        (9, False, False, False),
        (10, True, False, False),
        (20, False, False, False),
        (21, False, True, False),
        (55, False, True, False),
        (56, False, True, True),
    ],
)
def test_thresholds_are_reached_on_their_day_and_not_before(cohort, days, nudged, flagged, high):
    pair(cohort)
    with day(days, hour=0):
        scan()
    assert bool(mails("never_met_student")) is nudged
    assert flags() == ([("never-met", "high" if high else "warning", "open")] if flagged else [])


def test_on_day_ten_both_sides_get_a_mail(cohort):
    mentorship = pair(cohort)
    with day(10):
        assert scan().nudges == 2
    assert mails() == [
        f"never_met_student to {mentorship.student.person.email}",
        f"never_met_mentor to {mentorship.mentor.person.email}",
    ]


def test_scanning_twice_changes_nothing(cohort):
    pair(cohort)
    with day(10):
        scan()
        assert scan().nudges == 0
    with day(21):
        assert scan().opened == 1
        again = scan()
    assert (again.opened, again.updated, again.cleared, again.nudges) == (0, 0, 0, 0)
    assert flags() == OPEN


def test_a_booked_meeting_keeps_nudge_and_flag_away(cohort):
    meeting(pair(cohort), after(30))
    for number in (10, 21, 29):
        with day(number):
            assert scan().nudges == 0
    assert flags() == []


def test_a_cancelled_booking_does_not_protect(cohort):
    meeting(pair(cohort), after(30), state="cancelled")
    with day(21):
        scan()
    assert flags() == OPEN


def test_a_meeting_that_nobody_recorded_protects_for_a_week(cohort):
    booked = meeting(pair(cohort), after(20))
    with clock.at(booked.ends_at + timedelta(days=7) - timedelta(seconds=1)):
        scan()
    assert flags() == []
    with clock.at(booked.ends_at + timedelta(days=7)):
        scan()
    assert flags() == OPEN


def test_a_held_meeting_clears_the_flag(cohort):
    mentorship = pair(cohort)
    with day(21):
        scan()
    meeting(mentorship, after(22), state="held")
    with day(23):
        assert scan().cleared == 1
    assert flags() == [("never-met", "warning", "cleared")]


def test_booking_leaves_an_open_flag_standing_and_says_so(cohort):
    mentorship = pair(cohort)
    with day(21):
        scan()
    meeting(mentorship, after(60))
    with day(56):
        assert scan().updated == 1
    flag = Flag.objects.get()
    assert (flag.state, flag.severity, flag.evidence["booked"]) == ("open", "warning", True)


def test_a_mentorship_that_ended_clears_its_flag(cohort):
    mentorship = pair(cohort)
    with day(21):
        scan()
    mentorship.state, mentorship.ended_at = "dissolved", after(22)
    mentorship.save()
    with day(23):
        scan()
    assert flags() == [("never-met", "warning", "cleared")]


def test_pauses_for_everyone_stop_the_clock(cohort):
    pair(cohort)
    Pause.objects.create(
        edition=cohort.edition, name="Exams", starts=date(2021, 9, 13), ends=date(2021, 9, 19)
    )
    with day(27):
        scan()
    assert flags() == []
    with day(28):
        scan()
    assert flags() == OPEN


@pytest.mark.parametrize(("class_year", "rests"), [(1, True), (2, False)])
def test_a_pause_of_a_class_year_stops_only_its_clocks(cohort, class_year, rests):
    mentorship = pair(cohort)
    EnrollmentYear.objects.create(
        enrollment=mentorship.student, academic_year=2021, class_year=class_year
    )
    Pause.objects.create(
        edition=cohort.edition,
        name="Placement",
        starts=date(2021, 9, 13),
        ends=date(2021, 9, 19),
        class_year=1,
    )
    with day(27):
        scan()
    assert flags() == ([] if rests else OPEN)


@pytest.mark.parametrize("side", ["student", "mentor"])
def test_a_declared_absence_of_either_stops_the_clock(cohort, side):
    mentorship = pair(cohort)
    Absence.objects.create(
        enrollment=getattr(mentorship, side), starts=date(2021, 9, 8), ends=date(2021, 9, 9)
    )
    with day(22):
        scan()
    assert flags() == []
    with day(23):
        scan()
    assert flags() == OPEN


def test_public_holidays_stop_the_clock(cohort):
    cohort.country = "HU"
    cohort.save()
    pair(cohort, started_at=on(2021, 10, 20))
    # 23 October and 1 November are public holidays in Hungary: 10 November becomes the 12th.
    with clock.at(on(2021, 11, 11)):
        scan()
    assert flags() == []
    with clock.at(on(2021, 11, 12)):
        scan()
    assert flags() == OPEN


def test_daylight_saving_moves_no_threshold(cohort):
    # Clocks go back on 31 October 2021: the 21 days last 21 × 24 + 1 hours.
    pair(cohort, started_at=on(2021, 10, 20, 23, 30))
    with clock.at(on(2021, 11, 9, 23, 59)):
        scan()
    assert flags() == []
    with clock.at(on(2021, 11, 10, 0, 0)):
        scan()
    assert flags() == OPEN


def test_the_clock_of_a_newcomer_starts_with_her_membership(cohort):
    mentorship = pair(cohort)
    mentorship.memberships.filter(role=Role.STUDENT).update(started_at=after(15))
    with day(35):
        scan()
    assert flags() == []
    with day(36):
        scan()
    assert flags() == OPEN


def test_a_new_mentor_starts_the_clock_anew(cohort):
    mentorship = pair(cohort)
    with day(21):
        scan()
    mentorship.memberships.filter(role=Role.MENTOR).update(ended_at=after(22))
    member(mentorship, EnrollmentFactory(cohort=cohort, role=Role.MENTOR), started_at=after(22))
    with day(23):
        assert scan().cleared == 1
    with day(43):
        assert scan().opened == 1


def group(cohort):
    """One mentor and three students."""
    mentorship = pair(cohort)
    mentorship.others = [EnrollmentFactory(cohort=cohort) for _ in range(2)]
    for enrollment in mentorship.others:
        member(mentorship, enrollment)
    return mentorship


def test_a_group_that_never_met_gets_one_flag(cohort):
    group(cohort)
    with day(21):
        assert scan().opened == 1


def test_a_student_whose_group_met_without_her_gets_a_flag_of_her_own(cohort):
    mentorship = group(cohort)
    held = meeting(mentorship, after(5), state="held")
    left_out = mentorship.others[0]
    Participant.objects.filter(meeting=held, enrollment=left_out).update(attendance="absent")
    with day(10):
        scan()
    assert mails("never_met_student") == [f"never_met_student to {left_out.person.email}"]
    with day(21):
        scan()
    flag = Flag.objects.get()
    assert (flag.enrollment, flag.evidence) == (left_out, {"booked": False, "group_met": True})


def test_a_program_that_meets_less_often_than_monthly_stretches_the_clock(cohort):
    version = cohort.edition.version
    version.document["cadence"] = [
        {"slug": "rare", "kind": "mentoring", "times": {"min": 4}, "per": "year"}
    ]
    version.save()
    pair(cohort)
    # 365 / 4 = 91.25 days between meetings: day 21 becomes day 64 (21 × 91.25 / 30 = 63.9).
    with day(63):
        scan()
    assert flags() == []
    with day(64):
        scan()
    assert flags() == OPEN


def test_the_students_no_stands_in_the_evidence(cohort):
    mentorship = pair(cohort)
    with day(11):
        ContactCheck.objects.create(
            mentorship=mentorship, person=mentorship.student.person, contacted=False
        )
    with day(21):
        scan()
    assert Flag.objects.get().evidence["not_contacted"] is True


def test_nothing_happens_on_a_paused_day_or_after_the_edition(cohort):
    pair(cohort)
    Pause.objects.create(
        edition=cohort.edition, name="Exams", starts=date(2021, 9, 28), ends=date(2021, 9, 30)
    )
    with day(22):
        scan()
    assert flags() == []
    type(cohort.edition).objects.update(ends=date(2021, 9, 29))
    with day(80):
        scan()
    assert flags() == []
