"""The frame and the component kit, in a browser."""

import re

import pytest

from mentoring.accounts.models import User
from tests.factories import UserFactory
from tests.journeys.visitor import DESK, PHONE

PASSWORD = "correct horse battery staple"


@pytest.fixture
def person(transactional_db):
    return UserFactory(given_name="Réka", family_name="Szabó")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_the_gallery_shows_every_component_without_a_flaw(visit, transactional_db, size, dark):
    visitor = visit(size=size, dark=dark)
    visitor.open("/gallery/")
    visitor.is_fine()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_the_gallery_right_to_left(visit, transactional_db, size):
    visitor = visit(UserFactory(language="ar"), size=size)
    visitor.open("/gallery/")
    assert visitor.page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    brand = visitor.page.locator(".brand").bounding_box()
    assert brand["x"] > size[0] / 2, "the brand stands at the start, which is right"
    visitor.is_fine()


def test_the_keyboard_reaches_the_content_first(visit, person):
    visitor = visit(person)
    visitor.open("/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip-link"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"


def test_the_device_decides_on_dark_unless_the_person_did(visit, person):
    background = "getComputedStyle(document.body).backgroundColor"
    seen = {}
    for dark in (False, True):
        visitor = visit(person, dark=dark)
        visitor.open("/")
        seen[dark] = visitor.page.evaluate(background)
    assert seen[False] != seen[True]
    User.objects.update(theme="dark")
    visitor = visit(person, dark=False)
    visitor.open("/")
    assert visitor.page.evaluate(background) == seen[True]


def test_help_is_one_tap_away_on_a_phone(visit, person):
    visitor = visit(person, size=PHONE)
    visitor.open("/me/preferences/")
    bar = visitor.page.locator(".site-nav")
    box = bar.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(PHONE[1], abs=1)
    assert bar.get_by_role("link", name="Help").is_visible()


def test_a_destructive_act_asks_once(visit, person):
    visitor = visit(person)
    visitor.open("/me/data/")
    visitor.page.get_by_label("Your e-mail address").fill(person.email)
    visitor.press("Erase my data")
    dialog = visitor.page.get_by_role("dialog")
    dialog.wait_for()
    visitor.is_fine()
    dialog.get_by_role("button", name="Cancel").click()
    assert User.objects.get(pk=person.pk).is_active
    visitor.press("Erase my data")
    dialog.get_by_role("button", name="Erase my data").click()
    visitor.sees("Your data is erased")
    assert not User.objects.get(pk=person.pk).is_active


def test_signing_in_with_a_password_after_a_wrong_one(visit, transactional_db):
    from allauth.account.models import EmailAddress

    person = User.objects.create_user("reka@example.edu", PASSWORD, privacy_version=0)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    visitor = visit(size=PHONE)
    visitor.open("/me/preferences/")
    visitor.is_fine()
    visitor.page.get_by_label("E-mail address").fill(person.email)
    visitor.page.get_by_label("Password").fill("wrong")
    visitor.page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    visitor.sees("not correct")
    visitor.is_fine()
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    visitor.sees("One thing before you go on")
    visitor.is_fine()
    visitor.press("I have read this")
    visitor.page.wait_for_url(re.compile("/me/preferences/"))
    assert visitor.page.get_by_role("heading", name="Preferences").is_visible()


def test_preferences_change_the_appearance(visit, person):
    visitor = visit(person)
    visitor.open("/me/preferences/")
    visitor.page.get_by_role("radio", name="Dark").check()
    visitor.press("Use the zone of this device")
    visitor.press("Save")
    visitor.sees("Your preferences are saved.")
    assert visitor.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert User.objects.get(pk=person.pk).time_zone == "Europe/Budapest"
    visitor.is_fine()


PAGES_OF_THE_ACCOUNT = [
    "/me/preferences/", "/me/security/", "/me/data/", "/privacy/", "/who-can-see-what/",
    "/accounts/2fa/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/",
    "/accounts/2fa/totp/activate/", "/accounts/reauthenticate/",
]  # fmt: skip
PAGES_BEFORE_SIGNING_IN = [
    "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/accounts/signup/",
    "/accounts/inactive/", "/accounts/password/reset/done/", "/accounts/password/reset/key/a-b/",
    "/privacy/", "/who-can-see-what/",
]  # fmt: skip


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESK, False)], ids=["phone", "desk"])
def test_pages_about_the_account(visit, transactional_db, size, dark):
    person = User.objects.create_user("reka@example.edu", PASSWORD, privacy_version=1)
    inside, outside = visit(person, size=size, dark=dark), visit(size=size, dark=dark)
    wrong = {}
    for visitor, pages in [(inside, PAGES_OF_THE_ACCOUNT), (outside, PAGES_BEFORE_SIGNING_IN)]:
        for path in pages:
            visitor.open(path)
            if found := visitor.look():
                wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_a_missing_page_is_as_good_as_any(visit, person, size):
    visitor = visit(person, size=size)
    visitor.expected_statuses.add(404)
    visitor.open("/no-such-page/")
    visitor.sees("There is nothing here for you")
    visitor.is_fine()


