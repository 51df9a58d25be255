"""Forms in a browser: unsent text is kept, mistakes are easy to find."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.urls import reverse

from sessions.models import Message
from tests.factories import pair
from tests.journeys.visitor import PHONE

PASSWORD = "correct horse battery staple"
TEXT = "I shall be ten minutes late on Monday."


@pytest.fixture
def mentorship(transactional_db):
    found = pair()
    student = found.student.person
    student.set_password(PASSWORD)
    student.save()
    EmailAddress.objects.create(user=student, email=student.email, verified=True, primary=True)
    return found


def sign_in(her, person):
    her.page.locator("[name=login]").fill(person.email)
    her.page.locator("[name=password]").fill(PASSWORD)
    her.press("Sign in")


def test_a_message_outlives_the_session_in_which_it_was_written(visit, mentorship):
    student = mentorship.student.person
    thread = reverse("sessions:thread", args=[mentorship.key])
    her = visit(student, size=PHONE)
    her.open(thread)
    her.page.get_by_label("Your message").fill(TEXT)
    Session.objects.all().delete()
    her.press("Send")
    her.sees("what you sent did not arrive")
    her.is_fine()

    sign_in(her, student)
    assert her.page.url.endswith(thread)
    her.sees("Nothing was sent.")
    assert her.page.get_by_label("Your message").input_value() == TEXT
    her.press("Send")
    assert Message.objects.count() == 1
    her.open(thread)
    assert her.page.get_by_label("Your message").input_value() == ""


def test_a_draft_is_shown_to_nobody_else_at_the_same_browser(visit, mentorship):
    thread = reverse("sessions:thread", args=[mentorship.key])
    her = visit(mentorship.student.person)
    her.open(thread)
    her.page.get_by_label("Your message").fill(TEXT)
    her.sign_in(mentorship.mentor.person)
    her.open(thread)
    assert her.page.get_by_label("Your message").input_value() == ""


def test_a_refused_form_names_its_mistakes_at_the_top_and_leads_to_them(visit, mentorship):
    her = visit(mentorship.student.person, size=PHONE)
    her.expected_statuses = {200, 422}
    her.open(reverse("sessions:propose", args=[mentorship.key]))
    her.page.get_by_label("How long").select_option("60")
    her.press("Propose", exact=True)
    banner = her.page.locator(".mistakes")
    assert "This was not sent." in banner.inner_text()
    assert her.page.evaluate("document.activeElement.matches('.mistakes')")
    her.is_fine()
    banner.get_by_role("link", name="Day").click()
    assert her.page.evaluate("document.activeElement.name") == "day"
