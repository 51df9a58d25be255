"""Answering: once, by whoever was asked, with as little or as much as she likes."""

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import SurveyComment, SurveyResponse, WaitingAnswer
from evaluation.surveys import answering, batches, mails
from mentoring import clock
from mentoring.errors import DomainError
from tests.evaluation.conftest import after
from tests.evaluation.surveys.conftest import LAST, answer, ask, close, ground, pass_time
from tests.factories import UserFactory

DAY = after(103)
KEYS = [
    "Y2hlY2stb25seS1jaGVjay1vbmx5LWNoZWNrLW9ubHk=",
    "b3RoZXItb25seS1vdGhlci1vbmx5LW90aGVyLW9ubHk=",
]


@pytest.fixture
def survey(place):
    return ask(place)


def submit(survey, person, **fields):
    with clock.at(DAY):
        answering.submit(
            survey=survey,
            ratings=fields.get("ratings", {"relation-student.honest": 4}),
            comments=fields.get("comments", {}),
            by=person,
        )


def post(survey, person, **data):
    token = mails.token(survey, person)
    with clock.at(DAY):
        return Client().post(reverse("evaluation:take_answer"), {"token": token, **data})


def test_a_second_answer_is_refused_while_the_first_waits_and_after_it_went_in(survey, place):
    person = place.students[0]
    submit(survey, person)
    with pytest.raises(DomainError, match="in already"):
        submit(survey, person)
    for number, other in enumerate(place.students[1:], start=1):
        answer(survey, other, number)
    pass_time(2)
    survey.refresh_from_db()
    assert survey.answered == 7
    for one in place.students:
        with pytest.raises(DomainError, match="in already"):
            submit(survey, one)


def test_rotating_the_keys_lets_nobody_answer_twice_and_loses_no_answer(survey, place, settings):
    settings.FIELD_KEYS = KEYS[:1]
    for number, person in enumerate(place.students):
        answer(survey, person, number)
    settings.FIELD_KEYS = [KEYS[1], KEYS[0]]
    with pytest.raises(DomainError, match="in already"):
        submit(survey, place.students[0])
    close(survey)
    assert SurveyResponse.objects.count() == 12


def test_a_lost_key_loses_what_waits_and_does_not_stop_the_rest(survey, place, settings, caplog):
    settings.FIELD_KEYS = KEYS[:1]
    for number in range(2):
        answer(survey, place.students[number], number)
    settings.FIELD_KEYS = KEYS[1:]
    for number in range(2, 10):
        answer(survey, place.students[number], number)
    close(survey)
    assert SurveyResponse.objects.count() == 8
    assert "not in FIELD_KEYS" in caplog.text


def test_who_was_not_asked_cannot_answer(survey):
    with pytest.raises(DomainError, match="not asked"):
        submit(survey, UserFactory())


