"""People may come by themselves, while applications are open."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from mentoring import clock, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs.models import Enrollment
from programs.services import applications
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet river in May"
NEW = {"given_name": "Amara", "family_name": "Okafor", "password": PASSWORD}


@pytest.fixture(autouse=True)
def noon():
    """No test falls into somebody's quiet hours, or into the rate limit of another."""
    cache.clear()
    with clock.at(datetime(2021, 9, 6, 10, tzinfo=UTC)):
        yield


@pytest.fixture
def cohort():
    row = CohortFactory(applications_open=True, state="recruiting")
    EnrollmentFactory(cohort=row, role=Role.COORDINATOR)
    return row


def page(cohort):
    return reverse("programs:apply", args=[cohort.key])


def test_from_an_address_to_an_application(client, cohort, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    response = client.post(page(cohort), {"email": "New@Example.edu"})
    assert b"We have sent a link" in response.content
    assert not User.objects.filter(email="new@example.edu").exists()
    outbox.deliver_due()
    [sent] = mail.outbox
    link = sent.body[sent.body.index("/cohorts/") :].split()[0]
    assert client.get(link).status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post(link, NEW).headers["Location"] == page(cohort)
    profile = {
        "role": "student",
        "interests": "psychiatry, climbing",
        "languages": "Hungarian; en",
        "hopes": "To survive anatomy",
        "free_time": ["9", "10", "33"],
    }
    assert client.post(page(cohort), profile).status_code == 302
    row = Enrollment.objects.get(person__email="new@example.edu")
    assert (row.state, row.role, row.capacity) == ("applied", "student", 0)
    assert row.interests == ["psychiatry", "climbing"]
    assert row.languages == ["hu", "en"]
    assert [hour for hour, bit in enumerate(row.free_time) if bit == "1"] == [9, 10, 33]
    assert Notification.objects.filter(kind="application_received").count() == 1


def test_the_answer_does_not_tell_whether_an_address_is_known(client, cohort):
    known = UserFactory()
    answers = [
        client.post(page(cohort), {"email": email}).content.replace(email.encode(), b"")
        for email in (known.email, "unknown@example.edu")
    ]
    assert answers[0].count(b"We have sent a link") == answers[1].count(b"We have sent a link") == 1


def test_one_mail_an_hour(client, cohort):
    for _ in range(5):
        client.post(page(cohort), {"email": "new@example.edu"})
    assert Notification.objects.filter(kind="application_link").count() == 1


def test_nobody_floods_mailboxes_from_one_place(client, cohort):
    answers = [
        client.post(page(cohort), {"email": f"p{number}@example.edu"}) for number in range(11)
    ]
    assert [answer.status_code for answer in answers] == [200] * 10 + [422]
    assert b"Too many requests" in answers[-1].content
    assert Notification.objects.filter(kind="application_link").count() == 10


def test_somebody_with_a_password_is_sent_to_the_login(client, cohort):
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    token = applications.link_token(cohort=cohort, email=person.email, at=clock.now())
    response = client.get(reverse("programs:apply_confirm", args=[cohort.key, token]))
    assert response.headers["Location"].startswith(reverse("account_login") + "?next=")
    assert "_auth_user_id" not in client.session


def test_a_link_is_for_one_program_and_two_days(cohort):
    token = applications.link_token(cohort=cohort, email="a@b.hu", at=clock.now())
    assert applications.read_token(cohort=cohort, token=token) == "a@b.hu"
    with pytest.raises(DomainError, match="another program"):
        applications.read_token(cohort=CohortFactory(), token=token)
    with pytest.raises(DomainError, match="not valid"):
        applications.read_token(cohort=cohort, token=token + "x")
    with clock.at(clock.now() + timedelta(days=3)), pytest.raises(DomainError, match="expired"):
        applications.read_token(cohort=cohort, token=token)


def test_closed_applications_are_not_there(client, as_user, cohort):
    cohort.applications_open = False
    cohort.save()
    assert client.get(page(cohort)).status_code == 404
    assert as_user(UserFactory()).get(page(cohort)).status_code == 404
    with pytest.raises(DomainError, match="closed"):
        applications.apply(cohort=cohort, role="student", by=UserFactory())


def test_a_mentor_says_how_many_she_takes(as_user, cohort):
    client = as_user(UserFactory())
    form = client.get(page(cohort), {"role": "mentor"})
    assert b'name="capacity"' in form.content
    assert b'name="hopes"' not in form.content
    sent = {"role": "mentor", "capacity": "101", "languages": "hu"}
    refused = client.post(page(cohort), sent)
    assert refused.status_code == 422
    assert client.post(page(cohort), sent | {"capacity": "3"}).status_code == 302
    assert Enrollment.objects.get(role="mentor").capacity == 3


def test_an_unknown_language_is_named(as_user, cohort):
    response = as_user(UserFactory()).post(
        page(cohort), {"role": "student", "languages": "klingon"}
    )
    assert response.status_code == 422
    assert "“klingon” is not a language" in response.content.decode()


def test_a_role_the_program_does_not_have(cohort):
    with pytest.raises(DomainError, match="no place for that role"):
        applications.apply(cohort=cohort, role="coordinator", by=UserFactory())


def test_an_invited_person_who_applies_has_accepted(cohort):
    row = EnrollmentFactory(cohort=cohort, state="invited")
    applications.apply(cohort=cohort, role="student", by=row.person, interests=["surgery"])
    row.refresh_from_db()
    assert (row.state, row.interests) == ("accepted", ["surgery"])


def test_applying_twice_is_applying_once(cohort):
    person = UserFactory()
    first = applications.apply(cohort=cohort, role="student", by=person)
    second = applications.apply(cohort=cohort, role="student", by=person, campus="Pest")
    assert first.pk == second.pk
    assert Enrollment.objects.get(person=person).campus == "Pest"


def test_who_withdrew_may_apply_again(cohort):
    row = EnrollmentFactory(cohort=cohort, state="withdrawn")
    applications.apply(cohort=cohort, role="student", by=row.person)
    row.refresh_from_db()
    assert row.state == "applied"
