"""When all places are taken the next step is on the page; publishing says what follows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from sessions.services import change_requests
from tests.factories import EnrollmentFactory, pair


@pytest.fixture
def her(as_user, coordinator):
    return as_user(coordinator)


def text(response):
    return " ".join(response.content.decode().split())


def assign_url(student):
    return reverse("matching:assign", args=[student.cohort.key, student.key])


def test_a_mentor_gets_one_more_place_where_it_is_needed(her, cohort, student, mentor):
    anna = student()
    busy, idle = pair(cohort).mentor, mentor(capacity=0)
    type(busy).objects.filter(pk=busy.pk).update(capacity=1)
    page = her.get(assign_url(anna))
    assert "0 places are free in this cohort" in text(page)
    assert page.context["full"] == [idle, busy], "the least loaded first"
    url = reverse("matching:add_place", args=[cohort.key, idle.key])
    assert her.post(url, {"next": assign_url(anna)}).url == assign_url(anna)
    again = her.get(assign_url(anna))
    assert [one.mentor for one in again.context["candidates"]] == [idle]
    assert "1 place is free in this cohort" in text(again)


def test_a_way_back_leads_nowhere_else(her, cohort, mentor):
    url = reverse("matching:add_place", args=[cohort.key, mentor(capacity=100).key])
    answer = her.post(url, {"next": "https://elsewhere.example/"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("matching:unmatched", args=[cohort.key])
    assert "at most 100 places" in text(answer)


def test_before_agreeing_to_a_wish_the_free_places_are_told(her, cohort, mentor):
    mentorship = pair(cohort)
    type(mentorship.mentor).objects.filter(pk=mentorship.mentor.pk).update(capacity=1)
    wish = change_requests.ask(mentorship=mentorship, by=mentorship.student.person)
    url = reverse("sessions:change_request", args=[wish.key])
    assert "No mentor has a free place" in text(her.get(url))
    mentor(capacity=2)
    assert "2 places with mentors are free" in text(her.get(url))


def run_of(cohort, *pairs):
    run = cohort.match_runs.create(
        number=1, procedure="optimal", seed=1, state="done",
        result={"placed": len(pairs), "unmatched": 0, "total": 1, "loads": {"1": len(pairs)},
                "seconds": 0.1},
    )  # fmt: skip
    for student, mentor in pairs:
        run.pairs.create(student=student, mentor=mentor, score=1)
    return run


def question_of(her, run):
    return her.get(reverse("matching:run", args=[run.cohort.key, run.key])).context["question"]


def test_publishing_says_what_follows(her, cohort, student, mentor):
    cohort.state = "matching"
    cohort.save()
    run = run_of(cohort, (student(), mentor()))
    day = cohort.edition.starts
    noon = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    EnrollmentFactory(cohort=cohort, role=Role.STUDENT, state="applied")
    with clock.at(noon - timedelta(days=10)):
        early = question_of(her, run)
    assert "can meet before the first day, too, and 2 people get a mail" in early
    assert "now" not in early
    assert "becomes “Running”" in early
    assert "reminders and flags count from then" in early
    assert "Not done yet" in early
    assert "Everyone has answered" in early
    assert "night" not in early
    with clock.at(noon + timedelta(hours=13)):
        late = question_of(her, run)
    assert "count from then" not in late
    assert "The mentorship begins now" in late
    assert "mails go out at 07:00" in late


def test_runs_are_compared_with_runs_that_weighed_the_same(cohort):
    from matching import presenters

    def run(number, weights, total):
        return cohort.match_runs.create(
            number=number, procedure="optimal", seed=1, state="done", weights=weights,
            result={"placed": 1, "unmatched": 0, "total": total},
        )  # fmt: skip

    runs = [run(3, {"interests": 2}, 600_000), run(2, {"campus": 1}, 900_000),
            run(1, {"interests": 2}, 500_000)]  # fmt: skip
    assert [row.gain for row in presenters.run_rows(runs)] == [10.0, None, None]


def test_the_most_loaded_mentors_are_named(her, cohort, student, mentor):
    busy, idle = mentor(), mentor()
    run = run_of(cohort, (student(), busy), (student(), busy), (student(), idle))
    page = her.get(reverse("matching:run", args=[cohort.key, run.key]))
    assert page.context["most"] == [busy]


def test_wishes_and_concerns_stand_on_the_coordinators_home(her, cohort, coordinator):
    from sessions.services import concerns

    mentorship = pair(cohort)
    student = mentorship.student.person
    change_requests.ask(mentorship=mentorship, by=student)
    concerns.raise_concern(
        cohort=cohort, recipient=coordinator, text="Trouble", urgent=False, by=student
    )
    home = text(her.get(reverse("home")))
    assert "Somebody waits for your answer" in home
    assert f"{student.full_name} would like a change" in home
    assert "Trouble" not in home
