"""Groups of every shape: who leads them, who fits in, and what becomes of those who come late."""

from collections import Counter

import pytest

from matching import queries
from matching.models import Membership, Mentorship
from matching.reasons import reasons
from matching.services import groups, mentorships, publishing, runs
from matching.services.pair_rules import set_rule
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from tests import factories
from tests.factories import EnrollmentFactory, EnrollmentYearFactory

BASE = {
    "slug": "vertical",
    "title": "Vertical groups",
    "school": "A school",
    "model": "combined",
    "source": "a test",
    "duration": {"kind": "degree"},
    "matching": {"procedure": "random", "balanced_by": ["class_year"]},
}
FACULTY = {"role": "mentor", "kind": "faculty", "count": 1}


def shape(*seats, slug="group", **more):
    return {"slug": slug, "title": "Group", "seats": list(seats), **more}


def seats(count=None, role="student", **more):
    return {"role": role, "kind": "student", "count": count, **more}


VERTICAL = BASE | {
    "shapes": [
        shape(
            seats(per_class={1: 2, 2: 2, 3: 2, 4: 2}),
            FACULTY,
            seats(2, "junior_mentor", class_years=[4], within="student"),
        )
    ]
}
TIERS = BASE | {
    "shapes": [
        shape(seats(1, class_years=[1, 2]), seats(1, "junior_mentor"), slug="peer"),
        shape(seats(1, class_years=[3, 4]), FACULTY, slug="physician"),
    ]
}
PER_CLASS = BASE | {
    "shapes": [
        shape(seats(1, class_years=[1, 3]), FACULTY, slug="pair"),
        shape(
            seats(3, class_years=[2]),
            FACULTY | {"capacity": {"unit": "students_per_class", "default": 3, "max": 9}},
        ),
    ]
}
TRIADS = BASE | {
    "shapes": [shape(seats(2), FACULTY | {"capacity": {"unit": "groups", "default": 2}})]
}


def CohortFactory(**fields):  # noqa: N802 (stands for the factory)
    """Open for matching, whoever is on its list yet."""
    return factories.CohortFactory(override_at=factories.START, **fields)


@pytest.fixture
def publish(django_capture_on_commit_callbacks):
    def run_and_publish(cohort, seed=1, procedure="random"):
        with django_capture_on_commit_callbacks(execute=True):
            run = runs.start(
                cohort=cohort, procedure=procedure, weights={}, required=[], by=None, seed=seed
            )
        run.refresh_from_db()
        publishing.publish(run=run, by=None)
        return run

    return run_and_publish


@pytest.fixture
def students():
    def many(cohort, number, *years, **fields):
        rows = [EnrollmentFactory(cohort=cohort, **fields) for _ in range(number)]
        for at, row in enumerate(rows):
            if years:
                EnrollmentYearFactory(enrollment=row, class_year=years[at % len(years)])
        return rows

    return many


def people(cohort, number, role=Role.MENTOR, **fields):
    return [EnrollmentFactory(cohort=cohort, role=role, **fields) for _ in range(number)]


def sizes(cohort, role=Role.STUDENT):
    rows = Membership.objects.filter(mentorship__cohort=cohort, role=role, ended_at=None)
    return Counter(rows.values_list("mentorship", flat=True))


def test_two_mentors_lead_a_group_of_seven_to_ten(publish, students, db):
    cohort = CohortFactory(edition="tromso")
    students(cohort, 40, 1)
    mentors = people(cohort, 10)
    publish(cohort)
    groups = Mentorship.objects.filter(cohort=cohort)
    assert sorted(group.name for group in groups) == [f"Group {n}" for n in range(1, 6)]
    assert sorted(sizes(cohort).values()) == [8] * 5
    assert set(sizes(cohort, Role.MENTOR).values()) == {2}
    told = Notification.objects.filter(kind="mentorship_formed")
    assert told.count() == 50, "one mail for everybody in it"
    assert {row.person_id for row in mentors} <= set(told.values_list("recipient", flat=True))


def test_groups_stay_above_their_least_number_where_mentors_abound(publish, students, db):
    cohort = CohortFactory(edition="tromso")
    students(cohort, 20, 1)
    people(cohort, 10)
    publish(cohort)
    assert sorted(sizes(cohort).values()) == [10, 10]
    assert queries.free_places(cohort) == 30, "six idle mentors could lead three groups more"


