"""A trial from the first question to the report, as the database keeps it."""

from collections import Counter
from datetime import timedelta

import pytest

from matching.models import EndReason, ExpertCase, MatchRun, Way
from matching.services import board, choosing, publishing, requests, runs, trials
from matching.services.mentorships import assign
from matching.services.trial_report import data_of
from matching.trial_arms import way_of
from matching.trials.report import analyse
from mentoring import clock, ports
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.jobs import services as work
from mentoring.jobs.models import Job
from mentoring.outbox.models import Notification
from mentoring.simulation.player.stage import finish_jobs
from programs.models import Enrollment
from tests.factories import START, meeting

pytestmark = pytest.mark.django_db
ARMS = ("expert", "suggestions", "search")


@pytest.fixture(autouse=True)
def start():
    with clock.at(START):
        yield


@pytest.fixture
def opened(cohort, coordinator):
    """Opens a trial of these procedures."""

    def make(*procedures, **fields):
        arms = [{"procedure": name, "title": name.title()} for name in procedures or ARMS]
        told = {"title": "Three ways", "about": "A lot decides.", "strata": [], "due_weeks": 8}
        return trials.open_trial(
            cohort=cohort, by=coordinator, arms=arms, seed=7, **{**told, **fields}
        )

    return make


@pytest.fixture
def drawn(opened, student, coordinator):
    """A trial in which so many students have agreed and were drawn; gives it and its records."""

    def make(n, *procedures, **fields):
        students = [student() for _ in range(n)]
        trial = opened(*procedures, **fields)
        for one in students:
            trials.answer(trial=trial, student=one, consent=True, by=one.person)
        trials.draw(trial=trial, by=coordinator)
        return trial, list(trial.records.select_related("student__person", "student__cohort"))

    return make


def of_arm(records, arm):
    return [record.student for record in records if record.arm == arm]


def test_everybody_without_a_mentor_is_asked_once_and_nobody_else(opened, student, mentor):
    hers, one = student(), student()
    assign(student=hers, mentor=mentor(), by=None)
    trial = opened()
    assert [row.student for row in trial.records.all()] == [one]
    assert [n.recipient for n in Notification.objects.filter(kind="trial_open")] == [one.person]


def test_only_those_who_said_yes_are_drawn_and_each_once(opened, student, coordinator):
    yes, no, silent, out = (student() for _ in range(4))
    trial = opened()
    trials.answer(trial=trial, student=yes, consent=True, by=yes.person)
    trials.answer(trial=trial, student=out, consent=True, by=out.person)
    trials.answer(trial=trial, student=no, consent=False, by=no.person)
    trials.exclude(record=trial.records.get(student=out), reason="needs", by=coordinator)
    assert trials.draw(trial=trial, by=coordinator) == 1
    arms = {row.student: bool(row.arm) for row in trial.records.all()}
    assert arms == {yes: True, no: False, silent: False, out: False}
    with pytest.raises(DomainError, match="still to be drawn"):
        trials.draw(trial=trial, by=coordinator)


def test_nobody_changes_her_mind_or_is_left_out_after_the_lot(drawn, coordinator):
    trial, [row] = drawn(1)
    with pytest.raises(DomainError, match="has been drawn"):
        trials.answer(trial=trial, student=row.student, consent=False, by=row.student.person)
    with pytest.raises(DomainError, match="she counts"):
        trials.exclude(record=row, reason="other", by=coordinator)


def test_arms_are_as_large_as_can_be_in_every_stratum(opened, student, coordinator):
    for n in range(30):
        student(campus="North" if n % 3 else "South")
    trial = opened(strata=["campus"])
    for row in trial.records.select_related("student__person"):
        trials.answer(trial=trial, student=row.student, consent=True, by=row.student.person)
    trials.draw(trial=trial, by=coordinator)
    records = list(trial.records.all())
    spread = Counter((row.stratum[0], row.arm) for row in records)
    for campus in ("North", "South"):
        sizes = [spread[campus, arm] for arm in ARMS]
        assert max(sizes) - min(sizes) <= 2
    assert sum(spread.values()) == 30


