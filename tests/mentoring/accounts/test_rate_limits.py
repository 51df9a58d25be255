"""Nobody tries passwords for long, and nobody floods a mailbox."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from mentoring.outbox.models import Notification
from tests.factories import CohortFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet river in May"


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def anna():
    person = UserFactory(email="anna@example.edu")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def log_in(password, ip="192.0.2.1", email="anna@example.edu"):
    """Whether this visitor is signed in by that."""
    client = Client(REMOTE_ADDR=ip)
    client.post(reverse("account_login"), {"login": email, "password": password})
    return "_auth_user_id" in client.session


def mails_after(times, name, *args, spread=False, email="anna@example.edu"):
    """How many mails a form sends that is sent so often, from one place or from many."""
    for n in range(times):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{n + 1 if spread else 1}")
        visitor.post(reverse(name, args=args), {"email": email.format(n=n)})
    return Notification.objects.count()


def test_the_right_password_signs_in_after_four_wrong_ones(anna):
    assert not any(log_in(f"wrong {n}") for n in range(4))
    assert log_in(PASSWORD)


def test_after_five_wrong_passwords_the_right_one_does_not_help_from_anywhere(anna):
    assert not any(log_in(f"wrong {n}") for n in range(5))
    assert not log_in(PASSWORD)
    assert not log_in(PASSWORD, ip="192.0.2.99")


def test_who_tries_many_accounts_from_one_place_is_stopped(anna):
    assert not any(log_in("wrong", email=f"p{n}@example.edu") for n in range(10))
    assert not log_in(PASSWORD)
    assert log_in(PASSWORD, ip="192.0.2.99")


@pytest.mark.parametrize("spread", [False, True])
def test_a_mailbox_gets_three_codes_a_minute(anna, spread):
    assert mails_after(8, "account_request_login_code", spread=spread) == 3


@pytest.mark.parametrize("spread", [False, True])
def test_a_mailbox_gets_five_reset_links_a_minute(anna, spread):
    assert mails_after(8, "account_reset_password", spread=spread) == 5


def test_one_place_asks_for_ten_application_links_an_hour():
    cohort = CohortFactory(applications_open=True)
    sent = mails_after(12, "programs:apply", cohort.key, email="new{n}@example.edu")
    assert sent == 10
