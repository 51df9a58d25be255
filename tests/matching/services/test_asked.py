"""Answers to a cohort's own questions count in the matching, and are said in words."""

import pytest
from django.urls import reverse

from matching.models import MatchRun
from matching.reasons import reasons
from matching.services import runs
from matching.services.inputs import snapshot
from mentoring import ports
from programs.services import answers, questions
from tests.factories import member, pair

BOTH = ["student", "mentor"]
SHIFTS = "question:shifts"


@pytest.fixture
def shifts(cohort):
    def ask(use="weight", **more):
        return questions.add(
            cohort=cohort, text="Shifts", kind="several", options=["Day", "Night"], roles=BOTH,
            use=use, by=None, **more,
        )  # fmt: skip

    return ask


@pytest.fixture
def expectation(cohort):
    return questions.switch_on(cohort=cohort, builtin="expectation", role="student", by=None)


def say(row, question, *chosen):
    answers.save(enrollment=row, answers={question: list(chosen)}, by=None)
    return row


@pytest.fixture
def run(cohort, coordinator, django_capture_on_commit_callbacks):
    def start(weights, required=()):
        with django_capture_on_commit_callbacks(execute=True):
            made = runs.start(
                cohort=cohort, procedure="optimal", weights=weights, required=list(required),
                by=coordinator, seed=1,
            )  # fmt: skip
        return MatchRun.objects.get(pk=made.pk)

    return start


def pairs(run):
    return {row.student_id: row for row in run.pairs.all()}


def test_who_chose_the_same_is_matched_and_the_reason_says_what(run, shifts, student, mentor):
    question = shifts()
    day, night = say(student(), question, "Day"), say(student(), question, "Night")
    for_night, for_day = say(mentor(), question, "Night"), say(mentor(), question, "Day", "Night")
    found = pairs(run({SHIFTS: 1}))
    assert (found[day.pk].mentor, found[night.pk].mentor) == (for_day, for_night)
    assert reasons(found[day.pk]) == ["both chose: Day"]


def test_a_must_keeps_apart_who_has_nothing_in_common(run, shifts, student, mentor):
    question = shifts(use="share")
    day, silent = say(student(), question, "Day"), student()
    say(mentor(), question, "Night")
    found = pairs(run({"interests": 1}, [SHIFTS]))
    assert {row.mentor for row in found.values()} == {None}
    assert "1 does not fit by an answer" in reasons(found[day.pk])[0]
    assert "1 does not fit by an answer" in reasons(found[silent.pk])[0]


def test_a_must_of_the_form_that_differs_needs_nobody_to_say_it_again(run, shifts, student, mentor):
    question = shifts(use="differ")
    row = say(student(), question, "Day")
    say(mentor(), question, "Day")
    other = say(mentor(), question, "Night")
    assert pairs(run({"interests": 1}))[row.pk].mentor == other


def test_of_answers_only_choices_that_are_compared_are_kept_with_a_run(
    cohort, shifts, student, mentor
):
    compared = shifts()
    private = questions.add(cohort=cohort, text="Why?", kind="long", roles=BOTH, by=None)
    row = say(student(), compared, "Day")
    answers.save(enrollment=row, answers={private: "A secret hope"}, by=None)
    mentor()
    data = snapshot(cohort, {SHIFTS: 1}, []).data
    assert "A secret hope" not in str(data)
    assert [facts.get("choices") for facts in data["students"]] == [{SHIFTS: ["Day"]}]
    assert [facts.get("choices") for facts in data["mentors"]] == [None]
    assert data["weights"] == {SHIFTS: 1}


def test_a_question_asked_no_more_counts_no_more(cohort, shifts, student, mentor):
    question = shifts()
    say(student(), question, "Day")
    mentor()
    questions.remove(question=question, by=None)
    data = snapshot(cohort, {SHIFTS: 1, "interests": 1}, [SHIFTS]).data
    assert (data["weights"], data["required"]) == ({"interests": 1}, [])


def test_without_questions_the_inputs_are_as_they_were(cohort, student, mentor):
    student(), mentor()
    data = snapshot(cohort, {"interests": 1}, []).data
    assert not {"choices", "expectation"} & set(data["students"][0])


