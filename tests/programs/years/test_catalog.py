"""Every published program that lasts more than a year goes on, loses nobody, and comes back."""

import pytest

from matching.models import Mentorship
from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES
from programs.models import Cohort, Enrollment
from programs.services import year_undo
from programs.spec import catalog
from programs.years.people import Travelers
from programs.years.plan import goes_on, plan_of
from tests.factories import CohortFactory, EnrollmentFactory, EnrollmentYearFactory, member
from tests.programs.years import vertical
from tests.programs.years.test_roll_over import picture

pytestmark = pytest.mark.django_db
LONG = [slug for slug in catalog.slugs() if goes_on(catalog.spec(slug))]
ONE_YEAR = {"brown", "delhi", "great-western", "pramukhswami", "semmelweis"}
BEGAN = vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC)


def test_those_of_a_year_or_less_have_no_next_one():
    assert set(catalog.slugs()) - set(LONG) == ONE_YEAR


def peopled(slug):
    """One mentorship of each shape for each class year, with somebody on every mentoring seat."""
    cohort = CohortFactory(edition=slug, state="running")
    for shape in cohort.planned_spec.shapes:
        for year in shape.class_years("student") or (1, 2):
            group = Mentorship.objects.create(cohort=cohort, shape=shape.slug, started_at=BEGAN)
            student = EnrollmentFactory(cohort=cohort, activated_at=BEGAN)
            EnrollmentYearFactory(enrollment=student, class_year=year)
            member(group, student)
            for role in {seat.role for seat in shape.seats} & set(MENTOR_ROLES):
                member(group, EnrollmentFactory(cohort=cohort, role=role, activated_at=BEGAN))
    return Cohort.objects.get(pk=cohort.pk)


@pytest.mark.parametrize("slug", LONG)
def test_it_goes_on_and_comes_back(slug):
    cohort = peopled(slug)
    with clock.at(vertical.after_the_year(cohort)):
        before = picture(cohort)
        everyone = set(cohort.enrollments.values_list("pk", flat=True))
        turn = vertical.roll(cohort, None)
        assert set(turn.passages.values_list("enrollment", flat=True)) == everyone
        year_undo.undo(roll_over=turn, by=None)
        assert picture(Cohort.objects.get(pk=cohort.pk)) == before


@pytest.mark.parametrize("slug", LONG)
def test_after_enough_years_every_student_has_completed(slug):
    cohort = peopled(slug)
    for _ in range(10):
        cohort = Cohort.objects.get(pk=cohort.pk)
        with clock.at(vertical.after_the_year(cohort)):
            vertical.roll(cohort, None)
    students = Enrollment.objects.filter(cohort=cohort, role="student")
    assert set(students.values_list("state", flat=True)) == {"completed"}
    live = Mentorship.objects.filter(cohort=cohort, state__in=Mentorship.LIVE)
    assert not live.filter(memberships__role="student", memberships__ended_at=None).exists()


def test_a_degree_of_six_years_ends_after_the_sixth():
    cohort = CohortFactory(edition="fmusp", state="running")
    for year in (5, 6):
        EnrollmentYearFactory(enrollment=EnrollmentFactory(cohort=cohort), class_year=year)
    with clock.at(vertical.after_the_year(cohort)):
        rows = Travelers(plan_of(cohort)).rows
    assert {row.class_before: row.fate for row in rows} == {5: "up", 6: "completes"}
