"""Students rank mentors, mentors rank those who named them, and a run decides."""

from datetime import timedelta

import pytest

from matching import erasing
from matching.models import ExpertCase, MatchRun, MentorWish, StudentRank, Way
from matching.services import choosing, publishing, requests, runs, trying, wishes
from matching.services.mentorships import assign
from matching.wish_lists import Order
from mentoring import clock, ports
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from mentoring.simulation.player.stage import finish_jobs
from tests.factories import EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranking(start, opened):
    """A round of lists; as the tests of choosing open theirs."""

    def make(**more):
        return opened(way=Way.RANKED, **{"ranks": 5, **more})

    return make


@pytest.fixture
def wish():
    """Puts these mentors on a student's list, in this order."""

    def make(student, *mentors):
        round_ = choosing.current(student.cohort)
        for mentor in mentors:
            wishes.add(round_=round_, student=student, mentor=mentor.key, by=student.person)

    return make


@pytest.fixture
def run(cohort, coordinator):
    """A run of this procedure: who got whom."""

    def make(procedure="wishes", **weights):
        made = runs.start(
            cohort=cohort, procedure=procedure, weights=weights or {"interests": 1}, required=[],
            by=coordinator, seed=3,
        )  # fmt: skip
        finish_jobs(cohort)
        made.refresh_from_db()
        assert made.state == MatchRun.State.DONE
        made.got = {pair.student: pair.mentor for pair in made.pairs.select_related("mentor")}
        return made

    return make


def listed(student):
    return [row.mentor for row in MentorWish.objects.filter(student=student).order_by("rank")]


# Lists


def test_a_list_is_kept_in_order_and_changed(ranking, wish, student, mentor):
    ranking()
    her, (a, b, c) = student(), (mentor(), mentor(), mentor())
    wish(her, a, b, c)
    assert listed(her) == [a, b, c]
    wishes.raise_(wish=her.wishes.get(mentor=c), by=her.person)
    assert listed(her) == [a, c, b]
    wishes.remove(wish=her.wishes.get(mentor=a), by=her.person)
    assert listed(her) == [c, b]
    assert [row.rank for row in her.wishes.order_by("rank")] == [1, 2]


def test_a_full_list_the_same_mentor_twice_and_a_full_mentor_are_refused(
    ranking, wish, student, mentor, cohort
):
    round_ = ranking(ranks=1)
    her, one, full = student(), mentor(), mentor(capacity=0)
    wish(her, one)
    for who, words in ((one, "on your list already"), (mentor(), "list is full: 1")):
        with pytest.raises(DomainError, match=words):
            wishes.add(round_=round_, student=her, mentor=who.key, by=her.person)
    with pytest.raises(DomainError, match="cannot be chosen"):
        wishes.add(round_=round_, student=student(), mentor=full.key, by=her.person)


def test_nobody_is_asked_one_by_one_while_lists_are_made(ranking, student, mentor):
    round_, her, one = ranking(), student(), mentor()
    with pytest.raises(DomainError, match="put mentors on your list"):
        requests.ask(round_=round_, student=her, mentor=one.key, by=her.person)


def test_asking_and_ranking_are_not_changed_for_each_other(ranking):
    round_ = ranking()
    with pytest.raises(DomainError, match="Close this round"):
        choosing.change_round(round_=round_, way="search", by=None)


def test_lists_stand_once_mentors_rank_and_only_those_named_are_told(
    ranking, wish, student, mentor
):
    round_, her, named = ranking(mentors_rank=True), student(), mentor()
    mentor()
    wish(her, named)
    assert wishes.let_mentors_rank(round_=round_, by=None) == 1
    mails = Notification.objects.filter(kind="mentor_ranks")
    assert [mail.recipient for mail in mails] == [named.person]
    with pytest.raises(DomainError, match="lists are closed"):
        wish(her, mentor())


def test_mentors_do_not_rank_where_the_round_does_not_say_so(ranking):
    with pytest.raises(DomainError, match="do not rank"):
        wishes.let_mentors_rank(round_=ranking(), by=None)