@pytest.fixture
def board(as_user, coordinator):
    """The pages of matching, as the coordinator reads them."""
    client = as_user(coordinator)

    def read(name, *args, post=None):
        url = reverse(f"matching:{name}", args=args)
        return client.post(url, post) if post else client.get(url).content.decode()

    return read


@pytest.fixture
def one_each(student, mentor):
    """One student and one mentor with a given name each, who answered that question like that."""

    def add(question, hers, theirs):
        return (
            say(student(person__given_name="Lea"), question, hers),
            say(mentor(person__given_name="Ida", capacity=2), question, theirs),
        )

    return add


def test_the_form_says_what_counts_and_how_much(board, cohort, shifts, expectation, one_each):
    question = shifts(weight=3)
    questions.add(
        cohort=cohort, text="Ward", kind="one", options=["A", "B"], roles=BOTH, use="share", by=None
    )
    html = board("overview", cohort.key)
    for name, value in (("question:shifts", 3), ("expectation", 1)):
        assert f'name="weight_{name}" value="{value}"' in html
    assert "checked" in html.split('name="must_question:ward"')[1].split(">")[0]
    one_each(question, "Day", "Day")
    board("start", cohort.key, post={"procedure": "optimal", "weight_question:shifts": "5"})
    assert MatchRun.objects.get().weights == {SHIFTS: 5}
    again = board("overview", cohort.key)
    assert 'name="weight_question:shifts" value="5"' in again


def test_nothing_is_asked_of_the_matching_that_the_form_does_not_ask(board, cohort):
    html = board("overview", cohort.key)
    assert "weight_expectation" not in html
    assert "weight_question" not in html


def test_expectations_count_and_the_reason_says_which(run, expectation, student, mentor):
    row = say(student(), expectation, "listener")
    say(mentor(), expectation, "adviser")
    fits = say(mentor(), expectation, "listener")
    found = pairs(run({"expectation": 1}))[row.pk]
    assert found.mentor == fits
    assert reasons(found) == ["looks for and offers the same: an open ear"]


def test_a_mismatch_is_shown_on_the_review_beside_candidates_and_with_the_pair(
    board, cohort, run, expectation, one_each
):
    lea, ida = one_each(expectation, "listener", "adviser")
    note = f"{lea.person.full_name} looks for somebody who listens; {ida.person.full_name} would"
    made = run({"expectation": 5})
    review = board("run", cohort.key, made.key)
    assert note in review
    assert "The same idea of what a mentor is for 5" in review
    assert note in board("assign", cohort.key, lea.key)
    mentorship = pair(cohort)
    for row in (lea, ida):
        member(mentorship, row)
    assert note in board("manage", mentorship.key)
    questions.switch_off(cohort=cohort, builtin="expectation", role="student", by=None)
    assert note not in board("manage", mentorship.key)


def test_candidates_are_ordered_by_what_they_answered(board, cohort, shifts, one_each, mentor):
    question = shifts(weight=100)
    mentor(person__family_name="Aaa")
    row, best = one_each(question, "Night", "Night")
    html = board("assign", cohort.key, row.key)
    assert html.index(best.key) < html.index("Aaa")
    assert "both chose: Night" in html


def test_what_somebody_chose_leaves_the_stored_inputs_with_her(run, shifts, expectation, student,
                                                               mentor):  # fmt: skip
    question = shifts()
    row = say(say(student(), question, "Day"), expectation, "listener")
    say(mentor(), question, "Day")
    made = run({SHIFTS: 1})
    assert made.inputs["students"][0]["expectation"] == "listener"
    ports.PERSON_ERASED.tell(row.person)
    made.refresh_from_db()
    assert not {"choices", "expectation"} & set(made.inputs["students"][0])


@pytest.mark.parametrize(("reader", "seen"), [("pair", True), ("staff", False)])
def test_a_pair_reads_of_each_other_only_what_each_was_told(as_user, cohort, reader, seen):
    mentorship = pair(cohort)
    question = questions.add(
        cohort=cohort, text="What helps you?", kind="long", roles=BOTH, reader=reader, by=None
    )
    answers.save(enrollment=mentorship.student, answers={question: "Quiet rooms"}, by=None)
    url = reverse("sessions:mentorship", args=[mentorship.key])
    html = as_user(mentorship.mentor.person).get(url).content.decode()
    assert ("Quiet rooms" in html) is seen
    assert ("What helps you?" in html) is seen
