"""A small vertical cohort in its first year, with everybody in a group."""

from types import SimpleNamespace

import pytest

from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import Cohort
from tests.programs.years import vertical


@pytest.fixture
def world(db, django_capture_on_commit_callbacks):
    """Two groups of two from each class, one faculty mentor and one senior each."""
    with clock.at(vertical.datetime(2021, 8, 30, 8, tzinfo=vertical.UTC)):
        cohort, by = vertical.opened(2, 2, 1)
        vertical.match(cohort, by, django_capture_on_commit_callbacks)
    cohort = Cohort.objects.get(pk=cohort.pk)
    return SimpleNamespace(cohort=cohort, by=by, capture=django_capture_on_commit_callbacks)


@pytest.fixture
def summer(world):
    """The clock stands a month after the first year."""
    with clock.at(vertical.after_the_year(world.cohort)):
        yield world


@pytest.fixture
def one_of(summer):
    """Somebody of a role and class year."""

    def find(role=Role.STUDENT, class_year=None):
        rows = summer.cohort.enrollments.filter(role=role).order_by("pk")
        if class_year is not None:
            rows = rows.filter(years__class_year=class_year)
        return rows.select_related("person", "cohort").first()

    return find