def test_a_mentor_ranks_those_who_named_her_and_nobody_else(ranking, wish, student, mentor):
    round_, one = ranking(mentors_rank=True), mentor()
    her, other, stranger = student(), student(), student()
    wish(her, one), wish(other, one)
    wishes.let_mentors_rank(round_=round_, by=None)
    last = Order.of(round_, one).everybody[-1]
    wishes.rank(round_=round_, mentor=one, act="up", student=last.key, by=one.person)
    assert {row.student: row.rank for row in StudentRank.objects.all()} == {last: 1}
    wishes.rank(round_=round_, mentor=one, act="keep", by=one.person)
    assert [row.rank for row in StudentRank.objects.order_by("rank")] == [1, 2]
    with pytest.raises(DomainError, match="has not named you"):
        wishes.rank(round_=round_, mentor=one, act="up", student=stranger.key, by=one.person)


def test_whom_she_would_rather_not_have_is_all_that_is_kept_of_that(ranking, wish, student, mentor):
    round_, one = ranking(mentors_rank=True), mentor()
    her, other = student(), student()
    wish(her, one), wish(other, one)
    wishes.let_mentors_rank(round_=round_, by=None)
    wishes.rank(round_=round_, mentor=one, act="not", student=her.key, by=one.person)
    assert [(row.student, row.rank) for row in StudentRank.objects.all()] == [(her, None)]
    wishes.rank(round_=round_, mentor=one, act="back", student=her.key, by=one.person)
    assert not StudentRank.objects.exists()


def test_who_has_a_mentor_by_now_is_no_name_on_a_mentors_page(ranking, wish, student, mentor):
    round_, one, her = ranking(mentors_rank=True), mentor(), student()
    wish(her, one)
    wishes.let_mentors_rank(round_=round_, by=None)
    assign(student=her, mentor=mentor(), by=None)
    assert Order.of(round_, one).everybody == []


def test_who_has_no_list_after_a_week_is_reminded_once_and_nobody_is_handed_over(
    ranking, wish, student, mentor, start
):
    _round, idle, busy = ranking(), student(), student()
    wish(busy, mentor())
    for days in (8, 40):
        with clock.at(start + timedelta(days=days)):
            choosing.follow()
    assert [note.recipient for note in Notification.objects.filter(kind="choosing_nudge")] == [
        idle.person
    ]
    assert not ExpertCase.objects.exists()


# What a run makes of them


def test_a_first_choice_counts_more_than_any_score(ranking, wish, student, mentor, run):
    ranking()
    her = student(interests=["Surgery"])
    alike, wanted = mentor(interests=["Surgery"]), mentor()
    wish(her, wanted)
    made = run("wishes")
    assert made.got[her] == wanted
    assert made.got[her] != alike
    assert made.result["wished"] == {"lists": 1, "first": 1, "any": 1}
    assert {"code": "wish", "points": 0, "share": 0, "rank": 1} in made.pairs.get().reasons


def test_whoever_is_left_is_placed_by_the_best_total(ranking, wish, student, mentor, run):
    ranking()
    first, second = student(), student(interests=["Surgery"])
    popular, surgeon = mentor(), mentor(interests=["Surgery"])
    wish(first, popular), wish(second, popular)
    made = run("wishes")
    assert made.got[second] == surgeon or made.got[first] == surgeon
    assert None not in made.got.values()
    assert made.result["wished"]["first"] == 1


def test_where_mentors_rank_their_order_decides_who_gets_the_place(
    ranking, wish, student, mentor, run
):
    round_, popular = ranking(mentors_rank=True), mentor()
    mentor()
    her, other = student(), student()
    wish(her, popular), wish(other, popular)
    wishes.let_mentors_rank(round_=round_, by=None)
    for wanted in (her, other):
        StudentRank.objects.all().delete()
        if Order.of(round_, popular).everybody[0] != wanted:
            wishes.rank(
                round_=round_, mentor=popular, act="up", student=wanted.key, by=popular.person
            )
        wishes.rank(round_=round_, mentor=popular, act="keep", by=popular.person)
        assert run("stable").got[wanted] == popular
        assert run("wishes").got[wanted] == popular


