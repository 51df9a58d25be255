import pytest

from matching import part
from matching.models import MatchRun, PairRule
from matching.reasons import reasons, why_none
from matching.running import run as propose
from matching.services import runs
from matching.services.pair_rules import set_rule
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.jobs.models import Job
from tests.factories import pair

Kind = PairRule.Kind


@pytest.fixture
def started(cohort, coordinator, django_capture_on_commit_callbacks):
    def start(**fields):
        fields = {"procedure": "optimal", "weights": {"interests": 1}, "required": []} | fields
        with django_capture_on_commit_callbacks(execute=True):
            run = runs.start(cohort=cohort, by=coordinator, **fields)
        run.refresh_from_db()
        return run

    return start


def mentor_of(run, enrollment):
    return run.pairs.get(student=enrollment).mentor


def test_a_run_proposes_the_best_pairs_and_keeps_what_it_needs(started, student, mentor):
    anna, bela = student(interests=["surgery"]), student(interests=["psychiatry"])
    kata = mentor(interests=["psychiatry"], languages=["hu"])
    laci = mentor(interests=["surgery"])
    run = started(seed=5)
    assert run.state == MatchRun.State.DONE
    assert {mentor_of(run, anna), mentor_of(run, bela)} == {laci, kata}
    assert mentor_of(run, anna) == laci
    assert run.seed == 5
    assert len(run.digest) == 64
    assert run.engine_version
    assert run.result["placed"] == 2
    assert run.result["total"] == run.result["bound"] == 2_000_000
    assert run.result["optimal"] is True
    assert run.result["loads"] == {"1": 2}
    assert Job.objects.get(key=run.job_key).state == "done"
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == [
        "matching.run_started",
        "matching.run_done",
    ]


def test_a_kept_run_can_be_repeated_from_its_inputs(started, student, mentor):
    for _ in range(6):
        student(), mentor()
    run = started(procedure="random")
    again = propose(run.inputs, run.procedure, run.seed, lambda done, total: None)
    assert sorted((p.student, p.mentor) for p in again.proposals) == sorted(
        run.pairs.values_list("student", "mentor")
    )


def test_who_is_looked_at_grows_with_people_and_not_with_pairs(
    started, student, mentor, monkeypatch
):
    looks = []
    lot = part.lot
    monkeypatch.setattr(part, "lot", lambda facts: looks.append(1) or lot(facts))

    def cost(people):
        for _ in range(people):
            student(), mentor()
        looks.clear()
        started()
        return len(looks)

    # Two, then four, then eight of each: as many more looks each time as people.
    first, second, third = cost(2), cost(2), cost(4)
    assert third - second == 2 * (second - first) > 0


def test_the_same_seed_gives_the_same_pairs_and_the_same_digest(started, student, mentor):
    for _ in range(8):
        student(), mentor()
    first, second, third = started(seed=1), started(seed=1), started(seed=2)

    def proposed(run):
        return sorted(run.pairs.values_list("student", "mentor"))

    assert proposed(first) == proposed(second) != proposed(third)
    assert first.digest == second.digest
    assert [first.number, second.number, third.number] == [1, 2, 3]


def test_reasons_are_said_in_words(started, student, mentor):
    anna = student(
        interests=["psychiatry", "surgery"],
        languages=["hu", "en"],
        campus="Pest",
        free_time="1" * 3 + "0" * 165,
    )
    mentor(interests=["psychiatry"], languages=["hu"], campus="Pest", free_time="1" * 168)
    weights = {"interests": 5, "languages": 3, "campus": 2, "free_time": 1}
    run = started(weights=weights)
    assert reasons(run.pairs.get(student=anna)) == [
        "both interested in psychiatry",
        "both on campus Pest",
        "both speak Hungarian",
        "3 hours a week free together",
    ]


def test_a_pin_is_kept_and_a_forbidden_pair_is_not_made(
    cohort, coordinator, started, student, mentor
):
    anna, bela = student(interests=["surgery"]), student()
    kata, laci = mentor(interests=["surgery"]), mentor()
    set_rule(cohort=cohort, student=anna, mentor=laci, kind=Kind.PIN, by=coordinator)
    run = started()
    assert (mentor_of(run, anna), mentor_of(run, bela)) == (laci, kata)
    assert run.pairs.get(student=anna).pinned
    set_rule(cohort=cohort, student=anna, mentor=laci, kind=Kind.FORBID, by=coordinator)
    run = started()
    assert (mentor_of(run, anna), mentor_of(run, bela)) == (kata, laci)


