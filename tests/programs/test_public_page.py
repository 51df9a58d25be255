"""The page that everyone can read, while it is published."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.accounts.visibility import OF_THE_PAIR, Viewer, sight
from mentoring.errors import DomainError
from programs.models import PublicLink
from programs.services import cohorts, public
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock.at(datetime(2021, 9, 6, 10, tzinfo=UTC)):
        yield


@pytest.fixture
def cohort():
    return CohortFactory(state="recruiting")


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def about(cohort):
    return reverse("programs:about", args=[cohort.key])


def publish(cohort, boss):
    public.publish(cohort=cohort, public=True, by=boss)


def test_until_it_is_published_only_coordinators_see_it(client, as_user, cohort, boss):
    student = EnrollmentFactory(cohort=cohort).person
    stranger = EnrollmentFactory(role=Role.COORDINATOR).person
    assert client.get(about(cohort)).status_code == 404
    for user in (student, stranger, UserFactory(is_superuser=True)):
        assert as_user(user).get(about(cohort)).status_code == 404
    assert "This is a preview" in as_user(boss).get(about(cohort)).content.decode()
    edit = reverse("programs:public_page_act", args=[cohort.key])
    as_user(boss).post(edit, {"act": "publish"})
    assert client.get(about(cohort)).status_code == 200
    as_user(boss).post(edit, {"act": "hide"})
    assert client.get(about(cohort)).status_code == 404


def test_it_says_what_the_program_asks_and_what_stays_confidential(client, cohort, boss):
    publish(cohort, boss)
    html = client.get(about(cohort)).content.decode()
    for words in ("Mentor training", "class year 3–6", "At random, with loads balanced",
                  "Students take part by their own choice", "Autumn", "ECTS"):  # fmt: skip
        assert words in html


@pytest.mark.parametrize("level", ["open", "counts", "strict"])
def test_what_stays_confidential_is_read_from_the_table_that_decides(client, cohort, boss, level):
    version = cohort.edition.version
    version.document = {**version.document, "confidentiality": {"level": level}}
    version.save()
    publish(cohort, boss)
    html = client.get(about(cohort)).content.decode()
    for content in OF_THE_PAIR:
        row = html.split(f'<th scope="row">{content.label}</th>')[1].split("</tr>")[0]
        cell = row.split('data-label="Coordinators">')[1].split("</td>")[0]
        wanted = sight(content, Viewer.COORDINATOR, level)
        said = "no" if wanted.value == "if_program_says" else str(wanted.label)
        assert said in cell, (content, level)


def test_it_names_no_person(client, cohort, boss):
    mentor = EnrollmentFactory(cohort=cohort, role=Role.MENTOR, offers="Fridays").person
    publish(cohort, boss)
    html = client.get(about(cohort)).content.decode()
    for word in (mentor.family_name, mentor.email, boss.family_name, boss.email, "Fridays"):
        assert word not in html


def test_one_applies_from_it_while_applications_are_open(client, cohort, boss):
    publish(cohort, boss)
    apply_ = reverse("programs:apply", args=[cohort.key])
    assert apply_ not in client.get(about(cohort)).content.decode()
    assert "not open at the moment" in client.get(about(cohort)).content.decode()
    cohorts.set_applications(cohort=cohort, open_=True, by=boss)
    html = client.get(about(cohort)).content.decode()
    assert f"{apply_}?role=student" in html
    assert f"{apply_}?role=mentor" in html
    assert about(cohort) in client.get(apply_).content.decode()


def test_the_coordinators_write_their_part(client, as_user, cohort, boss):
    page = reverse("programs:public_page", args=[cohort.key])
    sent = {"form": "page", "welcome": "<b>Hello</b>\n\nyou", "contact": "ask@example.edu"}
    assert as_user(boss).post(page, sent).status_code == 302
    publish(cohort, boss)
    html = client.get(about(cohort)).content.decode()
    assert "<p>&lt;b&gt;Hello&lt;/b&gt;</p>" in html
    assert 'href="mailto:ask@example.edu"' in html


def test_links_lead_elsewhere_and_embed_nothing(client, as_user, cohort, boss):
    page = reverse("programs:public_page", args=[cohort.key])
    sent = {"form": "link", "kind": "video", "title": "A film", "url": "video.example.edu/1"}
    assert as_user(boss).post(page, sent).status_code == 302
    publish(cohort, boss)
    html = client.get(about(cohort)).content.decode()
    assert (
        '<a class="text-break" href="https://video.example.edu/1" rel="noopener noreferrer">'
        in html
    )
    assert "<iframe" not in html
    act = reverse("programs:public_page_act", args=[cohort.key])
    as_user(boss).post(act, {"link": PublicLink.objects.get().key})
    assert "A film" not in client.get(about(cohort)).content.decode()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://example.edu/x"])
def test_a_link_is_a_web_page(as_user, cohort, boss, url):
    page = reverse("programs:public_page", args=[cohort.key])
    sent = {"form": "link", "kind": "video", "title": "A film", "url": url}
    assert as_user(boss).post(page, sent).status_code == 422
    with pytest.raises(DomainError, match="https"):
        public.add_link(cohort=cohort, kind="video", title="A film", url=url, by=boss)
    assert not PublicLink.objects.exists()


def test_the_address_is_shared_as_a_code_for_posters(as_user, cohort, boss):
    from programs import qr

    client = as_user(boss)
    html = client.get(reverse("programs:public_page", args=[cohort.key])).content.decode()
    assert settings.SITE_URL + about(cohort) in html
    assert "style=" not in html.split("<svg role")[1].split("</svg>")[0]
    response = client.get(reverse("programs:public_page_code", args=[cohort.key]))
    assert response["Content-Type"] == "image/svg+xml"
    assert "attachment" in response["Content-Disposition"]
    root = ET.fromstring(response.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert qr.file("another") != response.content