def test_late_students_join_the_groups_that_have_room(publish, students, db):
    cohort = CohortFactory(edition="tromso")
    students(cohort, 16, 1)
    people(cohort, 4)
    publish(cohort)
    late = students(cohort, 3, 1)
    publish(cohort, seed=2)
    assert sorted(sizes(cohort).values()) in ([9, 10], [10, 9])
    assert Mentorship.objects.filter(cohort=cohort).count() == 2
    assert queries.unplaced_count(cohort) == 0
    assert all(row.memberships.count() == 1 for row in late)


def test_by_hand_a_student_joins_the_group_of_a_mentor_until_it_is_full(publish, students, db):
    cohort = CohortFactory(edition="tromso")
    students(cohort, 9, 1)
    mentor, _other = people(cohort, 2)
    publish(cohort)
    tenth, eleventh = students(cohort, 2, 1)
    group = mentorships.assign(student=tenth, mentor=mentor, by=None)
    assert sizes(cohort) == {group.pk: 10}
    with pytest.raises(DomainError, match="has no place left"):
        mentorships.assign(student=eleventh, mentor=mentor, by=None)


def test_a_class_year_that_pauses_is_not_matched(publish, students, db):
    cohort = CohortFactory(edition="tromso")
    students(cohort, 8, 1)
    away = students(cohort, 1, 5)[0]
    people(cohort, 2)
    run = publish(cohort)
    assert not away.memberships.exists()
    assert "no group for this class year" in reasons(run.pairs.get(student=away))[0]


def test_vertical_groups_take_the_same_number_of_every_class(publish, students, db):
    cohort = CohortFactory(edition=VERTICAL)
    everyone = students(cohort, 24, 1, 2, 3, 4)
    people(cohort, 3), people(cohort, 6, Role.JUNIOR_MENTOR)
    publish(cohort)
    years = Counter(
        Membership.objects.filter(mentorship__cohort=cohort, role=Role.STUDENT).values_list(
            "mentorship", "enrollment__years__class_year"
        )
    )
    assert set(years.values()) == {2}
    assert len(years) == 12
    assert set(sizes(cohort, Role.JUNIOR_MENTOR).values()) == {2}
    assert {row.state for row in everyone} == {"active"}


def test_a_senior_who_leads_as_one_of_the_students_sits_in_her_own_group(publish, students, db):
    cohort = CohortFactory(edition=VERTICAL)
    seniors = [row for row in students(cohort, 24, 1, 2, 3, 4) if row.years.get().class_year == 4]
    people(cohort, 3)
    for row in seniors:
        EnrollmentFactory(cohort=cohort, role=Role.JUNIOR_MENTOR, person=row.person)
    publish(cohort)
    for row in seniors:
        assert len(set(row.person.memberships.values_list("mentorship", flat=True))) == 1
        assert row.person.memberships.count() == 2


def test_two_tiers_match_each_class_year_with_its_own_mentors(publish, students, db):
    cohort = CohortFactory(edition=TIERS)
    students(cohort, 4, 1, 2), students(cohort, 4, 3, 4)
    unknown = students(cohort, 1)[0]
    people(cohort, 4), people(cohort, 4, Role.JUNIOR_MENTOR)
    run = publish(cohort, procedure="optimal")
    found = run.pairs.exclude(mentor=None).values_list(
        "student__years__class_year", "mentor__role", "shape"
    )
    assert Counter((role, slug) for _year, role, slug in found) == {
        ("junior_mentor", "peer"): 4,
        ("mentor", "physician"): 4,
    }
    assert all((year > 2) == (slug == "physician") for year, _role, slug in found)
    assert "not known" in reasons(run.pairs.get(student=unknown))[0]


def test_a_college_mentor_takes_so_many_of_every_class(publish, students, db):
    cohort = CohortFactory(edition=PER_CLASS)
    students(cohort, 18, 1, 2, 3)
    people(cohort, 2, capacity=3)
    publish(cohort)
    assert queries.load_counts(cohort) == {9: 2}
    assert Counter(sizes(cohort).values()) == {1: 12, 3: 2}
    assert queries.free_places(cohort) == 0


def test_a_fellow_serves_two_pairs(publish, students, db):
    cohort = CohortFactory(edition=TRIADS)
    students(cohort, 8)
    people(cohort, 2, capacity=2)
    publish(cohort)
    assert Counter(sizes(cohort).values()) == {2: 4}
    assert set(sizes(cohort, Role.MENTOR).values()) == {1}
    third, mentor = students(cohort, 1)[0], EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    group = mentorships.assign(student=third, mentor=mentor, by=None)
    assert mentorships.assign(student=students(cohort, 1)[0], mentor=mentor, by=None) == group
    with pytest.raises(DomainError, match="has no place left"):
        mentorships.assign(student=students(cohort, 1)[0], mentor=mentor, by=None)


