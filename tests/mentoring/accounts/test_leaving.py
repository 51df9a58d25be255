"""Nobody leaves while a call for help waits for her alone."""

import pytest

from mentoring.accounts import services
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.services import enrollments, roles
from sessions.services import concerns
from tests.factories import EnrollmentFactory, pair


@pytest.fixture
def mentorship(db):
    return pair()


@pytest.fixture
def boss(mentorship):
    return EnrollmentFactory(cohort=mentorship.cohort, role=Role.COORDINATOR)


@pytest.fixture
def contact(mentorship):
    return EnrollmentFactory(cohort=mentorship.cohort, role=Role.WELLBEING_CONTACT)


@pytest.fixture
def concern(mentorship, contact):
    return concerns.raise_concern(
        cohort=mentorship.cohort,
        recipient=contact.person,
        text="Please call me.",
        urgent=True,
        by=mentorship.student.person,
    )


def erase(contact, boss):
    services.erase(by=contact.person, typed_email=contact.person.email)


def withdraw(contact, boss):
    enrollments.withdraw(enrollment=contact, by=contact.person)


def revoke(contact, boss):
    roles.revoke(enrollment=contact, by=boss.person)


@pytest.mark.parametrize("leave", [erase, withdraw, revoke])
def test_an_open_concern_is_closed_before_its_recipient_leaves(leave, contact, boss, concern):
    with pytest.raises(DomainError, match=r"1 concern sent to .* closes it first"):
        leave(contact, boss)
    contact.refresh_from_db()
    assert contact.is_present
    assert contact.person.is_active
    concerns.acknowledge(concern=concern, by=contact.person)
    with pytest.raises(DomainError):
        leave(contact, boss)
    concerns.close(concern=concern, by=contact.person)
    leave(contact, boss)
    contact.refresh_from_db()
    assert not contact.is_present


def test_who_keeps_a_role_that_answers_concerns_may_give_the_other_back(contact, boss, concern):
    also = EnrollmentFactory(cohort=contact.cohort, person=contact.person, role=Role.COORDINATOR)
    revoke(contact, boss)
    with pytest.raises(DomainError, match="still open"):
        revoke(also, boss)


def test_a_concern_elsewhere_holds_nobody_here(contact, boss, concern):
    elsewhere = EnrollmentFactory(person=contact.person, role=Role.WELLBEING_CONTACT)
    revoke(elsewhere, boss)
    elsewhere.refresh_from_db()
    assert not elsewhere.is_present


def test_the_author_may_leave(mentorship, concern):
    enrollments.withdraw(enrollment=mentorship.student, by=mentorship.student.person)
    mentorship.student.refresh_from_db()
    assert not mentorship.student.is_present
