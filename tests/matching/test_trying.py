"""A run tried with other weights and rules: what would come out, at no cost for anybody."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.engine.criteria import score
from matching.models import MatchPair, MatchRun, Mentorship, PairRule
from matching.running import criteria_of, person
from matching.services import pair_rules, runs, trying
from matching.services.trying import Mark
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.jobs import services as work
from mentoring.jobs.models import Job
from tests.factories import START, CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db


def finish():
    for job in Job.objects.filter(state="queued"):
        work.run(job.pk)


@pytest.fixture
def ran(cohort, coordinator):
    def make(of=cohort, **more):
        fields = {"procedure": "optimal", "weights": {"interests": 1}, "required": [], "seed": 1}
        run = runs.start(cohort=of, by=coordinator, **fields | more)
        finish()
        return MatchRun.objects.get(pk=run.pk)

    return make


@pytest.fixture
def tried(coordinator):
    """What the job finds; without more, the run as it is."""

    def make(run, *marks, procedure="optimal", **weights):
        job = trying.start(
            run=run, procedure=procedure, weights=weights or run.weights, marks=marks,
            by=coordinator,
        )  # fmt: skip
        finish()
        job.refresh_from_db()
        return job.result

    return make


@pytest.fixture
def two(student, mentor):
    """Two students and two mentors: by interest they pair one way, by campus the other."""
    her = student(interests=["Surgery"], campus="South")
    him = student(interests=["Research"], campus="North")
    surgeon = mentor(interests=["Surgery"], campus="North")
    scholar = mentor(interests=["Research"], campus="South")
    return her, him, surgeon, scholar


def worth(weighing, pairs):
    """What pairs are worth with a run's weights, by the engine's matrix of all pairs."""
    data = weighing.inputs
    matrix = score(
        *([person(facts) for facts in data[side]] for side in ("students", "mentors")),
        criteria_of(data),
    )
    row, column = (
        {facts["id"]: n for n, facts in enumerate(data[side])} for side in ("students", "mentors")
    )
    chosen = pairs.exclude(mentor=None).values_list("student", "mentor")
    return [int(matrix[row[student], column[mentor]]) for student, mentor in chosen]


class TestWhatComesOut:
    def test_the_run_as_it_is_comes_out_as_it_is(self, ran, tried, two):
        run = ran()
        found = tried(run)
        assert found["placed"] == [2, 2]
        assert found["weighed"] == {"was": {"total": [2_000_000] * 2, "minimum": [1_000_000] * 2}}
        assert (found["moved"], found["found"], found["lost"], found["same"]) == (0, 0, 0, 2)
        assert found["loads"][0] == found["loads"][1] == {"1": 2} == run.result["loads"]

    def test_other_weights_are_told_in_old_and_new_ones(self, ran, tried, two):
        her, him, surgeon, scholar = two
        found = tried(ran(), campus=1)
        assert found["weighed"] == {
            "was": {"total": [2_000_000, 0], "minimum": [1_000_000, 0]},
            "now": {"total": [0, 2_000_000], "minimum": [0, 1_000_000]},
        }
        assert found["moved"] == 2
        assert sorted(found["named"]) == sorted(
            [[her.pk, surgeon.pk, scholar.pk], [him.pk, scholar.pk, surgeon.pk]]
        )

    def test_totals_are_those_of_a_run_with_these_weights(self, ran, tried, student, mentor):
        draw = Random(5)
        for _ in range(10):
            for make in (student, mentor):
                make(
                    interests=draw.sample(["Surgery", "Research", "Psychiatry"], 2),
                    languages=draw.sample(["en", "hu", "de"], 1),
                    campus=draw.choice(["North", "South"]),
                )
        first = ran(weights={"interests": 3, "languages": 1})
        weights = {"interests": 1, "languages": 1, "campus": 3}
        found = tried(first, **weights)
        second = ran(weights=weights)
        assert found["weighed"]["was"]["total"][0] == first.result["total"]
        assert found["weighed"]["now"]["total"][1] == second.result["total"]
        assert found["weighed"]["now"]["minimum"][1] == second.result["minimum"]
        crossed = {"was": worth(first, second.pairs), "now": worth(second, first.pairs)}
        assert found["moved"], "otherwise nothing is looked up"
        for name, at in (("was", 1), ("now", 0)):
            assert found["weighed"][name]["total"][at] == sum(crossed[name])
            assert found["weighed"][name]["minimum"][at] == min(crossed[name])

    def test_a_pair_is_kept_together_or_apart(self, ran, tried, two):
        her, _him, surgeon, scholar = two
        run = ran()
        assert tried(run, Mark("pin", her.pk, scholar.pk))["moved"] == 2
        assert tried(run, Mark("forbid", her.pk, surgeon.pk))["moved"] == 2

    def test_a_rule_of_today_holds_until_it_is_tried_without(self, ran, tried, two):
        her, _him, surgeon, _scholar = two
        run = ran()
        PairRule.objects.create(cohort=her.cohort, student=her, mentor=surgeon, kind="forbid")
        assert tried(run)["moved"] == 2
        assert tried(run, Mark("none", her.pk, surgeon.pk))["moved"] == 0
        assert tried(run, Mark("pin", her.pk, surgeon.pk))["moved"] == 0

    def test_who_loses_and_who_finds_a_mentor_is_counted(self, ran, tried, student, mentor):
        one, other, her_mentor = student(interests=["Surgery"]), student(), mentor(
            interests=["Surgery"]
        )  # fmt: skip
        found = tried(ran(), Mark("pin", other.pk, her_mentor.pk))
        assert (found["found"], found["lost"], found["moved"]) == (1, 1, 0)
        assert [one.pk, her_mentor.pk, None] in found["named"]
        assert (found["placed"], found["left"]) == ([1, 1], [1, 1])

    def test_a_pinned_pair_without_a_must_is_worth_nothing(self, ran, tried, student, mentor):
        her = student(languages=["en"], interests=["Surgery"])
        mentor(languages=["en"])
        foreign = mentor(languages=["fr"], interests=["Surgery"])
        found = tried(ran(required=["languages"]), Mark("pin", her.pk, foreign.pk))
        assert found["weighed"]["was"]["total"] == [0, 0]
        assert found["moved"] == 1

    def test_groups_count_all_who_lead_them(self, ran, tried, coordinator):
        groups = CohortFactory(edition="tromso", override_at=START)
        for n in range(14):
            EnrollmentFactory(cohort=groups, interests=["Surgery"] if n % 2 else ["Research"])
        for n in range(4):
            EnrollmentFactory(
                cohort=groups, role=Role.MENTOR, interests=["Surgery"] if n % 2 else ["Research"]
            )
        run = ran(of=groups)
        found = tried(run, languages=1)
        assert found["weighed"]["was"]["total"][0] == run.result["total"]
        assert found["loads"][0] == run.result["loads"]
        assert sum(int(load) * n for load, n in found["loads"][1].items()) == 2 * 14


class TestWhatIsRefused:
    def test_a_student_kept_with_two(self, ran, tried, two):
        her, _him, surgeon, scholar = two
        with pytest.raises(DomainError, match="can be kept with one mentor only"):
            tried(ran(), Mark("pin", her.pk, surgeon.pk), Mark("pin", her.pk, scholar.pk))

    def test_more_kept_with_a_mentor_than_she_has_places(self, ran, tried, two):
        her, him, surgeon, _scholar = two
        with pytest.raises(DomainError, match="More students are kept with"):
            tried(ran(), Mark("pin", her.pk, surgeon.pk), Mark("pin", him.pk, surgeon.pk))

    def test_a_run_that_is_published(self, ran, tried, two):
        run = ran()
        run.state = MatchRun.State.PUBLISHED
        with pytest.raises(DomainError, match="not open to changes"):
            tried(run)


class TestNothingChanges:
    def test_a_try_stores_its_job_alone(self, ran, tried, two):
        her, _him, _surgeon, scholar = two
        run = ran()
        pairs = list(MatchPair.objects.values())
        events = Event.objects.count()
        tried(run, Mark("pin", her.pk, scholar.pk), campus=2)
        assert list(MatchPair.objects.values()) == pairs
        again = MatchRun.objects.get()
        assert (again.inputs, again.result, again.weights) == (run.inputs, run.result, run.weights)
        assert not PairRule.objects.exists()
        assert not Mentorship.objects.exists()
        assert Event.objects.count() == events

    def test_the_job_holds_no_name(self, ran, tried, two):
        her = two[0]
        tried(ran(), Mark("pin", her.pk, two[3].pk), campus=2)
        kept = str(Job.objects.filter(kind=trying.KIND).values("args", "result").get())
        for somebody in User.objects.all():
            assert somebody.family_name not in kept
            assert somebody.email not in kept


class TestAdopting:
    @pytest.fixture
    def adopt(self, coordinator):
        def make(run, *marks, **weights):
            args = {"procedure": "fair", "weights": weights or run.weights, "marks": marks}
            return trying.adopt(run=run, args=args, by=coordinator)

        return make

    def test_a_run_starts_with_these_weights_and_the_rest_as_it_was(self, ran, adopt, two):
        run = ran(required=[], seed=9)
        fresh = adopt(run, campus=2.5)
        assert (fresh.procedure, fresh.weights, fresh.seed) == ("fair", {"campus": 2.5}, 9)
        assert (fresh.number, fresh.state) == (2, "queued")

    def test_marks_become_rules_with_their_record(self, ran, adopt, two, coordinator):
        her, him, surgeon, scholar = two
        PairRule.objects.create(cohort=her.cohort, student=him, mentor=surgeon, kind="forbid")
        run = ran()
        adopt(
            run,
            Mark("pin", him.pk, scholar.pk),
            Mark("none", him.pk, surgeon.pk),
            Mark("forbid", her.pk, scholar.pk),
        )
        rules = PairRule.objects.values_list("student", "mentor", "kind", "created_by")
        assert set(rules) == {
            (him.pk, scholar.pk, "pin", coordinator.pk),
            (her.pk, scholar.pk, "forbid", coordinator.pk),
        }
        acts = Event.objects.order_by("pk").values_list("action", flat=True)
        assert list(acts)[-4:] == [
            "matching.rule_removed",
            "matching.rule_set",
            "matching.rule_set",
            "matching.run_started",
        ]
        assert run.cohort.match_runs.first().inputs["rules"] == [
            [her.pk, scholar.pk, "forbid"],
            [him.pk, scholar.pk, "pin"],
        ]

    def test_a_pin_moves_to_another_mentor(self, ran, adopt, two):
        her, _him, surgeon, scholar = two
        PairRule.objects.create(cohort=her.cohort, student=her, mentor=surgeon, kind="pin")
        adopt(ran(), Mark("pin", her.pk, scholar.pk), Mark("none", her.pk, surgeon.pk))
        assert PairRule.objects.get().mentor == scholar

    def test_all_of_it_happens_or_nothing(self, ran, adopt, two):
        her, _him, surgeon, _scholar = two
        run = ran()
        run.cohort.enrollments.filter(role=Role.MENTOR).exclude(pk=surgeon.pk).delete()
        run.cohort.__class__.objects.update(state="closing")
        with pytest.raises(DomainError, match="closing"):
            adopt(run, Mark("pin", her.pk, surgeon.pk))
        assert not PairRule.objects.exists()
        assert MatchRun.objects.count() == 1

    def test_who_has_left_stops_it(self, ran, adopt, two):
        her, _him, surgeon, _scholar = two
        run = ran()
        surgeon.delete()
        with pytest.raises(DomainError, match="has left the cohort"):
            adopt(run, Mark("pin", her.pk, surgeon.pk))


class TestPages:
    @pytest.fixture
    def office(self, as_user, coordinator, cohort):
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
    def usual(self):
        return {"procedure": "optimal", "weight_campus": "1", "try": "1"}

    def test_the_page_of_a_run_leads_there(self, office, ran, two, cohort):
        run = ran()
        page = office.read(reverse("matching:run", args=[cohort.key, run.key]))
        assert reverse("matching:try_run", args=[cohort.key, run.key]) in page
        form = office.get(run).context["form"]
        assert form["weight_interests"].value() == "1"
        assert form["weight_campus"].value() == "0"

    def test_what_would_come_out_is_told_by_name(self, office, ran, two, usual):
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

    def test_people_are_named_as_they_are_called_when_it_is_read(self, office, ran, two, usual):
        answer = office.post(ran(), **usual)
        finish()
        old = two[0].person.full_name
        User.objects.filter(pk=two[0].person_id).update(given_name="", family_name="(left)")
        page = office.read(answer.url)
        assert old not in page
        assert "(left): " in page

    def test_the_answer_looks_for_itself_and_then_rests(self, office, ran, two, usual):
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

    def test_a_lot_against_a_lot_shows_no_scores(self, office, ran, two, usual):
        answer = office.post(ran(procedure="random"), **usual | {"procedure": "random"})
        finish()
        assert "All scores" not in office.read(answer.url)

    def test_a_marked_pair_stays_marked(self, office, ran, two, usual):
        her, _him, _surgeon, scholar = two
        mark = f"pin:{her.key}:{scholar.key}"
        answer = office.post(ran(), mark=["", mark], **usual)
        finish()
        assert f'<option value="{mark}" selected>' in office.read(answer.url)

    def test_looking_for_a_pair_keeps_what_was_typed_and_tries_nothing(
        self, office, ran, two, usual
    ):
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

    def test_a_pair_under_a_rule_can_be_tried_without_it(self, office, ran, two):
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
    def test_what_makes_no_sense_is_said(self, office, ran, usual, data, problem):
        answer = office.post(ran(), **usual | data)
        assert answer.status_code == 422
        assert problem in answer.content.decode()

    def test_what_no_matching_can_satisfy_is_said_before_any_work(self, office, ran, two, usual):
        her, him, surgeon, _scholar = two
        marks = [f"pin:{one.key}:{surgeon.key}" for one in (her, him)]
        answer = office.post(ran(), mark=marks, **usual)
        assert answer.status_code == 422
        assert "More students are kept with" in answer.content.decode()

    def test_a_run_like_this_is_started_from_the_page(self, office, ran, two, usual, cohort):
        run = ran()
        job = office.post(run, **usual).url.split("job=")[1].split("#")[0]
        answer = office.post(run, "start_like", job=job)
        fresh = MatchRun.objects.first()
        assert answer.url == reverse("matching:run", args=[cohort.key, fresh.key])
        assert fresh.weights == {"campus": 1}

    def test_a_try_of_another_run_is_not_taken_for_this_one(self, office, ran, two, usual):
        one, other = ran(), ran()
        job = office.post(one, **usual).url.split("job=")[1].split("#")[0]
        assert office.get(other, f"?job={job}").context.get("job") is None
        office.post(other, "start_like", job=job)
        assert MatchRun.objects.count() == 2

    def test_a_published_run_is_not_tried(self, office, ran, two, cohort):
        run = ran()
        MatchRun.objects.update(state="published")
        assert office.get(run).url == reverse("matching:run", args=[cohort.key, run.key])

    @pytest.mark.usefixtures("two")
    def test_it_costs_the_same_with_two_pairs_and_with_thirty(
        self, office, ran, usual, student, mentor
    ):
        def cost(run):
            url = office.post(run, **usual).url
            finish()
            with CaptureQueriesContext(connection) as queries:
                assert "Start a run like this" in office.read(url)
            return len(queries)

        few = cost(ran())
        for n in range(30):
            one, other = student(interests=["Surgery"][: n % 2]), mentor()
            pair_rules.set_rule(
                cohort=one.cohort, student=one, mentor=other, kind="forbid", by=None
            )
        assert cost(ran()) == few <= 36
