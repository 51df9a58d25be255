from collections import Counter

import pytest

from matching.models import MatchRun, Membership, Mentorship
from matching.services import mentorships, pair_rules, runs
from matching.services.publishing import publish
from mentoring import clock
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from tests.factories import pair, template_document


@pytest.fixture
def run_of(cohort):
    def make(*pairs):
        run = MatchRun.objects.create(
            cohort=cohort,
            number=MatchRun.objects.count() + 1,
            procedure="optimal",
            seed=1,
            state=MatchRun.State.DONE,
        )
        for student, mentor in pairs:
            score = None if mentor is None else 500_000
            run.pairs.create(student=student, mentor=mentor, score=score)
        return run

    return make


def group_program(cohort):
    """Let the cohort follow Delhi's program: a mentor with two or three students."""
    version = cohort.edition.version
    version.document = template_document("delhi")
    version.save()


def test_publishing_makes_mentorships_starts_the_cohort_and_tells_both_sides(
    cohort, coordinator, run_of, student, mentor
):
    anna, bela, kata = student(), student(), mentor(capacity=2)
    left = student()
    run = run_of((anna, kata), (bela, kata), (left, None))
    formed = publish(run=run, by=coordinator)
    assert len(formed) == Mentorship.objects.count() == 2
    for mentorship, who in zip(formed, (anna, bela), strict=True):
        assert mentorship.run == run
        assert mentorship.state == "active"
        assert sorted(mentorship.memberships.values_list("enrollment", "role")) == sorted(
            [(who.pk, "student"), (kata.pk, "mentor")]
        )
    cohort.refresh_from_db()
    assert cohort.state == "running"
    assert cohort.started_at is not None
    run.refresh_from_db()
    assert run.state == "published"
    told = Notification.objects.filter(kind="mentorship_formed")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(
        [anna.person_id, bela.person_id, kata.person_id]
    )
    actions = list(Event.objects.values_list("action", flat=True))
    assert actions.count("mentorship.formed") == 2
    assert actions.count("matching.published") == 1


def test_who_was_accepted_becomes_active_with_the_mentorship(cohort, run_of, student, mentor):
    anna, kata = student(state="accepted"), mentor(state="accepted")
    left = student(state="accepted")
    publish(run=run_of((anna, kata), (left, None)), by=None)
    for row, state in ((anna, "active"), (kata, "active"), (left, "accepted")):
        row.refresh_from_db()
        assert row.state == state


def test_a_program_of_groups_gives_a_mentor_one_group(cohort, run_of, student, mentor):
    group_program(cohort)
    kata = mentor(capacity=5)
    students = [student() for _ in range(5)]
    formed = publish(run=run_of(*((one, kata) for one in students)), by=None)
    assert [group.memberships.filter(role="student").count() for group in formed] == [3, 2]
    assert Membership.objects.filter(enrollment=kata).count() == 2


def test_delhi_makes_15_groups_of_two_and_40_of_three(
    cohort, coordinator, student, mentor, django_capture_on_commit_callbacks
):
    group_program(cohort)
    for _ in range(150):
        student()
    for _ in range(55):
        mentor(capacity=3)
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.start(
            cohort=cohort, procedure="random", weights={}, required=[], by=coordinator, seed=9
        )
    groups = publish(run=run, by=coordinator)
    sizes = Counter(group.memberships.filter(role="student").count() for group in groups)
    assert sizes == {2: 15, 3: 40}
    assert Membership.objects.filter(role="mentor").count() == 55


def test_a_late_student_joins_the_group_that_has_room(cohort, run_of, student, mentor):
    group_program(cohort)
    kata = mentor(capacity=3)
    first = publish(run=run_of((student(), kata), (student(), kata)), by=None)
    late = student()
    again = publish(run=run_of((late, kata)), by=None)
    assert [group.pk for group in again] == [first[0].pk]
    assert Membership.objects.filter(enrollment=kata).count() == 1
    assert Notification.objects.filter(recipient=kata.person).count() == 2


def test_a_run_is_published_once(run_of, student, mentor):
    run = run_of((student(), mentor()))
    publish(run=run, by=None)
    with pytest.raises(DomainError, match="published already"):
        publish(run=run, by=None)
    assert Mentorship.objects.count() == 1


