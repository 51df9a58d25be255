"""Staff roles: two coordinators and more, and no role taken in secret."""

from datetime import timedelta

import pytest

from mentoring import access, clock
from mentoring.accounts.permissions import Permission, Role
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs import queries
from programs.models import Enrollment
from programs.roster import read
from programs.services import invitations, roles, rosters
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def person_with_password():
    person = UserFactory()
    person.set_password("a quiet river in May")
    person.save()
    return person


def told(kind):
    return sorted(note.recipient.pk for note in Notification.objects.filter(kind=kind))


def test_somebody_who_can_log_in_has_the_role_at_once_and_is_told(cohort, boss):
    person = person_with_password()
    row = roles.grant(cohort=cohort, email=person.email, role="coordinator", by=boss)
    assert row.state == "active"
    assert access.can(person, Permission.MANAGE_COHORT, cohort)
    assert told("role_granted") == [person.pk]


def test_somebody_new_is_invited_and_has_nothing_before_she_accepts(cohort, boss):
    row = roles.grant(
        cohort=cohort, email="new@example.edu", given_name="A", family_name="B",
        role="coordinator", by=boss,
    )  # fmt: skip
    assert row.state == "invited"
    assert not access.can(row.person, Permission.MANAGE_COHORT, cohort)
    assert Notification.objects.filter(kind="invitation", recipient=row.person).exists()


def test_who_takes_a_role_herself_is_seen_by_everyone_and_sees_nothing_older(cohort, boss):
    boss.set_password("a quiet river in May")
    boss.save()
    student = EnrollmentFactory(cohort=cohort).person
    other = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    gone = EnrollmentFactory(cohort=cohort, state="withdrawn").person
    later = clock.now() + timedelta(days=1)
    with clock.at(later):
        roles.grant(cohort=cohort, email=boss.email, role="at_risk_officer", by=boss)
    assert set(told("role_given")) == {student.pk, other.pk}
    assert gone.pk not in told("role_given")
    assert queries.sees_since(boss, cohort, "at_risk_officer") == later


def test_who_was_given_a_role_sees_what_it_opens(cohort, boss):
    person = person_with_password()
    roles.grant(cohort=cohort, email=person.email, role="at_risk_officer", by=boss)
    assert queries.sees_since(person, cohort, "at_risk_officer") is None


def test_the_other_coordinators_hear_of_it(cohort, boss):
    other = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    person = person_with_password()
    roles.grant(cohort=cohort, email=person.email, role="supervisor", by=boss)
    assert told("role_given") == [other.pk]


def test_students_are_not_made_here(cohort, boss):
    with pytest.raises(DomainError, match="people page"):
        roles.grant(cohort=cohort, email="a@b.hu", role="student", by=boss)


def test_a_role_is_taken_back(cohort, boss):
    person = person_with_password()
    row = roles.grant(cohort=cohort, email=person.email, role="coordinator", by=boss)
    roles.revoke(enrollment=row, by=boss)
    assert not access.can(person, Permission.MANAGE_COHORT, cohort)
    assert told("role_taken") == [person.pk]
    last = Enrollment.objects.get(person=boss)
    with pytest.raises(DomainError, match="needs a coordinator"):
        roles.revoke(enrollment=last, by=boss)


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_coordinators_hear_of_a_role_that_came_with_an_invitation(cohort, boss, by_hand):
    other = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    if by_hand:
        roles.grant(
            cohort=cohort, email="c@example.edu", role="coordinator", by=boss,
            given_name="Cili", family_name="Kovács",
        )  # fmt: skip
    else:
        file = "email,given_name,family_name,role\nc@example.edu,Cili,Kovács,coordinator\n"
        rosters.import_roster(cohort=cohort, roster=read(file.encode()), by=boss)
    row = Enrollment.objects.get(person__email="c@example.edu")
    assert told("role_given") == []
    invitations.respond(enrollment=row, yes=True, by=row.person)
    assert told("role_given") == [other.pk]


def test_all_coordinators_hear_of_a_role_from_a_roster_imported_by_command(cohort, boss):
    file = "email,given_name,family_name,role\nc@example.edu,Cili,Kovács,evaluator\n"
    rosters.import_roster(cohort=cohort, roster=read(file.encode()), by=None)
    row = Enrollment.objects.get(person__email="c@example.edu")
    invitations.respond(enrollment=row, yes=True, by=row.person)
    assert told("role_given") == [boss.pk]