def test_whom_a_mentor_would_rather_not_have_she_is_never_given(
    ranking, wish, student, mentor, run
):
    round_, one, her = ranking(mentors_rank=True), mentor(), student()
    wish(her, one)
    wishes.let_mentors_rank(round_=round_, by=None)
    wishes.rank(round_=round_, mentor=one, act="not", student=her.key, by=one.person)
    for procedure in ("wishes", "stable", "optimal"):
        assert run(procedure).got[her] is None


def test_what_a_mentor_says_after_the_run_counts_when_it_is_published(
    ranking, wish, student, mentor, run
):
    round_, one, her = ranking(mentors_rank=True), mentor(), student()
    wish(her, one)
    made = run("wishes")
    wishes.let_mentors_rank(round_=round_, by=None)
    wishes.rank(round_=round_, mentor=one, act="not", student=her.key, by=one.person)
    with pytest.raises(DomainError, match="would rather have other students"):
        publishing.publish(run=made, by=None)


def test_lists_are_in_what_people_take_with_them_and_go_when_they_are_erased(
    ranking, wish, student, mentor, run
):
    round_, one, her = ranking(mentors_rank=True), mentor(), student()
    wish(her, one)
    wishes.let_mentors_rank(round_=round_, by=None)
    wishes.rank(round_=round_, mentor=one, act="keep", by=one.person)
    made = run("wishes")
    hers, theirs = (
        {name: rows for part in ports.PERSON_EXPORT.ask(who.person) for name, rows in part.items()}
        for who in (her, one)
    )
    assert [row["rank"] for row in hers["my list"]] == [1]
    assert hers["my ranking"] == []
    assert [row["rank"] for row in theirs["my ranking"]] == [1]
    erasing.erase(her.person)
    made.refresh_from_db()
    assert not MentorWish.objects.exists()
    assert not StudentRank.objects.exists()
    lists = [facts.get("wishes") for side in ("students", "mentors") for facts in made.inputs[side]]
    assert [wanted for wanted in lists if wanted and any(wanted.values())] == []


def test_where_scores_decide_a_wish_is_weighed_and_said(ranking, wish, student, mentor, run):
    ranking()
    her = student(interests=["Surgery"])
    mentor(interests=["Surgery"])
    wanted = mentor()
    wish(her, wanted)
    assert run("optimal", interests=3, wish=1).got[her] != wanted
    made = run("optimal", interests=1, wish=3)
    assert made.got[her] == wanted
    assert made.pairs.get().score == 750_000


def test_procedures_by_ranks_do_not_weigh_a_list_twice(ranking, wish, student, mentor, run):
    ranking()
    wish(student(), mentor())
    assert run("stable", interests=1, wish=3).weights == {"interests": 1}


def test_without_lists_the_procedure_is_the_best_total(student, mentor, run, start):
    students = [student(interests=["Surgery"]), student(interests=["Research"])]
    mentors = [mentor(interests=["Research"]), mentor(interests=["Surgery"])]
    made = run("wishes")
    assert made.got == {students[0]: mentors[1], students[1]: mentors[0]}
    assert made.result["wished"] == {"lists": 0, "first": 0, "any": 0}


def test_a_run_by_lists_is_published_like_any(ranking, wish, student, mentor, run):
    ranking()
    her, wanted = student(), mentor()
    wish(her, wanted)
    publishing.publish(run=run("wishes"), by=None)
    assert her.memberships.get().mentorship.memberships.filter(enrollment=wanted).exists()


def test_another_cohorts_mentor_is_not_on_the_list(ranking, student, start):
    round_, her = ranking(), student()
    stranger = EnrollmentFactory(role="mentor")
    with pytest.raises(DomainError, match="cannot be chosen"):
        wishes.add(round_=round_, student=her, mentor=stranger.key, by=her.person)


def test_what_a_try_would_give_of_the_lists_is_told(ranking, wish, student, mentor, run):
    ranking()
    her = student(interests=["Surgery"])
    mentor(interests=["Surgery"])
    wish(her, mentor())
    made = run("optimal", interests=1)
    job = trying.start(run=made, procedure="wishes", weights={"interests": 1}, marks=[], by=None)
    finish_jobs(her.cohort)
    job.refresh_from_db()
    wished = job.result["wished"]
    assert [side["first"] for side in wished] == [0, 1]