def test_the_same_seed_and_order_give_the_same_lot_and_late_comers_change_nobody(
    drawn, student, coordinator
):
    trial, records = drawn(9)
    before = {row.pk: row.arm for row in records}
    late = student()
    trials.answer(trial=trial, student=late, consent=True, by=late.person)
    assert trials.draw(trial=trial, by=coordinator) == 1
    after = {row.pk: row.arm for row in trial.records.exclude(student=late)}
    assert after == before
    assert trial.records.get(student=late).position == 10


def test_the_seed_is_told_to_nobody_before_allocation_is_closed(drawn, coordinator):
    trial, _records = drawn(3)
    events = " ".join(str(event.data) for event in Event.objects.all())
    assert f"'seed': {trial.seed}" not in events


def test_each_arm_goes_its_own_way(drawn, cohort):
    _trial, records = drawn(9)
    round_ = choosing.current(cohort)
    ways = {row.arm: way_of(round_, row.student) for row in records}
    assert ways == {"expert": "", "suggestions": Way.SUGGESTIONS, "search": Way.SEARCH}
    cases = ExpertCase.objects.filter(why=ExpertCase.Why.TRIAL)
    assert {case.student for case in cases} == set(of_arm(records, "expert"))


def test_whom_a_coordinator_matches_cannot_choose_and_is_not_told_that_she_can(drawn, mentor):
    _trial, records = drawn(3)
    one = mentor(capacity=5)
    her = of_arm(records, "expert")[0]
    with pytest.raises(DomainError):
        requests.ask(
            round_=choosing.current(her.cohort), student=her, mentor=one.key, by=her.person
        )


def test_a_run_matches_its_own_arm_and_who_is_not_in_the_trial(
    drawn, cohort, student, mentor, coordinator
):
    _trial, records = drawn(6, "optimal", "random")
    outside = student()
    for _ in range(7):
        mentor()
    run = start_run(cohort, "optimal", coordinator)
    placed = {pair.student for pair in run.pairs.exclude(mentor=None)}
    assert placed == {*of_arm(records, "optimal"), outside}
    assert run.result["of_trial"] == 3


def test_publishing_one_arm_leaves_the_board_of_the_other(drawn, cohort, mentor, coordinator):
    _trial, records = drawn(4, "optimal", "expert")
    for _ in range(4):
        mentor()
    talks = board.open_board(cohort=cohort, by=coordinator)
    finish_jobs(cohort)
    publishing.publish(run=start_run(cohort, "optimal", coordinator), by=coordinator)
    talks.refresh_from_db()
    assert talks.state == MatchRun.State.BOARD
    assert {pair.student for pair in talks.pairs.all()} == {*of_arm(records, "expert")}


def test_where_another_arm_matches_everybody_a_run_says_so(drawn, cohort, mentor, coordinator):
    drawn(2, "optimal", "random")
    mentor()
    with pytest.raises(DomainError, match="is in the trial"):
        start_run(cohort, "fair", coordinator)


def test_after_the_end_everybody_is_matched_by_any_procedure(drawn, cohort, mentor, coordinator):
    trial, _records = drawn(4, "optimal", "random")
    for _ in range(4):
        mentor()
    trials.close(trial=trial, by=coordinator)
    assert start_run(cohort, "fair", coordinator).result["placed"] == 4


def test_who_leaves_is_matched_like_anybody_and_still_counts(drawn, cohort, mentor, coordinator):
    trial, records = drawn(4, "optimal", "random")
    [mentor() for _ in range(4)]
    her = next(row for row in records if row.arm == "random")
    trials.leave(record=her, by=her.student.person)
    run = start_run(cohort, "optimal", coordinator)
    assert her.student in {pair.student for pair in run.pairs.all()}
    assert sum(arm.allocated for arm in analyse(data_of(trial)).flow.arms) == 4


