"""A program is taken along as a file from its pages, and broken files are told of."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from mentoring.accounts.models import User
from programs.spec import catalog, load
from programs.spec.writing import dump
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def opener(as_user):
    return as_user(UserFactory(is_superuser=True))


def spec_of(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/yaml; charset=utf-8"
    return load(response.content)


@pytest.mark.parametrize("slug", catalog.slugs())
def test_a_template_is_downloaded_from_its_page(opener, slug):
    url = reverse("programs:template_file", args=[slug])
    assert f'href="{url}"' in opener.get(reverse("programs:new", args=[slug])).content.decode()
    response = opener.get(url)
    assert spec_of(response) == catalog.spec(slug)
    assert response["Content-Disposition"] == f'attachment; filename="{slug}.yaml"'


def test_there_is_no_file_of_what_does_not_exist(opener):
    assert opener.get(reverse("programs:template_file", args=["nowhere"])).status_code == 404


def test_a_cohort_gives_the_version_it_follows_to_everyone_in_it(as_user):
    cohort = CohortFactory(edition="tromso")
    student = as_user(EnrollmentFactory(cohort=cohort).person)
    ours = cohort.spec.document | {"title": "Our Tromsø"}
    cohort.edition.version.__class__.objects.update(document=ours)
    url = reverse("programs:program_file", args=[cohort.key])
    page = student.get(reverse("programs:program", args=[cohort.key])).content.decode()
    assert f'href="{url}"' in page
    assert spec_of(student.get(url)).document == load(ours).document


def test_a_program_of_the_school_gives_its_latest_version(opener):
    program = CohortFactory(edition="tromso").program
    latest = program.versions.get().document | {"title": "The second version"}
    program.versions.create(number=2, document=latest)
    url = reverse("programs:own_program_file", args=[program.slug])
    page = opener.get(reverse("programs:own_program", args=[program.slug])).content.decode()
    assert f'href="{url}"' in page
    assert spec_of(opener.get(url)).title == "The second version"


def test_a_file_is_asked_for_and_never_sent(opener):
    assert opener.post(reverse("programs:template_file", args=["delhi"])).status_code == 405


def test_the_gallery_opens_with_a_broken_file_and_offers_the_schools_own(
    opener, settings, tmp_path
):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "broken.yaml").write_text("slug: a")
    own = catalog.document("delhi") | {"slug": "ours", "title": "Our own small groups"}
    (tmp_path / "ours.yaml").write_text(dump(load(own)))
    page = opener.get(reverse("programs:templates"))
    assert page.status_code == 200
    assert reverse("programs:new", args=["ours"]) in page.content.decode()
    url = reverse("programs:new", args=["ours"])
    opener.post(url, {"name": "Our year", "starts": "2026-09-01"})
    assert User.objects.get().enrollments.get().cohort.spec == load(own)


def unreadable():
    return Template("{% load programs %}{% unreadable_templates %}").render(Context())


def test_broken_files_are_listed_by_name_with_every_problem(settings, tmp_path):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "broken.yaml").write_text("slug: <b>a</b>")
    page = unreadable()
    assert "broken.yaml" in page
    assert str(tmp_path) not in page
    assert "<code>title</code> is missing" in page
    assert "&lt;b&gt;a&lt;/b&gt;" in page
    assert "<b>a" not in page


def test_where_all_files_are_sound_nothing_is_said(settings, tmp_path):
    assert unreadable().strip() == ""
    settings.CATALOG_DIR = tmp_path
    assert unreadable().strip() == ""
