"""After the first meeting both sides say whether they go together."""

from datetime import timedelta

import pytest

from mentoring import clock
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from sessions import fit as reading
from sessions.models import ChangeRequest, FitAnswer
from sessions.queries import live_memberships
from sessions.services import fit
from tests.factories import EnrollmentFactory, meeting, member, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    made = pair()
    EnrollmentFactory(cohort=made.cohort, role="coordinator")
    return made


@pytest.fixture
def met(two):
    meeting(two, clock.now() - timedelta(days=1), state="held")
    return two


def asked(mentorship, person):
    return mentorship.pk in reading.asked_in(person, live_memberships(person))


def test_both_are_asked_once_they_have_met(two):
    people = [two.student.person, two.mentor.person]
    assert [asked(two, person) for person in people] == [False, False]
    meeting(two, clock.now() - timedelta(days=1), state="held")
    assert [asked(two, person) for person in people] == [True, True]


def test_before_the_first_meeting_no_answer_is_taken(two):
    with pytest.raises(DomainError, match="once you have met"):
        fit.answer(mentorship=two, answer="good", by=two.student.person)


def test_whoever_has_answered_is_not_asked_again_and_the_other_is(met):
    fit.answer(mentorship=met, answer="good", by=met.student.person)
    assert not asked(met, met.student.person)
    assert asked(met, met.mentor.person)


def test_whoever_was_not_sure_is_asked_once_more_after_four_weeks(met):
    her = met.student.person
    fit.answer(mentorship=met, answer="unsure", by=her)
    assert not asked(met, her)
    with clock.at(clock.now() + timedelta(weeks=5)):
        assert asked(met, her)
        fit.answer(mentorship=met, answer="good", by=her)
        assert not asked(met, her)


def test_not_a_fit_is_a_wish_for_a_change_without_a_reason(met):
    her = met.student.person
    fit.answer(mentorship=met, answer="not", by=her)
    wish = ChangeRequest.objects.get()
    assert (wish.person, wish.state) == (her, "open")
    assert not hasattr(wish, "body")


def test_said_twice_it_is_one_wish(met):
    for _ in range(2):
        fit.answer(mentorship=met, answer="not", by=met.mentor.person)
    assert ChangeRequest.objects.count() == 1


def test_what_was_said_is_in_no_record_that_coordinators_read(met):
    fit.answer(mentorship=met, answer="unsure", by=met.student.person)
    assert "unsure" not in str(Event.objects.get(action="fit.answered").data)


def test_in_a_group_only_students_are_asked(met):
    member(met, EnrollmentFactory(cohort=met.cohort))
    assert asked(met, met.student.person)
    assert not asked(met, met.mentor.person)


def test_strangers_and_other_words_are_refused(met):
    with pytest.raises(DomainError):
        fit.answer(mentorship=met, answer="perfect", by=met.student.person)
    stranger = EnrollmentFactory(cohort=met.cohort).person
    with pytest.raises(DomainError):
        fit.answer(mentorship=met, answer="good", by=stranger)
    assert not FitAnswer.objects.exists()


def test_home_asks_and_one_tap_answers(met, as_user):
    her = as_user(met.student.person)
    assert "do you go together?" in her.get("/").content.decode()
    done = her.post(f"/mentorships/{met.key}/fit/", {"answer": "not"}, follow=True)
    text = done.content.decode()
    assert "The coordinators know that you would like a change" in text
    assert "do you go together?" not in text
    assert "do you go together?" in as_user(met.mentor.person).get("/").content.decode()


def test_counts_are_told_from_five_answers_on_and_only_where_the_level_allows(two):
    cohort, pairs = two.cohort, []
    for n in range(5):
        made = pair(cohort)
        meeting(made, clock.now() - timedelta(days=1), state="held")
        fit.answer(mentorship=made, answer="good" if n else "unsure", by=made.student.person)
        pairs.append(made.pk)
    lines = {str(line.text): (line.students, line.mentors) for line in reading.lines(cohort, pairs)}
    assert lines == {"A good fit": (4, None), "Not sure yet": (1, None), "Not a fit": (0, None)}
    assert reading.lines(cohort, pairs[:4]) == []
