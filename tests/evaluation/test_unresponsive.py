"""M5: the mentor does not answer."""

from datetime import date

import pytest

from evaluation.models import Flag
from evaluation.monitoring import scan
from matching.models import Mentorship
from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import Absence, Pause
from sessions.models import Contact, Message
from tests.evaluation.conftest import after, day, mails, on
from tests.factories import EnrollmentFactory, meeting, member, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentorship(cohort) -> Mentorship:
    """A pair that has met, so that only the silence is to be seen."""
    made = pair(cohort)
    meeting(made, after(0), state="held")
    return made


def says(mentorship: Mentorship, side: str, days: int, hour: int = 12) -> Message:
    who = getattr(mentorship, side).person
    return Message.objects.create(
        mentorship=mentorship, author=who, side=side, sent_at=after(days, hour)
    )


def flags() -> list[tuple[str, str]]:
    rows = Flag.objects.filter(rule="unresponsive-mentor").order_by("pk")
    return list(rows.values_list("severity", "step", "state"))


# Day 1 is a Tuesday: 5 working days later is the next Tuesday, day 8.
@pytest.mark.parametrize(
    ("days", "reminded", "expected"),
    [
        (7, 0, []),
        (8, 1, []),
        (14, 1, []),
        (15, 1, [("warning", "flag", "open")]),
        (21, 0, [("warning", "flag", "open")]),
        (22, 0, [("high", "reserve", "open")]),
        (35, 0, [("high", "reserve", "open")]),
        (36, 0, [("high", "rematch", "open")]),
    ],
)
def test_thresholds_are_reached_on_their_working_day(mentorship, days, reminded, expected):
    says(mentorship, "student", 1)
    with day(days, hour=0):
        scan()
    assert len(mails("unanswered")) == reminded
    assert flags() == expected


def test_the_reminder_goes_to_the_mentor_alone(mentorship):
    says(mentorship, "student", 1)
    with day(8):
        scan()
    assert mails() == [f"unanswered to {mentorship.mentor.person.email}"]


def test_the_steps_follow_each_other_on_one_flag(mentorship):
    says(mentorship, "student", 1)
    for number in range(40):
        with day(number):
            scan()
    assert flags() == [("high", "rematch", "open")]
    assert Flag.objects.get().evidence == {"working_days": 25}


def answers() -> dict:
    return {
        "a reply": lambda m: says(m, "mentor", 10),
        "a contact noted by the mentor": lambda m: Contact.objects.create(
            mentorship=m, at=after(10), channel="phone", side="mentor"
        ),
        "a contact noted by the student": lambda m: Contact.objects.create(
            mentorship=m, at=after(10), channel="phone", side="student"
        ),
        "a held meeting": lambda m: meeting(m, after(10), state="held"),
        "a proposal of the mentor": lambda m: meeting(
            m, after(12), state="proposed", created_side="mentor", created_at=after(10)
        ),
        "a booking by the mentor": lambda m: meeting(
            m, after(50), created_side="mentor", created_at=after(10), booked_at=after(10)
        ),
        "an answer to an invitation": lambda m: (
            meeting(m, after(50)).participants.filter(role="mentor").update(answered_at=after(10))
        ),
        "calling a meeting off": lambda m: meeting(
            m, after(50), state="cancelled", cancelled_by="mentor", cancelled_at=after(10)
        ),
    }


@pytest.mark.parametrize("how", list(answers()))
def test_any_sign_of_the_mentor_clears_it(mentorship, how):
    says(mentorship, "student", 1)
    with day(15):
        scan()
    answers()[how](mentorship)
    with day(16):
        assert scan().cleared == 1


def test_a_later_message_of_the_student_does_not_restart_the_clock(mentorship):
    says(mentorship, "student", 1)
    says(mentorship, "student", 13)
    with day(15):
        scan()
    assert flags() == [("warning", "flag", "open")]


def test_a_question_after_a_reply_starts_a_new_one(mentorship):
    says(mentorship, "student", 1)
    with day(15):
        scan()
    says(mentorship, "mentor", 16)
    says(mentorship, "student", 17)
    with day(18):
        scan()
    with day(31):
        scan()
    assert flags() == [("warning", "flag", "cleared"), ("warning", "flag", "open")]


def test_a_proposal_of_the_student_waits_for_an_answer(mentorship):
    proposal = meeting(
        mentorship, after(30), state="proposed", created_side="student", created_at=after(1)
    )
    with day(15):
        scan()
    assert flags() == [("warning", "flag", "open")]
    proposal.state, proposal.booked_at = "booked", after(16)
    proposal.save()
    with day(17):
        assert scan().cleared == 1


def test_a_booking_by_the_student_needs_no_answer(mentorship):
    meeting(mentorship, after(60), created_side="student", created_at=after(1), booked_at=after(1))
    with day(40):
        scan()
    assert flags() == []


def test_never_while_waiting_on_the_student(mentorship):
    meeting(mentorship, after(40), state="proposed", created_side="mentor", created_at=after(0))
    says(mentorship, "student", 1)
    with day(15):
        scan()
    assert (flags(), mails("unanswered")) == ([], [])
    # The proposed time passes without her answer: what she wrote is then open again.
    with day(41):
        scan()
    assert flags() == [("high", "rematch", "open")]


@pytest.mark.parametrize("side", ["student", "mentor"])
def test_absences_of_either_are_no_working_days(mentorship, side):
    says(mentorship, "student", 1)
    Absence.objects.create(
        enrollment=getattr(mentorship, side), starts=date(2021, 9, 8), ends=date(2021, 9, 9)
    )
    with day(16):
        scan()
    assert flags() == []
    with day(17):
        scan()
    assert flags() == [("warning", "flag", "open")]


def test_exam_weeks_are_no_working_days(mentorship):
    says(mentorship, "student", 1)
    Pause.objects.create(
        edition=mentorship.cohort.edition,
        name="Exams",
        starts=date(2021, 9, 13),
        ends=date(2021, 9, 17),
    )
    with day(21):
        scan()
    assert flags() == []
    with day(22):
        scan()
    assert flags() == [("warning", "flag", "open")]


def test_the_weekend_is_the_countrys_own(mentorship):
    # Saudi Arabia rests on Friday and Saturday: Sunday, day 6, is a working day.
    mentorship.cohort.country = "SA"
    mentorship.cohort.save()
    says(mentorship, "student", 5, hour=1)
    with day(9):
        scan()
    assert mails("unanswered") == []
    with day(10):
        scan()
    assert len(mails("unanswered")) == 1


def test_a_mentor_who_took_over_answers_from_her_first_day(mentorship):
    says(mentorship, "student", 1)
    mentorship.memberships.filter(role=Role.MENTOR).update(ended_at=after(14))
    new = EnrollmentFactory(cohort=mentorship.cohort, role=Role.MENTOR)
    member(mentorship, new, started_at=after(14))
    with day(20):
        scan()
    assert (flags(), mails("unanswered")) == ([], [])
    with day(21):
        scan()
    assert mails("unanswered") == [f"unanswered to {new.person.email}"]


def test_daylight_saving_moves_no_working_day(mentorship):
    asked = on(2021, 10, 25, 23, 59)
    Message.objects.create(mentorship=mentorship, side="student", sent_at=asked)
    with clock.at(on(2021, 11, 7, 23, 59)):
        scan()
    assert flags() == []
    with clock.at(on(2021, 11, 8, 0, 0)):
        scan()
    assert flags() == [("warning", "flag", "open")]
