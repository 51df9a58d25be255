"""The report on the web, on paper and in files: for its readers, and without any name."""

import csv
import json
import re
import shutil
import subprocess
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from evaluation import jobs as work
from evaluation.models import Report, ReportFile
from evaluation.reports import figures, pdf
from evaluation.services import reports
from mentoring import clock, jobs
from mentoring import pdf as printing
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.ports import HOME_CARDS
from tests.evaluation.conftest import after
from tests.evaluation.scene import TODAY, play
from tests.factories import EnrollmentFactory, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _week_fourteen():
    with clock.at(after(TODAY)):
        yield


@pytest.fixture
def scene():
    return play()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def issued(scene) -> Report:
    return reports.issue(cohort=scene.cohort, as_of=None, by=scene.coordinator)


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8-sig")


def names_in(text: str, besides=()) -> list[str]:
    """Whatever would tell a person: first and family names, addresses, keys."""
    folded = text.casefold()
    return [
        word
        for user in User.objects.all()
        for word in (user.full_name, user.family_name, user.email, user.key)
        if user not in besides and word.casefold() in folded
    ]


def test_no_name_and_no_address_is_in_page_files_or_paper(scene):
    report = issued(scene)
    client = client_of(scene.coordinator)
    urls = [
        reverse("evaluation:report", args=[scene.cohort.key]),
        reverse("evaluation:issued_report", args=[report.key]),
    ]
    for url in urls:
        assert names_in(body(client.get(url)), besides=[scene.coordinator]) == []
    for name in ("report_csv", "report_json"):
        assert names_in(body(client.get(reverse(f"evaluation:{name}", args=[report.key])))) == []
    assert names_in(pdf.html(report)) == []


def test_an_issued_report_stays_while_the_database_goes_on(scene):
    report = issued(scene)
    url = reverse("evaluation:issued_report", args=[report.key])
    client = client_of(scene.coordinator)
    with clock.at(after(TODAY + 60)):
        for number, row in enumerate(scene.cohort.mentorships.all()):
            meeting(row, after(TODAY + number), "held", created_at=after(TODAY + number))
        assert client.get(url).context["same"] is True
        version = scene.cohort.editions.get().version
        version.document["confidentiality"] = {"level": "strict"}
        version.save()
        response = client.get(url)
    assert response.context["same"] is False
    assert "stays as it was issued" in body(response)
    report.refresh_from_db()
    assert report.figures["as_of"] == "2021-12-05"


def test_the_same_figures_are_issued_once(scene):
    assert issued(scene) == issued(scene)
    assert Report.objects.count() == 1


def test_a_day_to_come_is_refused(scene):
    tomorrow = clock.today(scene.cohort.zone) + timedelta(days=1)
    with pytest.raises(DomainError, match="still to come"):
        reports.issue(cohort=scene.cohort, as_of=tomorrow, by=scene.coordinator)


def test_a_coordinator_issues_and_finds_the_report(scene):
    client = client_of(scene.coordinator)
    response = client.post(
        reverse("evaluation:issue_report", args=[scene.cohort.key]),
        {"as_of": "2021-11-30"},
        follow=True,
    )
    assert Report.objects.get().as_of == date(2021, 11, 28)
    assert "28 November 2021" in body(response)
    listed = body(client.get(reverse("evaluation:report", args=[scene.cohort.key])))
    assert "As of 28 November 2021" in listed


def test_csv_holds_the_figures_as_codes_and_numbers(scene):
    report = issued(scene)
    url = reverse("evaluation:report_csv", args=[report.key])
    rows = list(csv.DictReader(StringIO(body(client_of(scene.coordinator).get(url)))))
    pairs = next(r for r in rows if r["figure"] == "mentorships" and r["item"] == "total")
    assert (pairs["section"], pairs["state"], pairs["number"]) == ("matching", "shown", "12")
    assert {row["section"] for row in rows} >= {"participation", "matching", "meetings", "contact"}


def test_the_list_of_reports_is_paged_with_as_many_queries_for_one_as_for_thirty(
    scene, django_assert_num_queries
):
    def make(number):
        for _ in range(number):
            Report.objects.create(
                cohort=scene.cohort, as_of=date(2021, 10, 3), definitions=1, figures={},
                made_by=scene.coordinator,
            )  # fmt: skip

    client, url = (
        client_of(scene.coordinator),
        reverse("evaluation:report", args=[scene.cohort.key]),
    )
    make(1)
    client.get(url)
    with django_assert_num_queries(47):
        client.get(url)
    make(29)
    with django_assert_num_queries(47):
        response = client.get(url)
    assert len(response.context["listing"].page.object_list) == 10


