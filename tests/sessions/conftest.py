"""A pair in Budapest whose mentor has published her Mondays."""

from datetime import UTC, datetime, time
from types import SimpleNamespace

import pytest

from mentoring import clock
from mentoring.accounts.permissions import Role
from sessions.services import availability
from sessions.services.availability import DayHours
from tests.factories import CohortFactory, EnrollmentFactory, member, pair

# A Friday; the first open Monday is 13 September 2021.
NOW = datetime(2021, 9, 10, 10, 0, tzinfo=UTC)
# Monday, 13 September 2021, 09:00 in Budapest.
NINE = datetime(2021, 9, 13, 7, 0, tzinfo=UTC)


@pytest.fixture
def now():
    """The clock stands still at NOW."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def cohort(db):
    """A cohort whose year runs."""
    return CohortFactory(state="running")


@pytest.fixture
def coordinator(cohort):
    """Its coordinator, as a person."""
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def mentor(cohort, **fields):
    """One more mentor of a cohort."""
    return EnrollmentFactory(cohort=cohort, role=Role.MENTOR, **fields)


def publish(mentor, hours=((0, 9, 12),), **preferences):
    """Publish hours of a mentor, in Budapest."""
    preferences.setdefault("time_zone", "Europe/Budapest")
    preferences.setdefault("slot_minutes", 60)
    return availability.publish(
        by=mentor,
        hours=[DayHours(day, time(first), time(last)) for day, first, last in hours],
        **preferences,
    )


@pytest.fixture
def two(db, now):
    """A pair: ``.mentorship``, ``.student``, ``.mentor`` (people), ``.cohort``."""
    mentorship = pair()
    mentor = mentorship.mentor.person
    publish(mentor, place="Room 3")
    return SimpleNamespace(
        mentorship=mentorship,
        student=mentorship.student.person,
        mentor=mentor,
        cohort=mentorship.cohort,
    )


@pytest.fixture
def group(two):
    """The pair with a second student, ``.other``."""
    enrollment = EnrollmentFactory(cohort=two.cohort)
    member(two.mentorship, enrollment)
    two.other = enrollment.person
    return two


def join(mentorship, person, role="student"):
    """A further place in a mentorship for somebody who may have others elsewhere."""
    enrollment = EnrollmentFactory(cohort=mentorship.cohort, person=person, role=role)
    return member(mentorship, enrollment)


def elsewhere_with(person):
    """A mentorship in another cohort that ``person`` belongs to as a second student."""
    mentorship = pair()
    join(mentorship, person)
    return mentorship