def test_a_mentor_who_assesses_the_student_is_barred(cohort, coordinator, started, student, mentor):
    anna, kata = student(), mentor()
    set_rule(cohort=cohort, student=anna, mentor=kata, kind=Kind.ASSESSES, by=coordinator)
    run = started()
    assert mentor_of(run, anna) is None
    assert why_none(run.pairs.get(student=anna).reasons[0]) == (
        "no mentor is possible; 1 assesses the student"
    )


def test_a_student_with_named_mentors_gets_one_of_them_or_none(
    cohort, coordinator, started, student, mentor
):
    anna, bela = student(), student(interests=["surgery"])
    kata, laci = mentor(interests=["surgery"]), mentor()
    set_rule(cohort=cohort, student=anna, mentor=kata, kind=Kind.MUST, by=coordinator)
    run = started()
    assert (mentor_of(run, anna), mentor_of(run, bela)) == (kata, laci)


def test_a_required_criterion_rules_pairs_out(started, student, mentor):
    anna = student(languages=["hu"])
    mentor(languages=["en"])
    run = started(required=["languages"])
    assert mentor_of(run, anna) is None
    assert why_none(run.pairs.get(student=anna).reasons[0]) == (
        "no mentor is possible; 1 shares no language"
    )


def test_who_is_left_over_reads_why(started, student, mentor):
    student(), student(), student()
    mentor(capacity=2)
    run = started()
    left = run.pairs.get(mentor=None)
    assert why_none(left.reasons[0]) == "2 places for 3 students, and all are taken"


def test_only_those_without_a_mentor_and_places_that_are_left_take_part(
    cohort, started, student, mentor
):
    there = pair(cohort)
    anna, kata = student(), mentor()
    run = started()
    assert list(run.pairs.values_list("student", "mentor")) == [(anna.pk, kata.pk)]
    assert there.mentor.pk not in run.pairs.values_list("mentor", flat=True)


def test_somebody_with_two_roles_is_not_her_own_mentor(started, student, mentor):
    anna = student()
    mentor(person=anna.person)
    run = started()
    assert mentor_of(run, anna) is None


def test_withdrawn_people_take_no_part(started, student, mentor):
    anna = student()
    student(state="withdrawn"), mentor(state="declined"), mentor()
    run = started()
    assert list(run.pairs.values_list("student", flat=True)) == [anna.pk]
    assert len(run.inputs["mentors"]) == 1


def test_a_run_without_students_is_refused(started, mentor):
    mentor()
    with pytest.raises(DomainError, match="nobody to match"):
        started()
    assert not MatchRun.objects.exists()


def test_a_run_without_mentors_is_refused(started, student):
    student()
    with pytest.raises(DomainError, match="There are no mentors yet"):
        started()
    assert not MatchRun.objects.exists()


def test_pins_beyond_a_mentors_places_are_refused_before_any_work(
    cohort, coordinator, started, student, mentor
):
    anna, bela, kata = student(), student(), mentor(capacity=2)
    for one in (anna, bela):
        set_rule(cohort=cohort, student=one, mentor=kata, kind=Kind.PIN, by=coordinator)
    kata.capacity = 1
    kata.save()
    with pytest.raises(DomainError, match="More students are kept with"):
        started()


def test_a_job_that_breaks_leaves_a_failed_run_behind(started, student, mentor, monkeypatch):
    student(), mentor()
    monkeypatch.setattr("matching.part.solve", lambda *_: 1 / 0)
    run = started()
    assert run.state == MatchRun.State.FAILED
    assert not run.pairs.exists()
    job = Job.objects.get(key=run.job_key)
    assert (job.state, bool(job.error)) == ("failed", True)


def test_a_program_may_weigh_what_the_engine_does_not_know(started, student, mentor):
    student(), mentor()
    run = started(weights={"interests": 1, "preference": 4})
    assert run.weights == {"interests": 1}


def test_a_closing_cohort_matches_nobody(cohort, started, student, mentor):
    student(), mentor()
    cohort.state = "closing"
    cohort.save()
    with pytest.raises(DomainError, match="closing"):
        started()


def test_random_shares_185_students_among_171_mentors_evenly(started, student, mentor):
    for _ in range(185):
        student()
    for _ in range(171):
        mentor(capacity=2)
    run = started(procedure="random", seed=7)
    assert run.result["loads"] == {"1": 157, "2": 14}
    assert run.result["unmatched"] == 0
