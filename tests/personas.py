"""The people of the tests: one of each kind, and the same kinds in another cohort.

``world`` is a cohort with a pair, its staff, people beside it, and another cohort whose people
must see none of it.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from mentoring import clock
from mentoring.accounts.permissions import Role
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    UserFactory,
    meeting,
    member,
    pair,
)

STAFF = [str(role) for role in Role if role not in {Role.STUDENT, Role.MENTOR}]
PERSONAS = [
    "student",
    "mentor",
    "former_member",
    "fellow_student",
    "fellow_mentor",
    "other_student",
    "other_mentor",
    "other_coordinator",
    "outsider",
    "site_admin",
    *STAFF,
]


def make_world() -> SimpleNamespace:
    """Two cohorts with all roles. ``people`` maps a persona's name to a user."""
    cohort, other = CohortFactory(), CohortFactory(name="Another cohort")
    mentorship, elsewhere = pair(cohort), pair(other)
    people = {
        "student": mentorship.student.person,
        "mentor": mentorship.mentor.person,
        "fellow_student": EnrollmentFactory(cohort=cohort).person,
        "fellow_mentor": EnrollmentFactory(cohort=cohort, role=Role.MENTOR).person,
        "other_student": elsewhere.student.person,
        "other_mentor": elsewhere.mentor.person,
        "other_coordinator": EnrollmentFactory(cohort=other, role=Role.COORDINATOR).person,
        "outsider": UserFactory(),
        "site_admin": UserFactory(is_superuser=True),
    }
    # A second student of the group, until the day before yesterday.
    left = EnrollmentFactory(cohort=cohort)
    member(mentorship, left, ended_at=clock.now() - timedelta(days=1))
    people["former_member"] = left.person
    for role in STAFF:
        people[role] = EnrollmentFactory(cohort=cohort, role=role).person
    soon = clock.now() + timedelta(days=2)
    return SimpleNamespace(
        cohort=cohort,
        other=other,
        mentorship=mentorship,
        elsewhere=elsewhere,
        meeting=meeting(mentorship, soon),
        other_meeting=meeting(elsewhere, soon),
        people=people,
    )


@pytest.fixture
def world(db):
    """The two cohorts and everyone in them."""
    return make_world()


@pytest.fixture
def as_user():
    """A test client, signed in as the given person."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
