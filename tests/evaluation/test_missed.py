"""M3 and M4: meetings missed by a side."""

from datetime import date

import pytest

from evaluation.models import Flag
from evaluation.monitoring import scan
from mentoring import clock
from programs.models import Absence
from sessions.models import Participant
from tests.evaluation.conftest import after, day, mails, on
from tests.evaluation.test_never_met import group
from tests.factories import meeting, pair

pytestmark = pytest.mark.django_db


def flags(rule: str) -> list[tuple[str, str]]:
    return list(Flag.objects.filter(rule=rule).order_by("pk").values_list("severity", "state"))


def missed(mentorship, *days: int, by: str = "student") -> None:
    for number in days:
        meeting(mentorship, after(number), state="missed", missed_by=by)


@pytest.mark.parametrize(
    ("days", "nudged", "flagged"),
    [((5,), False, False), ((5, 12), True, False), ((5, 12, 13), True, True)],
)
def test_two_in_a_row_are_asked_about_and_three_in_a_term_flagged(cohort, days, nudged, flagged):
    mentorship = pair(cohort)
    missed(mentorship, *days)
    with day(14):
        scan()
    assert mails("missed_student") == (
        [f"missed_student to {mentorship.student.person.email}"] if nudged else []
    )
    assert len(mails("missed_student_mentor")) == nudged
    assert flags("missed-by-student") == ([("high", "open")] if flagged else [])


def test_one_meeting_she_comes_to_sets_it_right(cohort):
    mentorship = pair(cohort)
    missed(mentorship, 2, 5, 9)
    with day(10):
        scan()
    meeting(mentorship, after(11), state="held")
    with day(12):
        scan()
    assert flags("missed-by-student") == [("high", "cleared")]
    missed(mentorship, 15)
    with day(16):
        scan()
    # The fourth of the term, and the latest was missed again: that is a new occurrence.
    assert flags("missed-by-student") == [("high", "cleared"), ("high", "open")]


def test_a_meeting_between_two_missed_ones_breaks_the_row(cohort):
    mentorship = pair(cohort)
    missed(mentorship, 5)
    meeting(mentorship, after(8), state="held")
    missed(mentorship, 12)
    with day(13):
        scan()
    assert mails("missed_student") == []


def test_misses_of_the_last_term_are_forgotten(cohort):
    mentorship = pair(cohort)
    meeting(mentorship, after(3), state="held")
    missed(mentorship, 130, 140)
    meeting(mentorship, on(2022, 2, 5), state="missed")
    with clock.at(on(2022, 2, 6)):
        scan()
    assert flags("missed-by-student") == []


def test_excuses_and_absences_do_not_count(cohort):
    mentorship = pair(cohort)
    missed(mentorship, 2, 5, 9)
    Absence.objects.create(
        enrollment=mentorship.student, starts=date(2021, 9, 8), ends=date(2021, 9, 8)
    )
    with day(10):
        scan()
    assert flags("missed-by-student") == []
    missed(mentorship, 11)
    Participant.objects.filter(role="student").update(attendance="excused")
    with day(12):
        scan()
    assert flags("missed-by-student") == []


def test_a_meeting_the_mentor_missed_is_not_the_students(cohort):
    mentorship = pair(cohort)
    missed(mentorship, 2, 5, 9, by="mentor")
    with day(10):
        scan()
    assert flags("missed-by-student") == []


def test_in_a_group_only_the_student_who_stayed_away_is_meant(cohort):
    mentorship = group(cohort)
    away = mentorship.others[1]
    for number in (2, 5, 9):
        held = meeting(mentorship, after(number), state="held")
        Participant.objects.filter(meeting=held, enrollment=away).update(attendance="absent")
    with day(10):
        scan()
    flag = Flag.objects.get(rule="missed-by-student")
    assert (flag.enrollment, flag.evidence) == (away, {"in_a_row": 3, "this_term": 3})


@pytest.mark.parametrize("count", [1, 2])
def test_a_mentor_is_offered_help_and_flagged_at_the_second(cohort, count):
    mentorship = pair(cohort)
    missed(mentorship, 5, by="mentor")
    if count == 2:
        meeting(
            mentorship,
            after(20),
            state="cancelled",
            cancelled_by="mentor",
            cancelled_at=after(8),
            booked_at=after(6),
        )
    with day(9):
        scan()
    assert flags("missed-by-mentor") == ([("warning", "open")] if count == 2 else [])
    assert len(mails("missed_mentor")) == count - 1


def test_calling_off_a_proposal_harms_nobody(cohort):
    mentorship = pair(cohort)
    for number in (5, 6, 7):
        meeting(
            mentorship,
            after(20 + number),
            state="cancelled",
            cancelled_by="mentor",
            cancelled_at=after(number),
        )
    with day(9):
        scan()
    assert flags("missed-by-mentor") == []


def test_a_held_meeting_clears_the_mentors_flag(cohort):
    mentorship = pair(cohort)
    missed(mentorship, 5, 6, by="mentor")
    with day(7):
        scan()
    meeting(mentorship, after(8), state="held")
    with day(9):
        scan()
    assert flags("missed-by-mentor") == [("warning", "cleared")]


def test_both_sides_missing_counts_for_both(cohort):
    mentorship = pair(cohort)
    missed(mentorship, 5, 6, 7, by="both")
    with day(8):
        scan()
    assert flags("missed-by-mentor") == [("warning", "open")]
    assert flags("missed-by-student") == [("high", "open")]


def test_old_misses_are_not_written_about(cohort):
    missed(pair(cohort), 2, 5)
    with day(12):
        assert scan().nudges == 2  # never met: the day-10 question; nothing about misses
    assert mails("missed_student") == []


def test_a_student_who_never_came_is_seen_though_her_group_met_last(cohort):
    mentorship = group(cohort)
    away = mentorship.others[1]
    missed(mentorship, 2, 4)
    held = meeting(mentorship, after(9), state="held")
    Participant.objects.filter(meeting=held, enrollment=away).update(attendance="absent")
    other = meeting(mentorship, after(10), state="held")
    Participant.objects.filter(meeting=other, enrollment=away).update(attendance="absent")
    with day(11):
        scan()
    flag = Flag.objects.get(rule="missed-by-student")
    assert (flag.enrollment, flag.evidence) == (away, {"in_a_row": 4, "this_term": 4})
