"""The pages of allauth speak like the rest of the house."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.utils.html import strip_tags

from mentoring.accounts.models import User

PASSWORD = "correct horse battery staple"
BEFORE = [
    "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/",
    "/accounts/password/reset/done/", "/accounts/inactive/", "/accounts/password/reset/key/a-b/",
]  # fmt: skip
WITHIN = ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"]


@pytest.fixture
def signed_in(db, client):
    person = User.objects.create_user("reka@example.edu", PASSWORD, privacy_version=1)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


def is_ours(page):
    main = re.search(r"<main.*</main>", page, re.DOTALL)[0]
    words = re.sub(r"\s+", " ", strip_tags(main))
    assert not re.search(r"\b[Ee]mail", words), words
    for foreign in ("Remember Me", "Sign-In", "Sign In", "(again)", "Password Reset", "Two-Factor"):
        assert foreign not in words, words


@pytest.mark.parametrize("path", BEFORE)
def test_before_signing_in(db, client, path):
    is_ours(client.get(path).content.decode())


@pytest.mark.parametrize("path", WITHIN)
def test_within(signed_in, path):
    is_ours(signed_in.get(path).content.decode())


def test_the_page_for_the_code(db, client):
    page = client.post("/accounts/login/code/", {"email": "reka@example.edu"}, follow=True)
    is_ours(page.content.decode())
    assert "Enter the code" in page.content.decode()


def test_two_step_sign_in_is_set_up_on_the_phone_that_has_the_app(signed_in):
    asked = signed_in.get("/accounts/reauthenticate/").content.decode()
    is_ours(asked)
    signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = signed_in.get("/accounts/2fa/totp/activate/").content.decode()
    is_ours(page)
    secret = re.search(r'id="secret">(\w+)<', page)[1]
    assert f'data-copy="{secret}"' in page
    assert re.search(rf'href="otpauth://totp/[^"]*secret={secret}', page)
    assert 'inputmode="numeric"' in page


def test_a_recovery_code_takes_the_place_of_the_app_and_the_page_says_so(signed_in, client):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    person = User.objects.get(email="reka@example.edu")
    TOTP.activate(person, generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    signed_in.post("/accounts/2fa/reauthenticate/", {"code": code})
    code = RecoveryCodes(person.authenticator_set.get(type="recovery_codes")).get_unused_codes()[0]
    shown = signed_in.get("/accounts/2fa/recovery-codes/").content.decode()
    assert "takes the place of the app" in shown
    assert code in shown
    signed_in.post("/accounts/logout/")
    step = signed_in.post(
        "/accounts/login/", {"login": person.email, "password": PASSWORD}, follow=True
    )
    assert "one of your recovery codes works as well" in step.content.decode()
    done = signed_in.post("/accounts/2fa/authenticate/", {"code": code})
    assert done.status_code == 302
    assert signed_in.get("/me/security/").status_code == 200