def test_the_pdf_is_made_by_a_job_and_downloaded(scene, django_capture_on_commit_callbacks):
    report = issued(scene)
    client = client_of(scene.coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("evaluation:order_report_pdf", args=[report.key]), {"paper": "letter"})
    job = jobs.Job.objects.get(kind=reports.PDF_JOB)
    if job.state == "queued":
        work.make_pdf(job, lambda done, total: None)
    file = client.get(reverse("evaluation:report_pdf", args=[report.key, "letter"]))
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-")
    assert file["Cache-Control"] == "no-store"


def test_a_pdf_that_was_not_made_leads_back_to_the_report(scene):
    report = issued(scene)
    url = reverse("evaluation:report_pdf", args=[report.key, "a4"])
    response = client_of(scene.coordinator).get(url)
    assert response.url == reverse("evaluation:issued_report", args=[report.key])


def test_making_a_pdf_twice_keeps_one_file(scene):
    report = issued(scene)
    for content in (b"one", b"two"):
        ReportFile.keep(report=report, paper="a4", content=content)
    assert bytes(ReportFile.objects.get().content) == b"two"


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("letter", 612)])
def test_the_pdf_is_tagged_numbered_and_says_what_the_page_says(scene, tmp_path, paper, width):
    content = pdf.render(issued(scene), paper)
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: the words on paper were not looked at")
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
    ).stdout
    pages = text.rstrip("\f").split("\f")
    assert 4 <= len(pages) <= 8
    for number, page in enumerate(pages, start=1):
        assert re.search(rf"\b{number} ?/ ?{len(pages)}\b", page)
        assert len(page.split()) > 25, f"page {number} is all but empty"
        assert number == 1 or (scene.cohort.name in page and "5 December 2021" in page)
    for title in ("Participation", "Matching", "Meetings", "Contact", "Flags"):
        assert re.search(rf"^ *{title} +\d+$", pages[0], re.MULTILINE), title
    assert names_in(text) == []
    info = subprocess.run(["pdfinfo", str(file)], capture_output=True, check=True, text=True).stdout
    assert re.search(rf"Page size: +{width}", info)
    assert re.search(r"Tagged: +yes", info)
    assert f"Title:           {scene.cohort.name}" in info


def test_without_pango_the_job_says_what_is_missing(scene, monkeypatch):
    def missing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    printing._library.cache_clear()
    monkeypatch.setattr(printing, "import_module", missing)
    with pytest.raises(DomainError, match=r"manage\.py doctor"):
        pdf.render(issued(scene), "a4")
    printing._library.cache_clear()


def test_the_command_prints_the_figures_as_json(scene, capsys):
    call_command("report", scene.cohort.key, "--json", "--as-of", "2021-11-30")
    printed = json.loads(capsys.readouterr().out)
    assert printed == figures.collect(scene.cohort, date(2021, 11, 30))
    assert printed["as_of"] == "2021-11-28"


def test_the_command_tells_the_figures_in_words(scene, capsys):
    call_command("report", scene.cohort.key)
    said = capsys.readouterr().out
    assert "As of 2021-12-05" in said
    assert "All pairs and groups so far: 12" in said


def cards(user) -> dict:
    found = [card for offered in HOME_CARDS.ask(user) for card in offered]
    return {card.slug: card.context for card in found if card.slug.startswith("report-")}


def test_when_the_year_is_over_the_coordinator_is_asked_for_its_report(scene):
    slug = f"report-{scene.cohort.key}"
    assert cards(scene.coordinator) == {}
    with clock.at(after(290)):
        assert cards(scene.coordinator)[slug]["missing"] is True
        issued(scene)
        assert cards(scene.coordinator)[slug]["missing"] is False


@pytest.mark.parametrize("role", [Role.PROGRAM_LEAD, Role.EVALUATOR])
def test_leads_and_evaluators_find_the_report_on_their_home(scene, role):
    reader = EnrollmentFactory(cohort=scene.cohort, role=role).person
    assert list(cards(reader)) == [f"report-{scene.cohort.key}"]
    page = client_of(reader).get(reverse("evaluation:report", args=[scene.cohort.key]))
    assert page.status_code == 200
    assert page.context["may_issue"] is False


@pytest.mark.parametrize("level", ["counts", "strict"])
def test_a_closed_program_says_why_numbers_are_missing(level):
    scene = play(level)
    url = reverse("evaluation:report", args=[scene.cohort.key])
    text = body(client_of(scene.coordinator).get(url))
    assert "This program" in text
    assert "Meetings held, by month" not in text
    assert ("Pairs and groups by meetings held" in text) is (level == "counts")
