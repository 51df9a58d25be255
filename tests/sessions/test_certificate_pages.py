"""Certificates on paper, and the page where anybody sees whether one holds."""

import shutil
import subprocess

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import outbox
from mentoring.accounts.permissions import Role
from mentoring.outbox import Notification
from sessions import certificate_pdf
from sessions import certificates as known
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


def test_who_gets_one_is_told_by_mail(cohort, coordinator):
    made = certified(cohort, coordinator)
    note = Notification.objects.get(kind="certificate_issued")
    assert note.recipient == made.enrollment.person
    outbox.deliver_due()
    (sent,) = [one for one in mail.outbox if "certificate" in one.subject.lower()]
    assert f"/certificates/{made.code}/files/" in sent.body
    assert "takes the place" not in sent.body
    trained(made.enrollment, 1, "supervision")
    certificates.issue(enrollment=made.enrollment, kind="attendance", by=coordinator)
    outbox.deliver_due()
    assert "takes the place" in mail.outbox[-1].body


def test_one_taken_back_before_the_mail_left_is_not_announced(cohort, coordinator):
    made = certified(cohort, coordinator)
    certificates.revoke(certificate=made, why="Wrong list", by=coordinator)
    outbox.deliver_due()
    assert Notification.objects.get(kind="certificate_issued").state == "suppressed"


def test_who_fetches_her_own_needs_no_mail(cohort, coordinator, monkeypatch):
    monkeypatch.setattr(known, "may_fetch", lambda *_: True)
    row = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    trained(row, 2)
    certificates.fetch(enrollment=row, kind="attendance", by=row.person)
    assert not Notification.objects.filter(kind="certificate_issued").exists()
