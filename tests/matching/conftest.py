import pytest

from mentoring.accounts.permissions import Role
from tests.factories import CohortFactory, EnrollmentFactory


@pytest.fixture
def cohort(db):
    return CohortFactory()


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def student(cohort):
    def make(**fields):
        return EnrollmentFactory(cohort=cohort, **fields)

    return make


@pytest.fixture
def mentor(cohort):
    def make(**fields):
        return EnrollmentFactory(cohort=cohort, role=Role.MENTOR, **fields)

    return make
