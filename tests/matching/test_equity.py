"""Equity of runs: groups of people fare alike or not, and no small group is told."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from matching import equity, presenters_equity
from matching.models import MatchRun
from matching.services import board, publishing, runs
from matching.trials import stats
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.jobs import services as work
from mentoring.jobs.models import Job
from programs.presenters.documents import matching_lines
from programs.spec import load
from tests.factories import START, CohortFactory, EnrollmentFactory, template_document


def people(*values):
    """Facts of students with these genders, ids from 1."""
    return {"students": [{"id": n, "gender": value} for n, value in enumerate(values, 1)],
            "equity": ["gender"]}  # fmt: skip


def measured(data, scores, **more):
    """``scores`` by student, in her order; ``None`` for whoever is left over."""
    return equity.measure(data, enumerate(scores, 1), **{"scored": True, "welch": True} | more)


class TestFigures:
    data = people(*["f"] * 6, *["m"] * 8)
    scores = [500_000, 600_000, 700_000, 800_000, 900_000, None, *[400_000] * 7, 480_000]

    def test_a_group_has_its_share_with_wilsons_interval(self):
        women, men = measured(self.data, self.scores)["gender"]
        wilson = stats.proportion(5, 6)
        assert (women["n"], women["placed"], men["placed"]) == (6, 5, 8)
        assert women["share"] == pytest.approx(
            {"value": wilson.value, "low": wilson.low, "high": wilson.high}, abs=1e-6
        )

    def test_it_is_compared_with_all_others_by_newcombes_interval(self):
        women, men = measured(self.data, self.scores)["gender"]
        newcombe = stats.difference(5, 6, 8, 8)
        assert women["difference"] == pytest.approx(
            {"value": newcombe.value, "low": newcombe.low, "high": newcombe.high}, abs=1e-6
        )
        assert men["difference"]["value"] == -women["difference"]["value"]

    def test_scores_are_means_of_the_placed_in_points_of_a_hundred(self):
        women, men = measured(self.data, self.scores)["gender"]
        assert (women["mean"], men["mean"]) == (70.0, 41.0)
        welch = stats.mean_difference([50, 60, 70, 80, 90], [40] * 7 + [48])
        assert women["score_difference"] == pytest.approx(
            {"value": welch.value, "low": welch.low, "high": welch.high}, abs=1e-6
        )

    def test_where_scores_did_not_matter_there_are_none(self):
        women, _men = measured(self.data, self.scores, scored=False)["gender"]
        assert not {"mean", "score_difference"} & set(women)

    def test_without_scipy_the_means_stay_and_their_intervals_go(self):
        women, _men = measured(self.data, self.scores, welch=False)["gender"]
        assert (women["mean"], women["score_difference"]) == (70.0, None)

    def test_the_mean_of_fewer_than_five_placed_is_kept_back_and_so_is_its_complement(self):
        women, men = measured(self.data, [None] * 3 + [1] * 11)["gender"]
        assert women["few_scores"]
        assert men["few_scores"]
        assert women["placed"] == 3

    def test_who_waits_for_two_places_is_placed_with_both(self):
        data = people(*["f"] * 5, *["m"] * 5)
        chosen = [(n, 1) for n in range(1, 11)] + [(1, None), (2, 1)]
        women, _men = equity.measure(data, chosen, scored=True, welch=True)["gender"]
        assert (women["n"], women["placed"]) == (5, 4)

    def test_nothing_on_record_is_a_group_and_comes_last(self):
        data = people(*["10"] * 5, *["9"] * 5, *[None] * 5)
        found = measured(data, [1] * 15)["gender"]
        assert [one["value"] for one in found] == ["9", "10", ""]
        found = measured(people(*["male"] * 5, *["female"] * 5), [1] * 10)["gender"]
        assert [one["value"] for one in found] == ["female", "male"]

    def test_the_smallest_of_the_others_hides_a_small_group(self):
        found = measured(people(*["x"] * 3, *["f"] * 6, *["m"] * 7), [1] * 16)["gender"]
        assert [one["value"] for one in found if one.get("few")] == ["f", "x"]

    def test_one_group_has_nothing_to_be_compared_with(self):
        (alone,) = measured(people(*["f"] * 6), [1] * 6)["gender"]
        assert alone["difference"] is None
        assert alone["score_difference"] is None

    def test_without_an_opt_in_nothing_is_looked_at(self):
        assert measured({"students": self.data["students"]}, self.scores) == {}


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_no_number_of_one_to_four_people_can_be_worked_out(sizes):
    values = [str(n) for n, size in enumerate(sizes) for _ in range(size)]
    groups = measured(people(*values), [1] * len(values), welch=False)["gender"]
    told = sum(one["n"] for one in groups if not one.get("few"))
    kept_back = sum(one.get("few", False) for one in groups)
    assert all(one["n"] >= 5 for one in groups if not one.get("few"))
    assert all(set(one) == {"value", "few"} for one in groups if one.get("few"))
    # The number of all is known: what is left for those kept back is more than one group's.
    assert kept_back != 1 or len(groups) == 1
    assert not told or len(values) - told == 0 or len(values) - told >= 5


@pytest.fixture
def cohort(db):
    """A program that looks at gender and campus."""
    document = template_document()
    looked_at = document["matching"] | {"equity": ["gender", "campus"]}
    return CohortFactory(edition=document | {"matching": looked_at}, override_at=START)


@pytest.fixture
def crowd(cohort, student, mentor):
    """Twelve students: of the women all but one have the interest of the mentors, no man has."""
    for n in range(12):
        student(gender="f" if n % 2 else "m", interests=["surgery"] if n % 2 and n > 1 else [])
    for _ in range(11):
        mentor(interests=["surgery"])


@pytest.fixture
def ran(cohort, coordinator, crowd):
    def make(procedure="optimal", **weights):
        run = runs.start(
            cohort=cohort, procedure=procedure, weights=weights or {"interests": 1}, required=[],
            by=coordinator, seed=1,
        )  # fmt: skip
        for job in Job.objects.filter(state="queued"):
            work.run(job.pk)
        run.refresh_from_db()
        return run

    return make


@pytest.fixture
def page(as_user, coordinator, cohort):
    client = as_user(coordinator)

    def get(name, *args):
        answer = client.get(reverse(f"matching:{name}", args=[cohort.key, *args]))
        return " ".join(answer.content.decode().split())

    return get


def test_the_job_keeps_equity_with_the_run_and_not_in_the_log(ran):
    run = ran()
    women, men = run.result["equity"]["gender"]
    assert (women["value"], women["n"], women["placed"]) == ("f", 6, 6)
    assert (men["placed"], men["mean"]) == (5, 0.0)
    assert women["score_difference"]["low"] < women["score_difference"]["value"]
    done = Event.objects.get(action="matching.run_done")
    assert "equity" not in done.data


def test_the_page_of_a_run_tells_it_in_words(ran, page):
    text = page("run", ran().key)
    assert "Whether groups of students fare alike in this run." in text
    assert "100.0 % (61.0 to 100.0)" in text
    assert "It does not say why groups differ" in text
    assert "By campus" in text
    assert "Nothing to compare" in text


def test_a_lot_shows_shares_and_no_scores(ran, page):
    text = page("run", ran("random").key)
    assert "Against the others" in text
    assert "Score against the others" not in text


def test_a_small_group_is_kept_back_in_words(cohort, ran, page):
    cohort.enrollments.filter(role=Role.STUDENT).filter(gender="m").update(gender="x")
    few = cohort.enrollments.filter(gender="x")[:2].values("pk")
    cohort.enrollments.filter(pk__in=list(few.values_list("pk", flat=True))).update(gender="m")
    run = ran()
    kept_back = [one["value"] for one in run.result["equity"]["gender"] if one.get("few")]
    assert kept_back == ["m", "x"]
    assert "kept back: fewer than five people" in page("run", run.key)


def test_runs_stand_side_by_side(ran, page):
    ran()
    ran("random")
    text = page("overview")
    assert "Equity from run to run" in text
    assert "placed 83–100 %, score 0–83" in text
    assert "nothing to compare" in text


def test_what_is_kept_costs_a_page_no_question(ran, django_assert_num_queries):
    run = ran()
    with django_assert_num_queries(0):
        assert presenters_equity.tables(run)
        assert presenters_equity.compared([run])


def test_without_an_opt_in_no_page_speaks_of_equity(ran, cohort, page):
    run = ran()
    MatchRun.objects.update(result=run.result | {"equity": {}})
    assert "Equity" not in page("run", run.key)
    assert "Equity" not in page("overview")
    assert presenters_equity.compared([run]) is not None


def test_a_published_board_is_looked_at_too(cohort, coordinator, crowd):
    run = board.open_board(cohort=cohort, by=coordinator)
    for job in Job.objects.filter(state="queued"):
        work.run(job.pk)
    pair = run.pairs.filter(student__gender="f").first()
    column = pair.best[0][0]
    run.refresh_from_db()
    board.place(run=run, pair=pair, column=column, was=None, by=coordinator)
    publishing.publish(run=run, by=coordinator)
    run.refresh_from_db()
    women, men = run.result["equity"]["gender"]
    assert (women["placed"], women["n"], men["placed"]) == (1, 6, 0)


def test_a_program_says_in_words_by_what_it_looks():
    document = template_document() | {"matching": {"equity": ["gender", "track"]}}
    assert (
        "Each matching is looked at for whether groups fare alike, by gender and degree program"
        in list(matching_lines(load(document)))
    )


def test_nobody_without_the_right_sees_it(ran, as_user, cohort):
    run = ran()
    stranger = EnrollmentFactory(cohort=cohort, role=Role.MENTOR).person
    url = reverse("matching:run", args=[cohort.key, run.key])
    assert as_user(stranger).get(url).status_code == 404