def test_after_closing_nobody_can(survey, place):
    with clock.at(LAST), pytest.raises(DomainError, match="has closed"):
        answering.submit(
            survey=survey, ratings={"relation-student.honest": 1}, comments={}, by=place.students[0]
        )
    close(survey)
    with pytest.raises(DomainError, match="has closed"):
        submit(survey, place.students[0])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"ratings": {}}, "Nothing is answered"),
        ({"ratings": {}, "comments": {"open-word.change": "  "}}, "Nothing is answered"),
        ({"ratings": {"relation-student.honest": 6}}, "not one of the answers"),
        ({"ratings": {"relation-mentor.open": 3}}, "not asked"),
        ({"comments": {"open-word.change": "x" * 2001}}, "At most 2000"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(survey, place, fields, says):
    with pytest.raises(DomainError, match=says):
        submit(survey, place.students[0], **fields)
    assert not WaitingAnswer.objects.exists()


def test_a_batch_leaves_five_behind_and_closing_takes_the_rest(survey, place):
    for number, person in enumerate(place.students[:9]):
        answer(survey, person, number)
    assert batches.take_in(survey=survey) == 0
    answer(survey, place.students[9], 9)
    assert batches.take_in(survey=survey) == 5
    assert batches.take_in(survey=survey) == 0
    close(survey)
    survey.refresh_from_db()
    assert (survey.answered, survey.waiting.count()) == (10, 0)
    assert survey.invitations.filter(answered=True).count() == 10


def test_closing_twice_is_closing_once(survey, place):
    for number, person in enumerate(place.students[:6]):
        answer(survey, person, number)
    first = close(survey)
    numbers = set(SurveyResponse.objects.values_list("pk", flat=True))
    assert close(survey).closed_at == first.closed_at
    assert set(SurveyResponse.objects.values_list("pk", flat=True)) == numbers


def test_one_surveys_closing_leaves_the_others_answers_alone(survey, place):
    other = ask(place, occurrence="hand:two", slug="two")
    for number, person in enumerate(place.students[:6]):
        answer(survey, person, number)
        answer(other, person, number)
    close(survey)
    assert other.waiting.count() == 6
    assert SurveyResponse.objects.filter(survey=other).count() == 0


# --- The page ------------------------------------------------------------------------------------


def test_the_whole_way_on_the_page(survey, place):
    response = post(
        survey,
        place.students[0],
        **{"relation-student.honest": "5", "needs-pulse.say": "", "open-word.change": "More time"},
    )
    assert response["Location"] == reverse("evaluation:answered")
    for number, person in enumerate(place.students[1:6], start=1):
        answer(survey, person, number)
    close(survey)
    assert {"relation-student.honest": 5} in SurveyResponse.objects.values_list(
        "ratings", flat=True
    )
    assert SurveyComment.objects.filter(text="More time").count() == 1


def test_bad_input_keeps_what_was_ticked_and_written(survey, place):
    response = post(
        survey,
        place.students[0],
        **{
            "relation-student.honest": "9",
            "relation-student.listens": "4",
            "open-word.change": "Keep it",
        },
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "That is not one of the answers." in page
    assert 'name="relation-student.listens" value="4" checked' in page
    assert "Keep it" in page
    assert not WaitingAnswer.objects.exists()


def test_a_text_that_is_too_long_comes_back_whole(survey, place):
    text = "long " * 500
    response = post(survey, place.students[0], **{"open-word.change": text})
    assert response.status_code == 422
    assert text.strip() in response.content.decode()


def test_an_empty_form_is_asked_again(survey, place):
    response = post(survey, place.students[0])
    assert response.status_code == 422
    assert "One question is enough" in response.content.decode()


def test_a_second_time_the_page_says_that_the_answer_is_in(survey, place):
    person = place.students[0]
    assert post(survey, person, **{"relation-student.honest": "5"}).status_code == 302
    again = post(survey, person, **{"relation-student.honest": "1"})
    assert again.status_code == 422
    assert "Your answer is in already" in again.content.decode()
    with clock.at(DAY):
        page = Client().get(mails.answer_url(survey, person))
    assert "Your answer is in already" in page.content.decode()


def test_opening_the_form_changes_nothing(survey, place):
    with clock.at(DAY):
        page = Client().get(mails.answer_url(survey, place.students[0]))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert not WaitingAnswer.objects.exists()


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
def test_a_broken_link_says_what_to_do(survey, token):
    response = Client().post(reverse("evaluation:take_answer"), {"token": token})
    assert response.status_code == 422
    assert "not complete" in response.content.decode()


def test_a_link_that_was_made_for_something_else_opens_no_form(survey, place):
    from mentoring import links

    token = links.sign(
        purpose="outbox.mute", user=place.students[0], subject=survey.key, until=LAST
    )
    with clock.at(DAY):
        response = Client().get(reverse("evaluation:answer_link", args=[token]))
    assert "not complete" in response.content.decode()


def test_after_the_last_day_the_link_says_that_it_is_over(survey, place):
    address = mails.answer_url(survey, place.students[0])
    with clock.at(after(130)):
        page = Client().get(address).content.decode()
    assert "This survey has closed" in page


def test_the_card_on_the_home_goes_with_the_answer(survey, place, as_user):
    client = as_user(place.students[0])
    with clock.at(DAY):
        assert "Two minutes for a survey" in client.get("/").content.decode()
        submit(survey, place.students[0])
        assert "Two minutes for a survey" not in client.get("/").content.decode()


def test_a_mentor_is_asked_as_a_mentor(db, as_user):
    place = ground(students=0, mentors=6)
    survey = ask(place, "mentor")
    with clock.at(DAY):
        client = as_user(place.mentors[0])
        assert "Two minutes for a survey" in client.get("/").content.decode()
        page = client.get(reverse("evaluation:answer", args=[survey.key])).content.decode()
    assert "I would be a mentor again." in page
    assert "I would choose this mentor again." not in page
