"""A student asks mentors in order; each says yes or not now, or the request moves on."""

from datetime import timedelta

import pytest

from matching import private
from matching.models import ExpertCase, Membership, MentorRequest
from matching.services import choosing, requests
from matching.services.mentorships import assign
from mentoring import clock
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification, State
from programs.models import Absence

pytestmark = pytest.mark.django_db
S = MentorRequest.State


@pytest.fixture
def ask(start, opened):
    """Lets a student ask a mentor in the round that is open, or opens one."""

    def make(student, mentor, **more):
        round_ = choosing.current(student.cohort) or opened()
        return requests.ask(
            round_=round_, student=student, mentor=mentor.key, by=student.person, **more
        )

    return make


def states(student):
    rows = MentorRequest.objects.filter(student=student).order_by("position")
    return [row.state for row in rows]


def mails(kind):
    return Notification.objects.filter(kind=kind).count()


def accept(row):
    return requests.accept(request=row, by=row.mentor.person)


def decline(row):
    requests.decline(request=row, by=row.mentor.person)


def test_the_first_is_asked_at_once_and_has_five_working_days(ask, student, mentor):
    row = ask(student(), mentor(), word="I would like to learn how you work.")
    assert row.state == S.OPEN
    # Asked on Monday, September 6: five working days end with Monday the 13th.
    assert row.last_day.isoformat() == "2021-09-13"
    assert mails("mentor_asked") == 1
    assert private.word(row) == "I would like to learn how you work."


def test_days_on_which_the_mentor_is_away_do_not_count(ask, student, mentor):
    one = mentor()
    Absence.objects.create(enrollment=one, starts="2021-09-09", ends="2021-09-10")
    assert ask(student(), one).last_day.isoformat() == "2021-09-15"


def test_the_others_wait_in_line_and_nobody_is_mailed(ask, student, mentor):
    her = student()
    ask(her, mentor())
    ask(her, mentor())
    assert states(her) == [S.OPEN, S.WAITING]
    assert mails("mentor_asked") == 1


def test_no_more_are_asked_than_the_round_allows(ask, student, mentor):
    her = student()
    for _ in range(3):
        ask(her, mentor())
    with pytest.raises(DomainError, match="You ask 3 mentors already"):
        ask(her, mentor())


def test_nobody_is_asked_twice(ask, student, mentor):
    her, one = student(), mentor()
    row = ask(her, one)
    with pytest.raises(DomainError, match="cannot be asked any more"):
        ask(her, one)
    decline(row)
    with pytest.raises(DomainError, match="cannot be asked any more"):
        ask(her, one)


def test_yes_makes_them_a_pair_and_lets_the_others_go(ask, student, mentor):
    her, one = student(), mentor()
    row = ask(her, one)
    ask(her, mentor())
    mentorship = accept(row)
    seats = Membership.objects.filter(mentorship=mentorship, ended_at=None)
    assert {seat.enrollment_id for seat in seats} == {her.pk, one.pk}
    assert states(her) == [S.ACCEPTED, S.OVERTAKEN]
    assert MentorRequest.objects.get(state=S.ACCEPTED).mentorship == mentorship
    assert mails("mentorship_formed") == 2


def test_no_asks_the_next_and_the_student_reads_no_reason(ask, student, mentor):
    her, second = student(), mentor()
    row = ask(her, mentor())
    ask(her, second)
    decline(row)
    assert states(her) == [S.DECLINED, S.OPEN]
    assert mails("request_moved") == 1
    asked = Notification.objects.filter(kind="mentor_asked").order_by("pk").last()
    assert asked.recipient == second.person


def test_a_request_nobody_answers_moves_on_by_itself(ask, student, mentor):
    her = student()
    row = ask(her, mentor())
    ask(her, mentor())
    with clock.at(row.answer_by - timedelta(minutes=1)):
        choosing.follow()
        assert states(her) == [S.OPEN, S.WAITING]
    with clock.at(row.answer_by):
        choosing.follow()
        choosing.follow()
    assert states(her) == [S.EXPIRED, S.OPEN]
    assert mails("request_moved") == 1
    assert mails("mentor_asked") == 2


def test_a_mentor_is_reminded_once_on_the_way(ask, student, mentor):
    row = ask(student(), mentor())
    note = Notification.objects.get(kind="mentor_asked_again")
    assert row.asked_at < note.due_at < row.answer_by
    assert note.not_after == row.answer_by


