import pytest

from mentoring.accounts.permissions import Role
from tests.factories import START, CohortFactory, EnrollmentFactory


@pytest.fixture
def cohort(db):
    """Open for matching, whoever is on its list yet."""
    return CohortFactory(override_at=START, override_reason="A test of matching itself.")


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
