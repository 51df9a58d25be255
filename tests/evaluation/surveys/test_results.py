"""What a closed survey says, to whom, and what it never says."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.models import Survey, SurveyInvitation
from evaluation.surveys import answering, opening, results, tick
from mentoring import clock
from tests.evaluation.conftest import after
from tests.evaluation.surveys.conftest import FIRST, LAST, answer, ask, close, ground


def fill(place, survey, rows, comments=()):
    """The first people answer with these ratings."""
    for number, ratings in enumerate(rows):
        words = {"open-word.change": comments[number]} if number < len(comments) else {}
        with clock.at(after(102)):
            answering.submit(
                survey=survey, ratings=ratings, comments=words, by=place.students[number]
            )


def need(*values):
    return dict(
        zip(("needs-pulse.say", "needs-pulse.bend", "needs-pulse.tick-off"), values, strict=False)
    )


def scale(result, slug):
    return next(one for one in result.scales if one.slug == slug)


def test_a_worked_example(place):
    survey = ask(place)
    # Means 7, 6, 5, 4 (two of three) and 3; mean 5, SD 1.58, t(4): 3.0–7.0; the sixth said too
    # little to count.
    fill(place, survey, [need(7, 7, 1), need(6, 6, 2), need(5, 5, 3), need(4, 4), need(3, 3, 5),
                         need(7)])  # fmt: skip
    close(survey)
    (result,) = results.for_cohort(place.cohort, LAST)
    autonomy = scale(result, "needs-pulse.autonomy").estimate
    assert (result.invited, result.answered, round(result.rate.value, 3)) == (12, 6, 0.5)
    assert (autonomy.value, autonomy.n, autonomy.low, autonomy.high) == (5.0, 5, 3.0, 7.0)
    say, _bend, tick_off = scale(result, "needs-pulse.autonomy").items
    assert say.favorable.value == 0.67
    # Four only answered the item that is turned.
    assert tick_off.favorable is None
    assert scale(result, "needs-pulse.competence").estimate is None


def test_nothing_is_told_before_the_closing_and_nothing_changes_after(place):
    survey = ask(place)
    for number, person in enumerate(place.students):
        answer(survey, person, number)
    assert results.for_cohort(place.cohort, LAST) == []
    with pytest.raises(ValueError, match="open survey"):
        results.of(survey)
    close(survey)
    assert results.for_cohort(place.cohort, FIRST) == []
    told = results.for_cohort(place.cohort, LAST)
    assert [one.slug for one in told] == ["mid-year-student"]
    assert results.for_cohort(place.cohort, after(300)) == told


def test_fewer_than_five_answers_are_not_told_not_even_their_number(place):
    survey = ask(place)
    fill(place, survey, [need(7, 7, 1)] * 4, ["Mine"] * 4)
    close(survey)
    (result,) = results.for_cohort(place.cohort, LAST)
    assert result.suppressed
    assert (result.answered, result.rate, result.scales, result.comments) == (None, None, (), None)
    assert results.comments(Survey.objects.get()) == []


@pytest.mark.parametrize(("wrote", "shown"), [(4, 0), (5, 5)])
def test_words_are_shown_from_five_on(place, wrote, shown):
    survey = ask(place)
    fill(place, survey, [need(7, 7, 1)] * 8, [f"Words {n}" for n in range(wrote)])
    close(survey)
    ((_question, written),) = results.comments(Survey.objects.get())
    assert len(written) == shown
    assert results.for_cohort(place.cohort, LAST)[0].comments == (5 if shown else None)


def test_means_and_shares_cannot_be_taken_apart(place):
    """One person skips two of three items; her one answer must not follow from the figures.

    Two plays that differ in that answer alone print the same mean of the scale, and a share that
    moves only where her answer crosses the middle.
    """
    told = []
    for odd in (1, 2, 3):
        survey = ask(place, occurrence=f"hand:{odd}", slug=f"odd-{odd}")
        fill(place, survey, [*[need(5, 6, 3)] * 9, need(odd)])
        close(survey)
        survey.refresh_from_db()
        told.append(results.of(survey).scales)
    assert told[0] == told[1] == told[2]


def test_there_is_nothing_by_which_answers_could_be_narrowed(place):
    """No field of an answer describes a person, so no report has a filter to subtract with."""
    from evaluation.models import SurveyComment, SurveyResponse

    assert {f.name for f in SurveyResponse._meta.get_fields()} == {"id", "survey", "ratings"}
    fields = {f.name for f in SurveyComment._meta.get_fields()}
    assert fields == {"id", "survey", "question", "text"}
    names = {f.name for f in SurveyInvitation._meta.get_fields()}
    assert names == {"id", "survey", "person", "answered"}


# --- Pages ---------------------------------------------------------------------------------------


@pytest.fixture
def closed(place):
    survey = ask(place)
    for number, person in enumerate(place.students):
        answer(survey, person, number)
    return close(survey)


def test_the_page_of_a_closed_survey(closed, place, as_user):
    with clock.at(LAST):
        page = as_user(place.coordinator).get(reverse("evaluation:survey", args=[closed.key]))
    text = page.content.decode()
    assert "12 of 12" in text
    assert "Quality of the relation" in text
    assert "Voice number 007" in text
    assert all(person.full_name not in text for person in place.students)


def test_few_who_did_not_answer_are_not_told_apart(place, as_user):
    survey = ask(place)
    for number, person in enumerate(place.students[:10]):
        answer(survey, person, number)
    survey = close(survey)
    with clock.at(LAST):
        for page in ("survey", "surveys"):
            key = survey.key if page == "survey" else place.cohort.key
            text = as_user(place.coordinator).get(reverse(f"evaluation:{page}", args=[key]))
            assert "at least 8 of 12" in text.content.decode()
            assert "10 of 12" not in text.content.decode()
            assert "83 %" not in text.content.decode()
            # Nor does a base beside a figure say it.
            assert "10 people" not in text.content.decode()


def test_while_it_is_open_the_page_has_no_figure_of_what_is_said(place, as_user):
    survey = ask(place)
    for number, person in enumerate(place.students):
        answer(survey, person, number)
    with clock.at(after(115)):
        page = as_user(place.coordinator).get(reverse("evaluation:survey", args=[survey.key]))
    text = page.content.decode()
    assert "fewer than 5 of 12" in text
    # Nine of these twelve may wait uncounted: nobody can say that it is fewer than half.
    assert "Fewer than half so far" not in text
    assert "Cronbach" not in text
    assert "Voice" not in text


def test_fewer_than_half_is_said_where_no_waiting_answer_can_make_up_for_it(db, as_user):
    place = ground(students=20)
    survey = ask(place)
    with clock.at(after(115)):
        page = as_user(place.coordinator).get(reverse("evaluation:survey", args=[survey.key]))
    assert "Fewer than half so far" in page.content.decode()


def test_a_side_of_too_few_people_is_said_before_and_after_its_moment(db, as_user):
    place = ground(mentors=4)
    client = as_user(place.coordinator)
    address = reverse("evaluation:surveys", args=[place.cohort.key])
    few = "not sent to 4 people: an anonymous survey needs at least 5"
    first, last = opening.unsent(place.cohort)[0], opening.unsent(place.cohort)[-1]
    with clock.at(first.opens_at + timedelta(days=1)):
        tick.tick(clock.now())
        assert few in client.get(address).content.decode()
    with clock.at(last.closes_at + timedelta(days=1)):
        text = client.get(address).content.decode()
    assert few not in text
    assert "not sent" in text


def test_a_coordinator_plans_closes_and_takes_back_on_the_page(place, as_user):
    client = as_user(place.coordinator)
    with clock.at(after(100)):
        address = reverse("evaluation:new_survey", args=[place.cohort.key])
        assert client.get(address).status_code == 200
        data = {
            "title": "One month in",
            "side": "student",
            "instruments": ["needs-pulse", "open-word"],
            "opens_on": "2021-12-20",
            "closes_on": "2022-01-10",
        }
        assert client.post(address, data | {"side": "mentor"}).status_code == 422
        assert client.post(address, data).status_code == 302
        planned = Survey.objects.get()
        assert planned.state == "scheduled"
        client.post(reverse("evaluation:take_back_survey", args=[planned.key]))
        assert not Survey.objects.exists()
        client.post(address, data | {"opens_on": "2021-12-15"})
        survey = Survey.objects.get()
        assert (survey.state, survey.invited) == ("open", 12)
        client.post(reverse("evaluation:close_survey", args=[survey.key]))
        survey.refresh_from_db()
        assert survey.state == "closed"


def test_the_board_shows_how_many_answered(closed, place, as_user):
    with clock.at(LAST):
        page = as_user(place.coordinator).get(reverse("evaluation:board", args=[place.cohort.key]))
    assert "answered: 12 of 12" in page.content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_the_same_number_of_queries(
    place, as_user, number, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(place, occurrence="first", slug="first")
    client = as_user(place.coordinator)
    address = reverse("evaluation:surveys", args=[place.cohort.key])
    with clock.at(after(105)):
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for n in range(number):
            ask(place, occurrence=f"n{n}", slug=f"n{n}")
        with django_assert_num_queries(len(few)):
            page = client.get(address)
    assert page.status_code == 200


def test_the_figures_of_a_simulation(db):
    from evaluation.surveys.ports import figures

    place = ground()
    assert figures(place.cohort) == {}
    survey = ask(place)
    for number, person in enumerate(place.students[:6]):
        answer(survey, person, number)
    assert figures(place.cohort) == {
        "surveys": {"mid-year-student": {"sent": 12, "answered": 6, "rate": 0.5}}
    }