def test_whoever_gives_her_last_place_lets_the_others_go(ask, student, mentor):
    one, other = mentor(capacity=1), mentor()
    first, second = student(), student()
    yes, waits = ask(first, one), ask(second, one)
    ask(second, other)
    accept(yes)
    assert states(second) == [S.OVERTAKEN, S.OPEN]
    with pytest.raises(DomainError, match="does not need an answer any more"):
        accept(waits)


def test_a_mentor_with_places_left_keeps_her_other_requests(ask, student, mentor):
    one = mentor(capacity=2)
    first, second = student(), student()
    yes = ask(first, one)
    ask(second, one)
    accept(yes)
    assert states(second) == [S.OPEN]


def test_a_coordinator_who_assigns_lets_her_line_go(ask, student, mentor, coordinator):
    her = student()
    ask(her, mentor())
    assign(student=her, mentor=mentor(), by=coordinator)
    assert states(her) == [S.OVERTAKEN]


def test_a_request_taken_back_asks_the_next_and_stops_the_mail(ask, student, mentor):
    her = student()
    row = ask(her, mentor())
    ask(her, mentor())
    requests.withdraw(request=row, by=her.person)
    assert states(her) == [S.WITHDRAWN, S.OPEN]
    first = Notification.objects.filter(kind="mentor_asked").order_by("pk").first()
    assert first.state == State.SUPPRESSED


def test_who_waits_can_come_earlier_but_not_before_whoever_is_asked(ask, student, mentor):
    her = student()
    first, second, third = (ask(her, mentor()) for _ in range(3))
    requests.move_up(request=third, by=her.person)
    assert [row.pk for row in MentorRequest.objects.filter(student=her)] == [
        first.pk,
        third.pk,
        second.pk,
    ]
    with pytest.raises(DomainError, match="next already"):
        requests.move_up(request=third, by=her.person)


def test_a_mentor_who_falls_away_is_passed_over(ask, student, mentor):
    her, ill = student(), mentor()
    ask(her, ill)
    ask(her, mentor())
    Absence.objects.create(enrollment=ill, starts="2021-09-06", ends="2021-09-30")
    choosing.follow()
    assert states(her) == [S.OVERTAKEN, S.OPEN]


def test_a_pause_keeps_who_is_asked_and_passes_over_who_waits(ask, student, mentor):
    her, first, second = student(), mentor(), mentor()
    ask(her, first)
    ask(her, second)
    for one in (first, second):
        requests.pause(mentor=one, on=True, by=one.person)
    choosing.follow()
    assert states(her) == [S.OPEN, S.OVERTAKEN]


def test_once_everybody_suggested_cannot_a_coordinator_looks(ask, student, mentor):
    her = student()
    rows = [ask(her, mentor()) for _ in range(2)]
    for row in rows:
        decline(MentorRequest.objects.get(pk=row.pk))
    case = ExpertCase.objects.get(student=her)
    assert case.why == ExpertCase.Why.NOBODY
    assert mails("expert_looks") == 1


def test_while_somebody_is_left_to_ask_nobody_else_looks(ask, student, mentor):
    her = student()
    mentor()
    decline(ask(her, mentor()))
    assert not ExpertCase.objects.exists()


def test_who_would_rather_not_choose_is_looked_for_and_her_line_let_go(ask, student, mentor):
    her = student()
    ask(her, mentor())
    round_ = choosing.current(her.cohort)
    requests.let_look(round_=round_, student=her, by=her.person)
    assert states(her) == [S.WITHDRAWN]
    assert ExpertCase.objects.get(student=her).why == ExpertCase.Why.WISH


def test_a_word_too_long_is_refused_and_nothing_is_asked(ask, student, mentor):
    with pytest.raises(DomainError, match="longer than 500"):
        ask(student(), mentor(), word="x" * 501)
    assert not MentorRequest.objects.exists()


def test_of_two_who_ask_for_the_last_place_the_second_yes_is_refused(ask, student, mentor):
    one = mentor(capacity=1)
    rows = [ask(student(), one) for _ in range(2)]
    accept(rows[0])
    with pytest.raises(DomainError):
        accept(rows[1])
    assert Membership.objects.filter(role="student", ended_at=None).count() == 1