def test_publishing_one_run_lays_the_others_aside(cohort, run_of, student, mentor):
    anna, kata = student(), mentor()
    first, second = run_of((anna, kata)), run_of((anna, kata))
    publish(run=first, by=None)
    second.refresh_from_db()
    assert second.state == "superseded"
    with pytest.raises(DomainError, match="not ready"):
        publish(run=second, by=None)


def test_a_run_that_places_nobody_is_not_published(run_of, student):
    run = run_of((student(), None))
    with pytest.raises(DomainError, match="places nobody"):
        publish(run=run, by=None)
    run.refresh_from_db()
    assert run.state == "done"


def test_nothing_is_published_when_one_pair_does_not_hold_any_more(cohort, run_of, student, mentor):
    taken, free = pair(cohort), student()
    kata, full = mentor(), mentor(capacity=0)
    gone = student(state="withdrawn")
    run = run_of((taken.student, kata), (free, full), (gone, mentor()), (student(), mentor()))
    with pytest.raises(DomainError) as refused:
        publish(run=run, by=None)
    assert str(refused.value) == (
        f"{taken.student.person.full_name} has a mentor already. "
        f"{full.person.full_name} has no place left. "
        f"{gone.person.full_name} does not take part any more."
    )
    assert Mentorship.objects.count() == 1
    assert not Notification.objects.exists()
    run.refresh_from_db()
    assert run.state == "done"


def test_publishing_later_keeps_the_day_on_which_the_cohort_began(cohort, run_of, student, mentor):
    publish(run=run_of((student(), mentor())), by=None)
    cohort.refresh_from_db()
    began = cohort.started_at
    with clock.at(began.replace(year=began.year + 1)):
        publish(run=run_of((student(), mentor())), by=None)
    cohort.refresh_from_db()
    assert cohort.started_at == began


@pytest.mark.parametrize("kind", ["forbid", "assesses"])
def test_a_rule_made_after_the_run_is_not_overlooked(cohort, run_of, student, mentor, kind):
    anna, kata = student(), mentor()
    run = run_of((anna, kata), (student(), mentor()))
    pair_rules.set_rule(cohort=cohort, student=anna, mentor=kata, kind=kind, by=None)
    with pytest.raises(DomainError) as refused:
        publish(run=run, by=None)
    text = str(refused.value)
    assert {"forbid": "are to be kept apart", "assesses": "assesses"}[kind] in text
    assert anna.person.full_name in text
    assert kata.person.full_name in text
    assert text.endswith("Run the matching again.")
    assert not Mentorship.objects.exists()
    run.refresh_from_db()
    assert run.state == "done"


def test_a_program_that_allows_assessors_publishes_them(cohort, run_of, student, mentor):
    version = cohort.edition.version
    version.document["matching"]["assessor"] = "allowed"
    version.save()
    anna, kata = student(), mentor()
    pair_rules.set_rule(cohort=cohort, student=anna, mentor=kata, kind="assesses", by=None)
    assert len(publish(run=run_of((anna, kata)), by=None)) == 1


@pytest.mark.parametrize("kind", ["pin", "must"])
def test_a_student_who_is_kept_for_another_mentor_is_not_given_away(
    cohort, run_of, student, mentor, kind
):
    anna, kata, wanted = student(), mentor(), mentor()
    run = run_of((anna, kata))
    pair_rules.set_rule(cohort=cohort, student=anna, mentor=wanted, kind=kind, by=None)
    with pytest.raises(DomainError, match="is to have another mentor"):
        publish(run=run, by=None)
    again = run_of((anna, wanted))
    assert len(publish(run=again, by=None)) == 1


def test_a_pair_that_ended_after_the_run_is_not_made_again(cohort, run_of, student, mentor):
    anna, kata = student(), mentor()
    run = run_of((anna, kata))
    mentorship = mentorships.assign(student=anna, mentor=kata, by=None)
    mentorships.end(mentorship=mentorship, reason="fit", by=None)
    with pytest.raises(DomainError, match=r"were together before\. Run the matching again"):
        publish(run=run, by=None)
    # A coordinator who keeps them together knows both of them.
    pair_rules.set_rule(cohort=cohort, student=anna, mentor=kata, kind="pin", by=None)
    assert len(publish(run=run, by=None)) == 1
