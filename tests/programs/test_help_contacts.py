"""Whom to turn to: a call button calls, and the page is grouped by what somebody needs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import HelpContact
from programs.models.help import dialed
from tests.factories import CohortFactory, EnrollmentFactory


@pytest.fixture
def cohort(db):
    return CohortFactory()


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


def test_the_directory_is_grouped_with_emergencies_first(db, client):
    HelpContact.objects.create(kind="financial", name="Grants", email="g@example.edu")
    HelpContact.objects.create(
        kind="counseling",
        name="Counseling",
        phone="123",
        hours="weekdays from 9 to 17",
        languages=["hu", "en"],
        confidential="yes",
        audience="students",
    )
    HelpContact.objects.create(kind="emergency", name="Ambulance", phone="112", order=200)
    page = client.get("/help/").content.decode()
    order = [page.index(word) for word in ("Ambulance", "Counseling</strong>", "Grants")]
    assert order == sorted(order)
    counseling = page.split("Counseling</strong>")[1].split("</li>")[0]
    assert "Weekdays from 9 to 17 · Hungarian, English · Confidential · for students" in counseling
    assert "Ask whether it is confidential" in page.split("Grants")[1]
    assert "confidential" not in page.split("Ambulance")[1].split("</li>")[0]


@pytest.mark.parametrize("kind", HelpContact.Kind.values)
def test_each_kind_has_its_place_on_the_page(db, client, kind):
    HelpContact.objects.create(kind=kind, name="Somebody", phone="112")
    assert f'id="h-{kind}"' in client.get("/help/").content.decode()


def test_of_which_cohort_they_are_is_said_where_there_are_several(client, as_user, cohort):
    other = CohortFactory(name="Elsewhere")
    for number, where in enumerate((cohort, other)):
        HelpContact.objects.create(cohort=where, kind="other", name=f"Office {number}", phone="112")
    her = as_user(EnrollmentFactory(cohort=cohort).person)
    assert "Elsewhere" in client.get("/help/").content.decode()
    mine = her.get("/help/").content.decode()
    assert "Office 0" in mine
    assert "Office 1" not in mine
    assert f" · {cohort.name}" not in mine


def test_on_paper_the_addresses_are_words(db, client):
    HelpContact.objects.create(kind="other", name="Office", email="o@example.edu", phone="112")
    page = client.get("/help/").content.decode()
    assert '<span class="print-only">112 o@example.edu ' in page


def test_the_page_takes_as_many_queries_for_thirty_as_for_one(client, cohort):
    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get("/help/")
        return len(captured)

    HelpContact.objects.create(cohort=cohort, kind="other", name="One", phone="112")
    count()
    few = count()
    for number in range(30):
        HelpContact.objects.create(cohort=cohort, kind="health", name=f"{number}", phone="112")
    assert count() == few


def test_all_of_an_entry_is_entered_and_changed_on_the_settings_page(as_user, cohort):
    her = as_user(EnrollmentFactory(cohort=cohort, role="coordinator").person)
    url = reverse("programs:settings", args=[cohort.key])
    fields = {"kind": "harassment", "name": "Office", "email": "o@example.edu", "hours": "Mondays",
              "languages": "English, hu", "confidential": "yes", "audience": "mentors"}  # fmt: skip
    sent = {f"contact-{name}": value for name, value in fields.items()}
    assert her.post(url, {"form": "contact", **sent}).status_code == 302
    row = HelpContact.objects.get()
    assert (row.kind, row.hours, row.languages) == ("harassment", "Mondays", ["en", "hu"])
    assert (row.confidential, row.audience) == ("yes", "mentors")
    changed = {f"contact-{row.pk}-{name}": value for name, value in fields.items()}
    changed[f"contact-{row.pk}-languages"] = "Klingonese"
    refused = her.post(url, {"form": "contact", "number": row.pk, **changed})
    assert refused.status_code == 422
    changed[f"contact-{row.pk}-languages"] = ""
    her.post(url, {"form": "contact", "number": row.pk, **changed})
    row.refresh_from_db()
    assert row.languages == []
