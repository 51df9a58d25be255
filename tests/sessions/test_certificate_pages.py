"""Certificates on paper, and the page where anybody sees whether one holds."""

import shutil
import subprocess

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.accounts.permissions import Role
from sessions import certificate_pdf
from sessions.models import Certificate
from sessions.services import certificates
from tests.factories import EnrollmentFactory, SeriesFactory, attend, training_date
from tests.sessions.conftest import NOW
from tests.sessions.test_certificates import DAY, trained

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def certified(cohort, by, times=2):
    row = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    trained(row, times)
    return certificates.issue(enrollment=row, kind="attendance", by=by)


@pytest.mark.parametrize(("times", "paper"), [(2, "a4"), (40, "letter")])
def test_it_fits_on_one_tagged_sheet(cohort, coordinator, tmp_path, times, paper):
    one = certified(cohort, coordinator, times)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(certificate_pdf.render(one, paper))
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: the words on paper were not looked at")
    info = subprocess.run(["pdfinfo", str(file)], capture_output=True, check=True, text=True).stdout
    facts = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
    assert (facts["Pages"].strip(), facts["Tagged"].strip()) == ("1", "yes")
    words = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
    ).stdout
    assert one.facts["name"] in words
    assert one.code in words.replace("\n", "").replace(" ", "")


def test_anybody_with_the_code_sees_that_it_holds_and_robots_stay_out(cohort, coordinator, client):
    one = certified(cohort, coordinator)
    answer = client.get(reverse("sessions:certificate", args=[one.code]))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "This certificate holds." in text
    assert one.facts["name"] in text
    assert "noindex" in text + answer.headers.get("X-Robots-Tag", "")
    assert one.enrollment.person.email not in text


def test_what_was_taken_back_is_said_to_be(cohort, coordinator, client):
    one = certified(cohort, coordinator)
    certificates.revoke(certificate=one, why="Wrong person.", by=coordinator)
    text = client.get(reverse("sessions:certificate", args=[one.code])).content.decode()
    assert "This certificate was taken back." in text
    assert "Wrong person." not in text


def test_a_wrong_code_is_not_found(client):
    assert client.get(reverse("sessions:certificate", args=["x" * 22])).status_code == 404


def test_the_list_costs_the_same_for_one_person_and_for_thirty(cohort, coordinator, as_user):
    series = SeriesFactory(cohort=cohort)
    day = training_date(series, NOW - DAY, "held")
    her = as_user(coordinator)

    def cost(people):
        for _ in range(people):
            row = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
            attend(day, row, "present")
        with CaptureQueriesContext(connection) as queries:
            url = reverse("sessions:certificates", args=[cohort.key])
            assert her.get(url).status_code == 200
        return len(queries)

    assert cost(1) == cost(29)
    assert Certificate.objects.count() == 0
