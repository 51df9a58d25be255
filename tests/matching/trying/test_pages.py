"""The page on which a run is tried: by form posts, in place, and at the same cost for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import MatchRun, PairRule
from matching.services import pair_rules, trying
from mentoring.accounts.models import User
from mentoring.jobs.models import Job
from tests.matching.trying.jobs import finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(as_user, coordinator, cohort):
    client = as_user(coordinator)

    class Office:
        def get(self, run, query="", **extra):
            url = reverse("matching:try_run", args=[cohort.key, run.key]) + query
            return client.get(url, **extra)

        def post(self, run, name="try_run", **data):
            url = reverse(f"matching:{name}", args=[cohort.key, run.key])
            return client.post(url, data)

        def read(self, url):
            return " ".join(client.get(url).content.decode().split())

    return Office()


@pytest.fixture
def usual():
    return {"procedure": "optimal", "weight_campus": "1", "try": "1"}


def test_the_page_of_a_run_leads_there(office, ran, two, cohort):
    run = ran()
    page = office.read(reverse("matching:run", args=[cohort.key, run.key]))
    assert reverse("matching:try_run", args=[cohort.key, run.key]) in page
    form = office.get(run).context["form"]
    assert form["weight_interests"].value() == "1"
    assert form["weight_campus"].value() == "0"


def test_what_would_come_out_is_told_by_name(office, ran, two, usual):
    her, _him, surgeon, scholar = two
    answer = office.post(ran(), **usual)
    assert answer.status_code == 302
    assert "Waiting for its turn" in office.read(answer.url)
    finish()
    page = office.read(answer.url)
    assert "2 students have another mentor" in page
    assert "All scores together, as run 1 weighs" in page
    assert "200.0" in page
    names = (one.person.full_name for one in (her, surgeon, scholar))
    assert "{}: {} → {}".format(*names) in page
    assert "Start a run like this" in page
    assert 'name="weight_campus" value="1"' in page, "what was tried can be changed further"


def test_people_are_named_as_they_are_called_when_it_is_read(office, ran, two, usual):
    answer = office.post(ran(), **usual)
    finish()
    old = two[0].person.full_name
    User.objects.filter(pk=two[0].person_id).update(given_name="", family_name="(left)")
    page = office.read(answer.url)
    assert old not in page
    assert "(left): " in page


def test_the_answer_looks_for_itself_and_then_rests(office, ran, two, usual):
    run = ran()
    job = office.post(run, **usual).url.split("job=")[1].split("#")[0]
    first = office.get(run, f"?job={job}&look=1").content.decode()
    assert "<html" not in first
    assert "look=2" in first
    assert "load delay" in first
    assert "load delay" not in office.get(run, f"?job={job}&look=9").content.decode()
    finish()
    last = office.get(run, f"?job={job}&look=3").content.decode()
    assert "hx-trigger" not in last
    assert "Start a run like this" in last


def test_a_lot_against_a_lot_shows_no_scores(office, ran, two, usual):
    answer = office.post(ran(procedure="random"), **usual | {"procedure": "random"})
    finish()
    assert "All scores" not in office.read(answer.url)


def test_a_marked_pair_stays_marked(office, ran, two, usual):
    her, _him, _surgeon, scholar = two
    mark = f"pin:{her.key}:{scholar.key}"
    answer = office.post(ran(), mark=["", mark], **usual)
    finish()
    assert f'<option value="{mark}" selected>' in office.read(answer.url)


def test_looking_for_a_pair_keeps_what_was_typed_and_tries_nothing(office, ran, two, usual):
    her, him, _surgeon, scholar = two
    mark = f"pin:{her.key}:{scholar.key}"
    answer = office.post(
        ran(), mark=mark, find="1", q=him.person.family_name, **usual | {"weight_campus": "7"}
    )
    rows = answer.context["marks"].rows
    assert [row.student for row in rows] == [her.person.full_name, him.person.full_name]
    assert rows[0].changed
    assert answer.context["form"]["weight_campus"].value() == "7"
    assert not Job.objects.filter(kind=trying.KIND).exists()


def test_a_pair_under_a_rule_can_be_tried_without_it(office, ran, two):
    her, _him, surgeon, _scholar = two
    run = ran()
    PairRule.objects.create(cohort=her.cohort, student=her, mentor=surgeon, kind="pin")
    row = office.get(run).context["marks"].rows[0]
    assert [option.label for option in row.options] == [
        "together, by a rule", "keep apart", "without the rule",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"weight_campus": "-1"}, "Enter 0 or more"),
        ({"procedure": "expert"}, "Select a valid choice"),
        ({"mark": "marry:a:b"}, "There is no such rule."),
        ({"mark": "pin:nobody:none"}, "has left the cohort"),
    ],
)
@pytest.mark.usefixtures("two")
def test_what_makes_no_sense_is_said(office, ran, usual, data, problem):
    answer = office.post(ran(), **usual | data)
    assert answer.status_code == 422
    assert problem in answer.content.decode()


def test_what_no_matching_can_satisfy_is_said_before_any_work(office, ran, two, usual):
    her, him, surgeon, _scholar = two
    marks = [f"pin:{one.key}:{surgeon.key}" for one in (her, him)]
    answer = office.post(ran(), mark=marks, **usual)
    assert answer.status_code == 422
    assert "More students are kept with" in answer.content.decode()


def test_a_run_like_this_is_started_from_the_page(office, ran, two, usual, cohort):
    run = ran()
    job = office.post(run, **usual).url.split("job=")[1].split("#")[0]
    answer = office.post(run, "start_like", job=job)
    fresh = MatchRun.objects.first()
    assert answer.url == reverse("matching:run", args=[cohort.key, fresh.key])
    assert fresh.weights == {"campus": 1}


def test_a_try_of_another_run_is_not_taken_for_this_one(office, ran, two, usual):
    one, other = ran(), ran()
    job = office.post(one, **usual).url.split("job=")[1].split("#")[0]
    assert office.get(other, f"?job={job}").context.get("job") is None
    office.post(other, "start_like", job=job)
    assert MatchRun.objects.count() == 2


def test_a_published_run_is_not_tried(office, ran, two, cohort):
    run = ran()
    MatchRun.objects.update(state="published")
    assert office.get(run).url == reverse("matching:run", args=[cohort.key, run.key])


@pytest.mark.usefixtures("two")
def test_it_costs_the_same_with_two_pairs_and_with_thirty(office, ran, usual, student, mentor):
    def cost(run):
        url = office.post(run, **usual).url
        finish()
        with CaptureQueriesContext(connection) as queries:
            assert "Start a run like this" in office.read(url)
        return len(queries)

    few = cost(ran())
    for n in range(30):
        one, other = student(interests=["Surgery"][: n % 2]), mentor()
        pair_rules.set_rule(cohort=one.cohort, student=one, mentor=other, kind="forbid", by=None)
    assert cost(ran()) == few <= 36