@pytest.fixture
def member(transactional_db):
    """Somebody with a password and a confirmed address."""
    from allauth.account.models import EmailAddress

    person = User.objects.create_user("reka@example.edu", PASSWORD, privacy_version=1)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def last_mail_to(person) -> str:
    """The text of the newest mail, once the outbox has sent it."""
    from django.core import mail

    from mentoring import outbox

    outbox.deliver_due(limit=10)
    return next(m.body for m in reversed(mail.outbox) if person.email in m.to)


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (DESK, True)], ids=["phone", "desk"])
def test_signing_in_with_a_code_by_mail(visit, member, size, dark):
    visitor = visit(size=size, dark=dark)
    visitor.open("/accounts/login/")
    visitor.press("Send me a code by e-mail", role="link")
    visitor.is_fine()
    visitor.page.get_by_label("E-mail address").fill(member.email)
    visitor.press("Send me a code")
    visitor.is_fine()
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", last_mail_to(member), re.MULTILINE)[1]
    visitor.page.get_by_label("Code").fill(code)
    visitor.press("Confirm")
    visitor.page.wait_for_url(re.compile(r"/$"))
    visitor.is_fine()


def test_two_step_sign_in_from_set_up_to_recovery_codes(visit, member):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    def digits(secret):
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    visitor = visit(size=PHONE)
    visitor.open("/accounts/login/?next=/me/security/")
    visitor.page.get_by_label("E-mail address").fill(member.email)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    visitor.press("Set up", role="link")
    visitor.press("Set up", role="link")
    visitor.sees("Please confirm that it is you")
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.press("Confirm")
    visitor.is_fine()
    secret = visitor.page.locator("#secret").inner_text()
    picture = visitor.page.get_by_alt_text("as a QR code")
    assert picture.evaluate("image => image.naturalWidth") > 100
    visitor.page.locator("input[name=code]").fill(digits(secret))
    visitor.press("Switch on")
    visitor.is_fine()
    assert Authenticator.objects.filter(user=member, type="totp").exists()
    visitor.open("/accounts/2fa/")
    visitor.is_fine()
    visitor.open("/accounts/2fa/recovery-codes/")
    visitor.is_fine()
    codes = visitor.page.locator("textarea").input_value().split()
    visitor.open("/accounts/2fa/recovery-codes/generate/")
    visitor.is_fine()
    visitor.open("/accounts/2fa/totp/deactivate/")
    visitor.is_fine()

    elsewhere = visit()
    elsewhere.open("/accounts/login/")
    elsewhere.page.get_by_label("E-mail address").fill(member.email)
    elsewhere.page.get_by_label("Password").fill(PASSWORD)
    elsewhere.page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    elsewhere.page.locator("input[name=code]").fill(codes[0])
    elsewhere.is_fine()
    elsewhere.page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    elsewhere.page.wait_for_url(re.compile(r"/$"))
