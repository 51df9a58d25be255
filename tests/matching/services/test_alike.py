"""Groups whose students are alike: of one class year, of one campus."""

from collections import Counter

from matching.models import Membership, Mentorship
from matching.reasons import reasons
from matching.services import mentorships
from mentoring.accounts.permissions import Role
from tests.matching.services.test_groups import (  # noqa: F401 (fixtures)
    BASE,
    FACULTY,
    CohortFactory,
    people,
    publish,
    seats,
    shape,
    students,
)

LIKE = BASE | {
    "shapes": [
        shape(
            seats([2, 3]),
            FACULTY | {"capacity": {"unit": "groups", "default": 2}},
            alike=["class_year", "campus"],
        )
    ]
}


def kinds(cohort):
    """For each group the class years and campuses of its students."""
    found = {}
    rows = Membership.objects.filter(mentorship__cohort=cohort, role=Role.STUDENT, ended_at=None)
    for row in rows.select_related("enrollment"):
        year = row.enrollment.years.get().class_year
        found.setdefault(row.mentorship_id, []).append((year, row.enrollment.campus))
    return found


def test_groups_of_two_mentors_are_of_one_class_year(publish, students, db):  # noqa: F811
    cohort = CohortFactory(edition="tromso")
    students(cohort, 17, 1)
    students(cohort, 9, 2)
    people(cohort, 8)
    publish(cohort)
    found = [{year for year, _campus in group} for group in kinds(cohort).values()]
    assert sorted(map(tuple, found)) == [(1,), (1,), (2,)]


def test_one_mentor_can_have_groups_of_different_kinds(publish, students, db):  # noqa: F811
    cohort = CohortFactory(edition=LIKE)
    students(cohort, 3, 1, campus="North")
    students(cohort, 2, 1, campus="South")
    students(cohort, 3, 2, campus="North")
    people(cohort, 2, capacity=2)
    publish(cohort)
    found = kinds(cohort)
    assert sorted(len(group) for group in found.values()) == [2, 3, 3]
    assert all(len(set(group)) == 1 for group in found.values())


def test_who_is_left_over_reads_how_many_are_like_her(publish, students, db):  # noqa: F811
    cohort = CohortFactory(edition=LIKE)
    students(cohort, 6, 1, campus="North")
    few = students(cohort, 1, 1, campus="South")
    people(cohort, 1, capacity=2)
    run = publish(cohort)
    words = reasons(run.pairs.get(student=few[0]))
    assert words == ["1 student (class year 1, campus South) and 0 places in groups for them"]


def test_who_comes_later_joins_her_like(publish, students, db):  # noqa: F811
    cohort = CohortFactory(edition=LIKE)
    students(cohort, 2, 1, campus="North")
    students(cohort, 2, 2, campus="North")
    people(cohort, 1, capacity=2)
    publish(cohort)
    students(cohort, 1, 1, campus="North")
    students(cohort, 1, 2, campus="North")
    publish(cohort, seed=2)
    found = kinds(cohort)
    assert Mentorship.objects.filter(cohort=cohort).count() == 2
    assert all(len(group) == 3 and len(set(group)) == 1 for group in found.values())


def test_by_hand_she_joins_her_like_and_others_only_where_nothing_else_is_left(
    publish,  # noqa: F811
    students,  # noqa: F811
    db,
):
    cohort = CohortFactory(edition=LIKE)
    students(cohort, 2, 1, campus="North")
    students(cohort, 2, 2, campus="North")
    (mentor,) = people(cohort, 1, capacity=2)
    publish(cohort)
    (second,) = students(cohort, 1, 2, campus="North")
    (third,) = students(cohort, 1, 3, campus="North")
    group = mentorships.assign(student=second, mentor=mentor, by=None)
    assert Counter(kinds(cohort)[group.pk]) == {(2, "North"): 3}
    mixed = mentorships.assign(student=third, mentor=mentor, by=None)
    assert mixed.pk != group.pk, "the coordinator knows her; the full group stays as it is"
