"""The page of mentors needed: numbers from the people of the cohort, and from what-ifs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.accounts.permissions import Role
from programs.readiness import readiness
from programs.staffing import of_cohort, places
from tests.factories import CohortFactory, EnrollmentFactory, EnrollmentYearFactory


@pytest.fixture
def cohort(db):
    return CohortFactory(edition="tromso")


@pytest.fixture
def her(as_user, cohort):
    return as_user(EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person)


def student(cohort, year=1, **fields):
    row = EnrollmentFactory(cohort=cohort, **fields)
    EnrollmentYearFactory(enrollment=row, class_year=year)
    return row


def mentor(cohort, **fields):
    return EnrollmentFactory(cohort=cohort, role=Role.MENTOR, **fields)


def text(response):
    return " ".join(response.content.decode().split())


def test_needs_count_everyone_expected_and_supply_those_who_said_yes(cohort):
    for _ in range(11):
        student(cohort, state="invited")
    student(cohort, state="declined")
    mentor(cohort), mentor(cohort, state="accepted"), mentor(cohort, state="invited")
    [need] = of_cohort(cohort).needs
    assert (need.students, need.groups, need.places) == (11, 2, 10)
    [role] = need.roles
    assert (role.needed, role.people, role.missing) == (4, 2, 2)
    answers = {row.role: row for row in of_cohort(cohort).answers}
    assert (answers["student"].silent, answers["student"].said_no) == (11, 1)
    assert (answers["mentor"].said_yes, answers["mentor"].silent) == (2, 1)


def test_a_what_if_keeps_the_proportions_of_the_class_years(cohort):
    for year in (1, 1, 1, 2):
        student(cohort, year)
    assert of_cohort(cohort, students=100).needs[0].students == 100
    assert of_cohort(cohort, students=100).expected == 4
    empty = CohortFactory(edition="tromso")
    assert of_cohort(empty, students=50).needs[0].groups == 5


def test_gaps_show_campuses_and_languages_nobody_covers_first(cohort):
    student(cohort, campus="North", languages=["sme"])
    student(cohort, campus="north ", languages=["no"])
    student(cohort, campus="South", languages=["no"])
    mentor(cohort, campus="South", languages=["no"], capacity=3)
    gaps = of_cohort(cohort).gaps
    assert [(g.value, g.students, g.mentors, g.short) for g in gaps["campus"]] == [
        ("North", 2, 0, 2),
        ("South", 1, 1, 0),
    ]
    assert gaps["campus"][1].places == 30, "three groups of ten"
    assert [(g.value, g.short) for g in gaps["languages"]] == [("sme", 1), ("no", 0)]
    assert "interests" not in gaps


def test_readiness_counts_places_in_groups_not_in_people(cohort):
    for _ in range(9):
        student(cohort)
    mentor(cohort)
    item = next(one for one in readiness(cohort) if one.slug == "places")
    assert item.state == "red"
    assert places(cohort) == (9, 9, 0)
    mentor(cohort)
    item = next(one for one in readiness(cohort) if one.slug == "places")
    assert item.state == "green"
    assert places(cohort) == (9, 0, 10)


def test_the_page_says_it_in_words(her, cohort):
    for _ in range(12):
        student(cohort, campus="North")
    mentor(cohort)
    url = reverse("programs:staffing", args=[cohort.key])
    page = text(her.get(url))
    assert "12 students make 2 groups or more." in page
    assert "12 students without a place" in page
    assert "1 group each" in page
    planned = text(her.get(url, {"students": 95}))
    assert "95 students make 10 groups or more." in planned
    assert "Back to the 12 on the list" in planned
    assert text(her.get(url, {"students": "many"})).count("12 students make 2 groups") == 1


def test_more_people_cost_no_more_queries(her, cohort):
    url = reverse("programs:staffing", args=[cohort.key])

    def queries():
        with CaptureQueriesContext(connection) as counted:
            her.get(url)
        return len(counted)

    student(cohort), mentor(cohort)
    queries()
    before = queries()
    for _ in range(30):
        student(cohort, campus="North"), mentor(cohort)
    assert queries() == before
