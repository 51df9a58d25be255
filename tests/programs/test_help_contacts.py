"""A call button calls; whatever cannot be dialed is refused, or shown as text."""

import pytest
from django.urls import reverse

from programs.models import HelpContact
from programs.models.help import dialed
from tests.factories import CohortFactory, EnrollmentFactory


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("112", "112"),
        ("+36 1 234 5678", "+3612345678"),
        ("(06-1) 234/56.78", "06123456 78".replace(" ", "")),
        ("ask at the desk", ""),
        ("112 or 104", ""),
        ("12", ""),
        ("+36 1 234 5678, 9 to 5", ""),
        ("", ""),
    ],
)
def test_what_a_telephone_dials(typed, number):
    assert dialed(typed) == number


def test_a_number_that_cannot_be_dialed_is_refused_with_an_example(db, as_user):
    cohort = CohortFactory()
    her = as_user(EnrollmentFactory(cohort=cohort, role="coordinator").person)
    sent = {"form": "contact", "contact-kind": "emergency", "contact-name": "Porter"}
    url = reverse("programs:settings", args=[cohort.key])
    refused = her.post(url, {**sent, "contact-phone": "ask at the desk"})
    assert refused.status_code == 422
    assert "A telephone cannot dial this." in refused.content.decode()
    her.post(url, {**sent, "contact-phone": "+36 1 234 5678"})
    assert HelpContact.objects.get(name="Porter").dial == "+3612345678"


def test_an_old_entry_that_cannot_be_dialed_is_text_and_no_button(db, client):
    HelpContact.objects.create(kind="emergency", name="Porter", phone="ask at the desk")
    HelpContact.objects.create(kind="emergency", name="Ambulance", phone="1 1 2")
    page = client.get("/help/").content.decode()
    assert "<span>ask at the desk</span>" in page
    assert page.count("tel:") == 1
    assert 'href="tel:112"' in page
