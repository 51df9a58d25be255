"""Solving again with the fewest changes: who waits is placed, and as few as can be move."""

from datetime import timedelta

import pytest
from django.urls import reverse

from matching import presenters, presenters_moves
from matching.models import MatchRun, Mentorship, PairRule
from matching.services import publishing, runs, undoing
from matching.services.mentorships import assign
from mentoring import clock
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from mentoring.simulation.player.stage import finish_jobs
from programs.models import Enrollment
from tests.factories import meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def again(cohort, coordinator):
    """A run with the fewest changes."""

    def make():
        run = runs.start(
            cohort=cohort, procedure="keeping", weights={"interests": 1}, required=["languages"],
            by=coordinator, seed=2,
        )  # fmt: skip
        finish_jobs(cohort)
        run.refresh_from_db()
        assert run.state == MatchRun.State.DONE
        return run

    return make


def now(student):
    seat = student.memberships.filter(ended_at=None).select_related("mentorship").get()
    return seat.mentorship.memberships.get(role="mentor", ended_at=None).enrollment


@pytest.fixture
def tight(student, mentor):
    """Ada speaks both languages and has the only mentor whom Ben could have; Zoe has another."""

    class Tight:
        ada, ben, zoe = (
            student(languages=["en", "hu"]), student(languages=["hu"]), student(languages=["en"]),
        )  # fmt: skip
        hungarian, english = mentor(languages=["hu"]), mentor(languages=["en"])
        third = mentor(languages=["en"])

    assign(student=Tight.ada, mentor=Tight.hungarian, by=None)
    assign(student=Tight.zoe, mentor=Tight.third, by=None)
    return Tight


def test_one_moves_so_that_another_is_placed_and_the_rest_stays(tight, again):
    run = again()
    assert {pair.student: pair.mentor for pair in run.pairs.all()} == {
        tight.ada: tight.english,
        tight.ben: tight.hungarian,
    }
    assert run.result["kept"] == 1
    assert run.result["moves"] == [
        {
            "student": tight.ada.pk,
            "was": tight.hungarian.pk,
            "now": tight.english.pk,
            "for": [tight.ben.pk],
        }
    ]


def test_nobody_moves_where_there_is_a_place_nor_for_a_better_score(student, mentor, again):
    her, other = student(languages=["en"], interests=["Surgery"]), student(languages=["en"])
    plain = mentor(languages=["en"])
    assign(student=her, mentor=plain, by=None)
    surgeon = mentor(languages=["en"], interests=["Surgery"])
    run = again()
    assert {pair.student: pair.mentor for pair in run.pairs.all()} == {other: surgeon}
    assert run.result["moves"] == []


def test_who_has_met_is_not_moved(tight, again):
    mentorship = tight.ada.memberships.get().mentorship
    meeting(mentorship, clock.now() - timedelta(days=1), state="held")
    run = again()
    assert {pair.student: pair.mentor for pair in run.pairs.all()} == {tight.ben: None}


def test_publishing_moves_and_places_in_one_step_and_each_is_told_once(tight, again):
    publishing.publish(run=again(), by=None)
    assert now(tight.ada) == tight.english
    assert now(tight.ben) == tight.hungarian
    assert now(tight.zoe) == tight.third
    to_ada = Notification.objects.filter(recipient=tight.ada.person).values_list("kind", flat=True)
    assert list(to_ada).count("mentorship_formed") == 2
    assert "mentorship_ended" not in to_ada
    assert Mentorship.objects.filter(end_reason="reorganized").count() == 1


def test_whoever_meets_meanwhile_stays_and_nothing_is_half_done(tight, again):
    run = again()
    mentorship = tight.ada.memberships.get().mentorship
    meeting(mentorship, clock.now() - timedelta(days=1), state="held")
    with pytest.raises(DomainError, match="has met her mentor in the meantime"):
        publishing.publish(run=run, by=None)
    assert now(tight.ada) == tight.hungarian
    assert not tight.ben.memberships.exists()


def test_a_pair_that_a_rule_forbids_now_is_changed(student, mentor, cohort, again):
    her, one, other = student(languages=["en"]), mentor(languages=["en"]), mentor(languages=["en"])
    assign(student=her, mentor=one, by=None)
    PairRule.objects.create(cohort=cohort, student=her, mentor=one, kind="forbid")
    run = again()
    assert {pair.student: pair.mentor for pair in run.pairs.all()} == {her: other}
    assert run.result["moves"][0]["for"] == []


def test_a_mentor_leaves_and_twenty_come_late(student, mentor, again):
    mentors = [mentor(languages=["en"], capacity=4) for _ in range(12)]
    for one in mentors[:10]:
        for _ in range(2):
            assign(student=student(languages=["en"]), mentor=one, by=None)
    late = [student(languages=["en"]) for _ in range(20)]
    run = again()
    assert run.result["placed"] == len(late)
    assert run.result["kept"] == 20
    assert run.result["moves"] == []


def test_the_page_says_who_moves_and_why(tight, again, as_user, coordinator, cohort):
    run = again()
    shown = " ".join(
        as_user(coordinator)
        .get(reverse("matching:run", args=[cohort.key, run.key]))
        .content.decode()
        .split()
    )
    assert "1 student moves" in shown
    assert f"makes room for {tight.ben.person.full_name}" in shown
    assert "Why not" not in shown


def test_without_pairs_it_is_not_offered(as_user, coordinator, cohort, student):
    student()
    url = reverse("matching:overview", args=[cohort.key])
    assert b"Fewest changes" not in as_user(coordinator).get(url).content


def test_taken_back_whoever_moved_has_her_mentor_again(tight, again):
    run = again()
    publishing.publish(run=run, by=None)
    run.refresh_from_db()
    undoing.undo(run=run, by=None)
    assert now(tight.ada) == tight.hungarian
    assert not tight.ben.memberships.filter(ended_at=None).exists()


def test_such_a_run_is_published_as_a_whole(tight, again):
    run = again()
    with pytest.raises(DomainError, match="published as a whole"):
        undoing.leave_out(run=run, pair=run.pairs.get(student=tight.ben), out=True, by=None)


def test_whose_place_is_gone_keeps_it_until_somebody_acts(student, mentor, again):
    one = mentor(languages=["en"], capacity=2)
    for _ in range(2):
        assign(student=student(languages=["en"]), mentor=one, by=None)
    Enrollment.objects.filter(pk=one.pk).update(capacity=1)
    run = again()
    assert run.result["unmatched"] == 0
    assert [move["now"] for move in run.result["moves"]] == [None]
    assert presenters_moves.rows(run)[0].why.startswith("there is no place for the two")


def test_pairs_that_stay_count_for_the_average(tight, again):
    row = presenters.run_rows([again()])[0]
    assert row.mean is None or row.mean <= 100
