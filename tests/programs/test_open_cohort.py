"""A cohort opens from a template, with its terms and pauses."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from mentoring import clock
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment, Program, ProgramVersion
from programs.services.opening import open_cohort
from programs.spec import catalog
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    status = 0
    try:
        call_command("open_cohort", *arguments, "--json")
    except SystemExit as end:
        status = end.code
    return status, json.loads(capsys.readouterr().out)


def test_the_key_is_printed_and_terms_come_from_the_template(capsys):
    status, report = run(capsys, "semmelweis", "--name", "2021/22", "--start", "2021-09-06")
    assert status == 0
    cohort = Cohort.objects.get(key=report["cohort"])
    assert list(report) == ["cohort"]
    assert (cohort.name, cohort.state, cohort.time_zone) == (
        "2021/22",
        "planning",
        "Europe/Budapest",
    )
    edition = cohort.edition
    assert (edition.starts, edition.ends) == (date(2021, 9, 6), date(2022, 6, 12))
    assert [(term.starts, term.ends) for term in edition.terms.all()] == [
        (date(2021, 9, 6), date(2022, 1, 23)),
        (date(2022, 1, 24), date(2022, 6, 12)),
    ]
    assert [pause.starts for pause in edition.pauses.all()] == [date(2021, 12, 20)]
    assert cohort.spec == catalog.spec("semmelweis")
    assert not Enrollment.objects.exists()


@pytest.mark.parametrize("slug", catalog.slugs())
def test_every_template_can_be_opened(capsys, slug):
    status, report = run(capsys, slug, "--name", "A cohort")
    assert status == 0
    edition = Cohort.objects.get(key=report["cohort"]).edition
    year = catalog.spec(slug).year
    assert edition.terms.count() == len(year.terms) > 0
    assert edition.pauses.count() == len(year.pauses)
    assert (edition.ends - edition.starts).days == 7 * year.weeks - 1


def test_a_template_that_does_not_exist_is_refused_with_those_that_do(capsys):
    status, report = run(capsys, "nowhere", "--name", "A cohort")
    assert (status, list(report)) == (2, ["error"])
    assert "delhi" in report["error"]
    assert "tromso" in report["error"]
    assert not Cohort.objects.exists()


def test_without_a_date_it_starts_on_the_templates_next_day():
    with clock.at(datetime(2021, 9, 6, 8, tzinfo=UTC)):
        cohort = open_cohort(slug="semmelweis", name="This year", by=None)
    assert cohort.edition.starts == date(2021, 9, 6)
    with clock.at(datetime(2021, 9, 7, 8, tzinfo=UTC)):
        cohort = open_cohort(slug="semmelweis", name="Next year", by=None)
        assert cohort.edition.starts == date(2022, 9, 6)


def test_whoever_opens_it_coordinates_it_and_it_is_recorded():
    by = UserFactory()
    cohort = open_cohort(slug="delhi", name="  Delhi   2024 ", by=by)
    assert cohort.name == "Delhi 2024"
    [place] = Enrollment.objects.filter(cohort=cohort)
    assert (place.person, place.role, place.state) == (by, "coordinator", "active")
    assert Event.objects.filter(action="cohort.opened", actor=by.pk).count() == 1


def test_an_unchanged_template_keeps_its_version():
    open_cohort(slug="delhi", name="One", by=None)
    open_cohort(slug="delhi", name="Two", by=None)
    assert (Program.objects.count(), ProgramVersion.objects.count()) == (1, 1)
    ProgramVersion.objects.update(document=catalog.document("semmelweis"))
    third = open_cohort(slug="delhi", name="Three", by=None)
    assert third.edition.version.number == 2


def test_a_name_is_needed():
    with pytest.raises(DomainError) as refused:
        open_cohort(slug="delhi", name="  ", by=None)
    assert refused.value.field == "name"