def test_a_trial_of_one_way_or_of_one_way_twice_is_refused(opened):
    for procedures in (["expert"], ["expert", "expert"]):
        with pytest.raises(DomainError, match="two or more different"):
            opened(*procedures)


def test_one_trial_is_open_at_a_time(opened):
    opened()
    with pytest.raises(DomainError, match="already"):
        opened()


def start_run(cohort, procedure, by):
    run = runs.start(
        cohort=cohort, procedure=procedure, weights={"interests": 1}, required=[], by=by
    )
    finish_jobs(cohort)
    run.refresh_from_db()
    return run


# What became of everyone


@pytest.fixture
def matched():
    """A student gets a mentor as her arm has it; with ``met``, they meet after so many days."""

    def make(record, mentor, *, met=None):
        her = record.student
        if record.arm in Way.values:
            row = requests.ask(
                round_=choosing.current(her.cohort), student=her, mentor=mentor.key, by=her.person
            )
            requests.accept(request=row, by=mentor.person)
        else:
            assign(student=her, mentor=mentor, by=None)
        mentorship = her.memberships.get().mentorship
        if met is not None:
            meeting(mentorship, START + timedelta(days=met), state="held")
        return mentorship

    return make


def facts(trial, record):
    return next(row for row in data_of(trial).records if row.id == record.student.key)


def test_a_first_meeting_in_time_is_a_relationship_and_a_late_one_is_not(drawn, mentor, matched):
    trial, records = drawn(3, due_weeks=4)
    matched(records[0], mentor(), met=20)
    matched(records[1], mentor(), met=40)
    with clock.at(START + timedelta(weeks=10)):
        found = [facts(trial, row).established for row in records]
    assert found == [True, False, False]


def test_who_found_a_mentor_before_the_lot_is_not_drawn(
    opened, student, mentor, coordinator, cohort
):
    early, other = student(), student()
    trial = opened()
    for one in (early, other):
        trials.answer(trial=trial, student=one, consent=True, by=one.person)
    assign(student=early, mentor=mentor(), by=None)
    assert trials.draw(trial=trial, by=coordinator) == 1
    assert trial.records.get(student=early).arm == ""
    with pytest.raises(DomainError, match="have a mentor already"):
        trials.answer(trial=trial, student=early, consent=True, by=early.person)
    trials.close(trial=trial, by=coordinator)
    reasons = {row.id: row.excluded for row in data_of(cohort.trials.get()).records}
    assert reasons[early.key] == "agreed, and was not drawn"


def test_whoever_waits_for_the_lot_is_in_no_run(opened, student, mentor, cohort, coordinator):
    her, outside = student(), student()
    trial = opened("optimal", "random")
    trials.answer(trial=trial, student=her, consent=True, by=her.person)
    mentor(), mentor()
    run = start_run(cohort, "optimal", coordinator)
    assert {pair.student for pair in run.pairs.all()} == {outside}


def test_whom_a_coordinator_looks_for_is_on_the_board_whatever_the_lot_said(
    drawn, cohort, mentor, coordinator
):
    _trial, records = drawn(9)
    her = of_arm(records, "search")[0]
    mentor()
    requests.let_look(round_=choosing.current(cohort), student=her, by=her.person)
    talks = board.open_board(cohort=cohort, by=coordinator)
    finish_jobs(cohort)
    assert her in {pair.student for pair in talks.pairs.all()}


def test_lists_and_a_trial_in_which_students_ask_exclude_each_other(opened, cohort):
    round_ = choosing.open_round(
        cohort=cohort, way=Way.RANKED, by=None, suggestions=10, asks=3, answer_days=5,
        expert_after_days=28, ranks=5,
    )  # fmt: skip
    with pytest.raises(DomainError, match="make lists at the moment"):
        opened()
    choosing.close_round(round_=round_, by=None)
    opened()
    with pytest.raises(DomainError, match="A trial is open"):
        choosing.open_round(
            cohort=cohort, way=Way.RANKED, by=None, suggestions=10, asks=3, answer_days=5,
            expert_after_days=28, ranks=5,
        )  # fmt: skip


