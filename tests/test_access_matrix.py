"""Every address × every persona × (own, another cohort's): who gets an answer, who a 404.

An address without an expectation fails. Expectations stand in ``tests/access``.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import evaluation, ground, matching, programs, sessions, training
from tests.access.expectation import Expect
from tests.personas import PERSONAS

EXPECTATIONS: dict[str, Expect] = {
    **ground.EXPECTATIONS,
    **programs.EXPECTATIONS,
    **matching.EXPECTATIONS,
    **sessions.EXPECTATIONS,
    **training.EXPECTATIONS,
    **evaluation.EXPECTATIONS,
}
# The token stands in the form, so no address says which survey: its card is on the home.
PAGE_IS_HOME = {"evaluation:take_answer"}
# django-allauth guards its own pages; what we hold is which of them need a login.
ALLAUTH_PUBLIC = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_logout",
    "mfa_authenticate",
}
ALLAUTH = ("account_", "mfa_", "socialaccount_")


def addresses(
    resolver: URLResolver | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every named address of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        else:
            yield f"{namespace}{entry.name}", entry


ALL = dict(addresses())
OURS = sorted(name for name in ALL if not name.startswith(ALLAUTH))


def test_every_address_has_a_name_and_an_expectation():
    assert sorted(EXPECTATIONS) == OURS


@pytest.mark.parametrize("name", OURS)
def test_every_address_names_its_policy(name):
    assert getattr(ALL[name].callback, "policy", None), f"{name} has no @policy"


def outcome(client: Client, name: str, expected: Expect, args: dict) -> str:
    """``answer``, ``login`` or ``404``; whatever the request changed is rolled back."""
    with transaction.atomic():
        savepoint = transaction.savepoint()
        response = getattr(client, expected.method)(reverse(name, kwargs=args), expected.data)
        transaction.savepoint_rollback(savepoint)
    if response.status_code == 404:
        return "404"
    if response.status_code == 302 and response["Location"].startswith(reverse(settings.LOGIN_URL)):
        return "login"
    assert response.status_code < 500
    assert response.status_code != 403, f"{name}: a missing right is a 404"
    return "answer"


def expected_outcome(persona: str, allowed: frozenset[str]) -> str:
    if persona in allowed:
        return "answer"
    return "login" if persona == "anonymous" else "404"


@pytest.mark.parametrize("name", sorted(set(OURS) & set(EXPECTATIONS)))
def test_who_gets_an_answer(name, world):
    expected = EXPECTATIONS[name]
    cases = [("here", expected.args, expected.allowed)]
    if expected.elsewhere:
        cases.append(("elsewhere", expected.elsewhere, expected.allowed_elsewhere))
    found, wanted = {}, {}
    for persona in [*PERSONAS, "anonymous"]:
        for place, make, allowed in cases:
            client = Client()
            if persona != "anonymous":
                client.force_login(world.people[persona])
            found[persona, place] = outcome(client, name, expected, make(world))
            wanted[persona, place] = expected_outcome(persona, allowed)
    assert found == wanted


@pytest.mark.parametrize(
    "name", sorted(name for name in OURS if EXPECTATIONS[name].method == "post")
)
def test_the_address_of_an_action_leads_a_browser_to_its_page(name, world):
    expected = EXPECTATIONS[name]
    client = Client()
    client.force_login(world.people[min(expected.allowed & set(PERSONAS))])
    address = reverse(name, kwargs=expected.args(world))
    opened = client.get(address, headers={"Accept": "text/html"}, follow=True)
    assert opened.status_code == 200
    if opened.redirect_chain:
        page = opened.redirect_chain[-1][0]
        at_home = name in PAGE_IS_HOME
        assert at_home or page != reverse("home"), f"{name} has no page above it"
        assert opened.content.count(b"Nothing was sent.") == 1
    assert client.get(address).status_code in {200, 405}, "a program is told the plain truth"


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in sorted(ALL) if name.startswith(ALLAUTH)])
def test_pages_about_ones_login_need_a_login(name):
    pattern = ALL[name].pattern
    args = dict.fromkeys(pattern.converters, "x") or dict.fromkeys(
        getattr(getattr(pattern, "regex", None), "groupindex", {}), "x"
    )
    response = Client().get(reverse(name, kwargs=args))
    to_login = response.status_code == 302 and response["Location"].startswith(
        reverse(settings.LOGIN_URL) + "?"
    )
    assert to_login == (name not in ALLAUTH_PUBLIC)
