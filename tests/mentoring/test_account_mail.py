"""Codes and reset links leave through the outbox, and rest sealed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from mentoring import outbox
from mentoring.outbox.models import Notification
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def ask_for_a_code(email: str) -> Notification:
    Client().post(reverse("account_request_login_code"), {"email": email})
    return Notification.objects.get()


def test_a_login_code_is_queued_sealed_and_wiped_once_sent(mailoutbox):
    user = UserFactory(email="anna@example.edu")
    note = ask_for_a_code("Anna@Example.edu")
    assert (note.kind, note.recipient) == ("account_mail", user)
    assert set(note.context) == {"sealed"}
    outbox.deliver_due()
    note.refresh_from_db()
    assert (note.state, note.context) == ("sent", {})
    (mail,) = mailoutbox
    assert mail.to == [f'"{user.full_name}" <anna@example.edu>']
    assert "testserver" not in mail.body
    assert re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.body)


def test_an_unknown_address_is_told_so_by_mail_and_not_on_the_page(mailoutbox):
    note = ask_for_a_code("nobody@example.edu")
    assert (note.recipient, note.address) == (None, "nobody@example.edu")
    outbox.deliver_due()
    assert [mail.to for mail in mailoutbox] == [["nobody@example.edu"]]


def test_nobody_can_sign_up_without_an_invitation():
    response = Client().post(
        reverse("account_signup"),
        {
            "email": "new@example.edu",
            "password1": "kerékpár-7-hold",
            "password2": "kerékpár-7-hold",
        },
    )
    assert "account/signup_closed.html" in [template.name for template in response.templates]
