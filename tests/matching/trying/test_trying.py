"""A run tried with other weights and rules: what would come out, at no cost for anybody."""

from random import Random

import pytest

from matching.engine.criteria import score
from matching.models import MatchPair, MatchRun, Mentorship, PairRule
from matching.part import criteria_of, person
from matching.services import trying
from matching.services.trying import Mark
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.jobs.models import Job
from tests.factories import START, CohortFactory, EnrollmentFactory
from tests.matching.trying.jobs import finish

pytestmark = pytest.mark.django_db


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
