"""Why not that one: a real counterfactual, in words, for one pair of a run."""

import pytest
from django.urls import reverse

from matching import presenters_why
from matching.models import MatchRun, PairRule
from matching.services import runs
from mentoring.jobs import services as work
from mentoring.jobs.models import Job

pytestmark = pytest.mark.django_db


def finish():
    for job in Job.objects.filter(state="queued"):
        work.run(job.pk)


@pytest.fixture
def ran(cohort, coordinator):
    def make(**more):
        fields = {"procedure": "optimal", "weights": {"interests": 1}, "required": [], "seed": 1}
        run = runs.start(cohort=cohort, by=coordinator, **fields | more)
        finish()
        return MatchRun.objects.get(pk=run.pk)

    return make


@pytest.fixture
def why(as_user, coordinator, cohort):
    """What the page answers about a student of a run and another mentor."""
    client = as_user(coordinator)

    def ask(run, student, mentor):
        url = reverse("matching:why_not", args=[cohort.key, run.key, student.key])
        asked = client.post(url, {"mentor": mentor.key})
        finish()
        return " ".join(client.get(asked.url).content.decode().split())

    return ask


def test_a_pair_that_costs_another_student_her_place(ran, why, student, mentor):
    poor, rich = student(), student()
    one, two = mentor(), mentor()
    PairRule.objects.create(cohort=poor.cohort, student=poor, mentor=two, kind="forbid")
    text = why(ran(), rich, one)
    assert "It would leave 1 other student without a mentor." in text
    assert f"{poor.person.full_name}: nobody, instead of {one.person.full_name}" in text


def test_a_pair_that_makes_two_change_places_and_all_of_it_worse(ran, why, student, mentor):
    her, other = student(interests=["Surgery"]), student(interests=["Research"])
    hers, theirs = mentor(interests=["Surgery"]), mentor(interests=["Research"])
    text = why(ran(), her, theirs)
    assert "As many would be placed, but all pairs together would be worse." in text
    assert f"0 of 100, instead of 100 with {hers.person.full_name}" in text
    assert "For all together: 200.0 points of 100 less." in text
    assert f"{other.person.full_name}: from {theirs.person.full_name}" in text
    assert "1 other would move, at least" in text


def test_a_pair_that_costs_nothing(ran, why, student, mentor):
    her, one, two = student(), mentor(), mentor()
    run = ran()
    free = two if run.pairs.get().mentor == one else one
    assert "could be a pair at no cost" in why(run, her, free)
    assert "Nobody else would have to move" in why(run, her, free)


@pytest.mark.parametrize(
    ("kind", "says"),
    [("forbid", "are to be kept apart"), ("assesses", "assesses"), ("former", "were together")],
)
def test_what_forbids_the_pair_is_named(kind, says):
    class Somebody:
        class person:  # noqa: N801 (stands for a related object)
            full_name = "Ada"

    answer = presenters_why.answer({"why": kind}, Somebody, Somebody)
    assert says in answer.verdict
    assert not answer.possible


def test_a_must_that_forbids_is_named(ran, why, student, mentor):
    her = student(languages=["en"])
    mentor(languages=["en"])
    foreign = mentor(languages=["fr"])
    assert "share no language" in why(ran(required=["languages"]), her, foreign)


def test_the_page_offers_to_keep_the_two_together(ran, why, student, mentor):
    her, one, two = student(), mentor(), mentor()
    run = ran()
    free = two if run.pairs.get().mentor == one else one
    assert f"pin:{her.key}:{free.key}" in why(run, her, free)


def test_without_a_mentor_chosen_the_page_says_so(ran, as_user, coordinator, student, mentor):
    her, _one = student(), mentor()
    url = reverse("matching:why_not", args=[her.cohort.key, ran().key, her.key])
    done = as_user(coordinator).post(url, follow=True)
    assert "Choose a mentor." in done.content.decode()
