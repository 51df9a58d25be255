"""Groups that runs form, from the database and back: who joins, who leads, who is left over."""

from collections import Counter

from matching.models import Membership, Mentorship, PairRule
from matching.reasons import reasons
from matching.running import run as propose
from matching.services import board, inputs, publishing, runs
from mentoring.accounts.permissions import Role
from mentoring.jobs import services as work
from mentoring.jobs.models import Job
from tests.factories import EnrollmentFactory
from tests.matching.services.test_groups import (  # noqa: F401 (fixtures)
    BASE,
    FACULTY,
    VERTICAL,
    CohortFactory,
    people,
    publish,
    seats,
    shape,
    sizes,
    students,
)

NEAR_PEER = BASE | {
    "shapes": [
        shape(
            seats([2, 3], class_years=[1, 2, 3]),
            {"role": "junior_mentor", "count": 1, "capacity": {"unit": "groups", "default": 1}},
        )
    ]
}
ALONE = BASE | {
    "shapes": [shape(seats([2, 4]), FACULTY | {"capacity": {"unit": "groups", "default": 2}})]
}


def members(cohort):
    found = {}
    for row in Membership.objects.filter(mentorship__cohort=cohort, ended_at=None):
        found.setdefault(row.mentorship_id, set()).add(row.enrollment_id)
    return found


def test_who_stays_in_a_group_stays_and_late_students_fill_it_first(publish, students, db):  # noqa: F811
    cohort = CohortFactory(edition=ALONE)
    students(cohort, 6)
    people(cohort, 1, capacity=2)
    publish(cohort, procedure="optimal")
    before = members(cohort)
    late = students(cohort, 2)
    publish(cohort, seed=2, procedure="optimal")
    after = members(cohort)
    assert Mentorship.objects.filter(cohort=cohort).count() == 2
    assert all(before[group] <= after[group] for group in before)
    assert set().union(*after.values()) - set().union(*before.values()) == {row.pk for row in late}
    assert Counter(sizes(cohort).values()) == {4: 2}


def test_places_of_a_class_year_that_are_taken_stay_taken(publish, students, db):  # noqa: F811
    cohort = CohortFactory(edition=VERTICAL)
    students(cohort, 7, 1, 2, 3, 4)
    people(cohort, 1), people(cohort, 2, Role.JUNIOR_MENTOR)
    publish(cohort)
    late = students(cohort, 2, 4)
    run = publish(cohort, seed=2)
    placed = [row for row in late if row.memberships.exists()]
    assert len(placed) == 1, "one place for class year 4 is left"
    (left,) = set(late) - set(placed)
    assert reasons(run.pairs.get(student=left)) == [
        "2 students (class year 4) and 1 place in groups for them"
    ]
    assert run.result["left_over"] == [
        {
            "code": "too_few_alike", "alike": [["class_year", "4"]],
            "students": 2, "places": 1, "left": 1, "shape": "group",
        }
    ]  # fmt: skip


def test_whoever_mentors_her_is_not_mentored_by_her(publish, students, db):  # noqa: F811
    cohort = CohortFactory(edition=NEAR_PEER)
    young = students(cohort, 2, 1)
    (senior,) = people(cohort, 1, Role.JUNIOR_MENTOR)
    publish(cohort)
    # A year on the younger ones mentor as well, and the senior is without a group herself.
    people(cohort, 1, Role.JUNIOR_MENTOR, person=young[0].person)
    herself = EnrollmentFactory(cohort=cohort, person=senior.person)
    students(cohort, 1, 1), students(cohort, 1, 2)
    found = inputs.snapshot(cohort, {}, [])
    assert found.data["above"] == [[senior.person_id, young[0].person_id]]
    run = publish(cohort, seed=2, procedure="optimal")
    told = reasons(run.pairs.get(student=herself))[0]
    assert "led by somebody whom the student leads" in told
    assert "is the same person" in told or "1 is led" in told
    assert not herself.memberships.exists()


def test_a_pin_brings_her_mentor_to_a_group_and_a_repetition_gives_the_same(
    cohort, students, django_capture_on_commit_callbacks  # noqa: F811
):  # fmt: skip
    cohort = CohortFactory(edition="tromso")
    everyone = students(cohort, 8, 1)
    mentors = people(cohort, 9)
    PairRule.objects.create(cohort=cohort, student=everyone[0], mentor=mentors[8], kind="pin")
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.start(
            cohort=cohort, procedure="random", weights={}, required=[], by=None, seed=1
        )
    run.refresh_from_db()
    [group] = run.groups
    assert mentors[8].pk in [who for who, _role in group["members"]]
    assert run.pairs.get(student=everyone[0]).pinned
    again = propose(run.inputs, run.procedure, run.seed, lambda _done, _all: None)
    assert [one.plain() for one in again.groups] == run.groups


def test_a_group_meets_when_all_are_free_where_that_is_a_must(publish, students, db):  # noqa: F811
    cohort = CohortFactory(edition=ALONE)
    morning, evening = "1" + "0" * 167, "0" * 167 + "1"
    early = students(cohort, 3, free_time=morning)
    late = students(cohort, 3, free_time=evening)
    people(cohort, 1, capacity=2, free_time="1" * 168)
    run = runs.start(
        cohort=cohort, procedure="optimal", weights={}, required=["free_time"], by=None, seed=1
    )
    found = propose(run.inputs, run.procedure, run.seed, lambda _done, _all: None)
    group_of = {one.student: one.group for one in found.proposals}
    assert len({group_of[row.pk] for row in early}) == 1
    assert len({group_of[row.pk] for row in late}) == 1
    assert len(found.groups) == 2


def test_groups_that_one_mentor_leads_are_laid_on_a_board_too(coordinator, students, db):  # noqa: F811
    cohort = CohortFactory(edition=ALONE)
    everyone = students(cohort, 7)
    people(cohort, 1, capacity=2)
    run = runs.start(
        cohort=cohort, procedure="optimal", weights={}, required=[], by=coordinator, seed=1
    )
    for job in Job.objects.filter(state="queued"):
        work.run(job.pk)
    laid = board.open_board(cohort=cohort, by=coordinator, onto=run)
    for job in Job.objects.filter(state="queued"):
        work.run(job.pk)
    laid.refresh_from_db()
    assert laid.pairs.exclude(mentor=None).count() == 7
    publishing.publish(run=laid, by=coordinator)
    assert {row.memberships.count() for row in everyone} == {1}
