"""Choosing is opened, followed and closed; whoever finds nobody is handed over."""

from datetime import timedelta

import pytest

from matching.models import ExpertCase, MentorRequest
from matching.services import choosing, requests
from mentoring import clock
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from tests.factories import CohortFactory
from tests.matching.choosing.conftest import NUMBERS

pytestmark = pytest.mark.django_db


def mails(kind):
    return Notification.objects.filter(kind=kind).count()


def test_students_without_a_mentor_and_all_mentors_are_told(start, opened, student, mentor):
    student(), student(), mentor()
    opened()
    assert (mails("choosing_open"), mails("choosing_open_mentor")) == (2, 1)


def test_one_round_is_open_at_a_time(start, opened):
    opened()
    with pytest.raises(DomainError, match="choosing already"):
        opened()


def test_what_the_program_says_is_proposed(cohort):
    assert choosing.proposed(cohort.planned_spec) == {
        "way": "suggestions",
        "mentors_rank": False,
        **NUMBERS,
    }


def test_numbers_out_of_range_are_refused_by_name(start, opened):
    with pytest.raises(DomainError) as refused:
        opened(asks=4)
    assert refused.value.field == "asks"


def test_groups_that_several_mentors_lead_are_not_chosen(start):
    cohort = CohortFactory(edition="tromso", override_at=clock.now(), override_reason="A test.")
    with pytest.raises(DomainError, match="several mentors"):
        choosing.open_round(cohort=cohort, way="search", by=None, **NUMBERS)


def test_whoever_has_found_nobody_in_time_is_handed_over_once(start, opened, student, mentor):
    her, round_ = student(), opened()
    mentor()
    # Public holidays of the country are no days.
    with clock.at(start + timedelta(days=27)):
        choosing.follow()
        assert not ExpertCase.objects.exists()
    with clock.at(start + timedelta(days=29)):
        choosing.follow()
        choosing.follow()
    case = ExpertCase.objects.get(round=round_)
    assert (case.student, case.why) == (her, ExpertCase.Why.TIME)
    assert mails("expert_looks") == 1


def test_whoever_has_a_mentor_is_not_handed_over(start, opened, student, mentor):
    her, one, round_ = student(), mentor(), opened()
    row = requests.ask(round_=round_, student=her, mentor=one.key, by=her.person)
    requests.accept(request=row, by=one.person)
    with clock.at(start + timedelta(days=60)):
        choosing.follow()
    assert not ExpertCase.objects.exists()


def test_after_a_week_whoever_has_asked_nobody_gets_one_mail(start, opened, student, mentor):
    idle, busy, one, round_ = student(), student(), mentor(capacity=2), opened()
    requests.ask(round_=round_, student=busy, mentor=one.key, by=busy.person)
    for days in (5, 8, 9):
        with clock.at(start + timedelta(days=days)):
            choosing.follow()
    note = Notification.objects.get(kind="choosing_nudge")
    assert note.recipient == idle.person


def test_whoever_comes_later_is_told_too(start, opened, student):
    opened()
    with clock.at(start + timedelta(days=3)):
        student(accepted_at=clock.now())
        choosing.follow()
    assert mails("choosing_open") == 1


def test_the_end_lets_every_line_go_and_says_that_somebody_goes_on(start, opened, student, mentor):
    her, one, round_ = student(), mentor(), opened()
    requests.ask(round_=round_, student=her, mentor=one.key, by=her.person)
    choosing.close_round(round_=round_, by=None)
    assert MentorRequest.objects.get().state == MentorRequest.State.OVERTAKEN
    assert mails("choosing_closed") == 1
    with pytest.raises(DomainError, match="Choosing is over"):
        requests.ask(round_=round_, student=her, mentor=one.key, by=her.person)


def test_a_change_leaves_what_was_told(start, opened, student, mentor):
    her, one, round_ = student(), mentor(), opened()
    row = requests.ask(round_=round_, student=her, mentor=one.key, by=her.person)
    changed = NUMBERS | {"answer_days": 2}
    choosing.change_round(round_=round_, way="search", by=None, **changed)
    assert MentorRequest.objects.get(pk=row.pk).answer_by == row.answer_by
    round_.refresh_from_db()
    assert (round_.way, round_.answer_days) == ("search", 2)