def test_an_expert_against_a_run_opens_no_choosing_for_anybody(drawn, cohort):
    drawn(4, "expert", "optimal")
    assert choosing.current(cohort) is None


def test_nothing_is_final_while_somebody_can_still_be_drawn(drawn, coordinator, cohort):
    trial, _records = drawn(6)
    with clock.at(START + timedelta(weeks=9)):
        assert not data_of(trial).final
        trials.close(trial=trial, by=coordinator)
        assert data_of(cohort.trials.get()).final


def test_before_her_time_is_over_nobody_knows(drawn):
    trial, [row] = drawn(1, due_weeks=4)
    with clock.at(START + timedelta(weeks=4)):
        assert facts(trial, row).established is None
    with clock.at(START + timedelta(weeks=4, days=1)):
        assert facts(trial, row).established is False


def test_each_arms_own_way_is_known_and_another_is_told_apart(drawn, mentor, matched):
    trial, records = drawn(6)
    own, *others = sorted(records, key=lambda row: row.arm != "search")
    for row in [own, *others[1:]]:
        matched(row, mentor())
    stray = others[0]
    assign(student=stray.student, mentor=mentor(), by=None)
    assert stray.arm == "search"
    assert all(facts(trial, row).got_her_arm for row in [own, *others[1:]])
    assert facts(trial, stray).received == "expert"
    assert facts(trial, stray).not_received == "matched by another procedure"


def test_pairs_that_were_taken_back_were_never_made(drawn, mentor, matched):
    trial, [row] = drawn(1)
    mentorship = matched(row, mentor())
    mentorship.end_reason = EndReason.UNDONE
    mentorship.save()
    assert not facts(trial, row).matched


def test_who_left_the_program_is_a_loss_that_counts(drawn):
    trial, [row] = drawn(1)
    Enrollment.objects.filter(pk=row.student_id).update(state=Enrollment.State.WITHDRAWN)
    assert facts(trial, row).withdrawn == "left the program"


def test_contentment_is_asked_once_her_time_is_over_of_those_who_have_a_mentor(
    drawn, mentor, matched
):
    trial, records = drawn(2, "expert", "search", due_weeks=4)
    matched(records[0], mentor())
    with pytest.raises(DomainError, match="once your time"):
        trials.rate(record=records[0], points=6, by=records[0].student.person)
    with clock.at(START + timedelta(weeks=4, hours=1)):
        trials.rate(record=records[0], points=6, by=records[0].student.person)
        with pytest.raises(DomainError, match="once your time"):
            trials.rate(record=records[1], points=6, by=records[1].student.person)
    assert facts(trial, records[0]).satisfaction == 6.0


def test_the_report_is_computed_by_a_job_and_stored_in_plain_figures(drawn, mentor, coordinator):
    trial, _records = drawn(6)
    job = work.start(
        kind="matching.trial_report", cohort=trial.cohort, by=coordinator, args={"trial": trial.pk}
    )
    work.run(job.pk)
    found = Job.objects.get(pk=job.pk).result["analysis"]
    assert found["flow"]["randomized"] == 6
    assert found["established"] is None
    with clock.at(START + timedelta(weeks=9)):
        trials.close(trial=trial, by=coordinator)
        job = work.start(
            kind="matching.trial_report", cohort=trial.cohort, by=None, args={"trial": trial.pk}
        )
        work.run(job.pk)
    found = Job.objects.get(pk=job.pk).result["analysis"]
    assert found["final"]
    assert [arm["successes"] for arm in found["established"]["arms"]] == [0, 0, 0]


def test_a_record_is_in_what_a_person_takes_with_her(drawn):

    _trial, [row] = drawn(1)
    told = list(ports.PERSON_EXPORT.ask(row.student.person))
    mine = next(part["trials of matching"] for part in told if "trials of matching" in part)
    assert [entry["arm"] for entry in mine] == [row.arm]