def test_who_is_kept_apart_from_one_of_two_leaders_joins_another_group(publish, students, db):
    cohort = CohortFactory(edition="tromso")
    everyone = students(cohort, 14, 1)
    leaders = people(cohort, 4)
    for student in everyone[:3]:
        set_rule(cohort=cohort, student=student, mentor=leaders[0], kind="forbid", by=None)
    set_rule(cohort=cohort, student=everyone[3], mentor=leaders[0], kind="pin", by=None)
    publish(cohort)
    hers = leaders[0].memberships.get().mentorship
    members = set(hers.memberships.values_list("enrollment", flat=True))
    assert everyone[3].pk in members
    assert not members & {row.pk for row in everyone[:3]}


def test_a_group_whose_leader_was_taken_in_the_meantime_is_not_published(
    students, db, django_capture_on_commit_callbacks
):
    cohort = CohortFactory(edition="tromso")
    students(cohort, 8, 1)
    leaders = people(cohort, 2)
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.start(
            cohort=cohort, procedure="random", weights={}, required=[], by=None, seed=1
        )
    leaders[1].state = "withdrawn"
    leaders[1].save()
    run.refresh_from_db()
    with pytest.raises(DomainError, match="does not take part any more"):
        publishing.publish(run=run, by=None)
    assert not Mentorship.objects.filter(cohort=cohort).exists()


def test_another_leader_joins_and_goes_and_everybody_hears_of_it(publish, students, db):
    cohort = CohortFactory(edition="tromso")
    students(cohort, 8, 1)
    first, second = people(cohort, 2)
    publish(cohort)
    group = Mentorship.objects.get(cohort=cohort)
    third = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    groups.add_leader(mentorship=group, leader=third, by=None)
    assert sizes(cohort, Role.MENTOR) == {group.pk: 3}
    joined = Notification.objects.filter(dedupe_key__startswith="mentorship_joined")
    assert joined.count() == 11
    groups.end_leader(mentorship=group, leader=first, reason="time", by=None)
    assert Notification.objects.filter(kind="mentorship_ended").count() == 11
    groups.end_leader(mentorship=group, leader=third, reason="time", by=None)
    with pytest.raises(DomainError, match="Nobody else leads this group"):
        groups.end_leader(mentorship=group, leader=second, reason="time", by=None)
    group.refresh_from_db()
    assert group.is_live
    assert sizes(cohort) == {group.pk: 8}


def test_nobody_leads_a_group_twice_nor_beyond_her_capacity_nor_against_a_rule(
    publish, students, db
):
    cohort = CohortFactory(edition="tromso")
    everyone = students(cohort, 16, 1)
    people(cohort, 4)
    publish(cohort)
    one, other = Mentorship.objects.filter(cohort=cohort)
    leader = one.memberships.filter(role=Role.MENTOR).first().enrollment
    with pytest.raises(DomainError, match="in this group already"):
        groups.add_leader(mentorship=one, leader=leader, by=None)
    with pytest.raises(DomainError, match="no place left"):
        groups.add_leader(mentorship=other, leader=leader, by=None)
    fresh = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    set_rule(cohort=cohort, student=everyone[0], mentor=fresh, kind="forbid", by=None)
    hers = everyone[0].memberships.get().mentorship
    with pytest.raises(DomainError, match="Keep apart"):
        groups.add_leader(mentorship=hers, leader=fresh, by=None)
    with pytest.raises(DomainError, match="who mentors in this cohort"):
        groups.add_leader(mentorship=one, leader=EnrollmentFactory(role=Role.MENTOR), by=None)


def test_a_group_gets_the_name_its_people_use(publish, students, db):
    cohort = CohortFactory(edition="tromso")
    students(cohort, 8, 1)
    people(cohort, 2)
    publish(cohort)
    group = Mentorship.objects.get(cohort=cohort)
    groups.rename(mentorship=group, name="  The   owls ", by=None)
    group.refresh_from_db()
    assert group.name == "The owls"
    with pytest.raises(DomainError, match="longer than 100"):
        groups.rename(mentorship=group, name="x" * 101, by=None)
