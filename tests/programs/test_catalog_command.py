"""`manage.py catalog`: the list, a program as a file, a file that is checked."""

import json
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from programs.presenters import published
from programs.spec import catalog, load
from programs.spec.writing import dump
from tests.factories import CohortFactory


def run(capsys, *arguments):
    status = 0
    try:
        call_command("catalog", *arguments)
    except SystemExit as end:
        status = end.code
    return status, *capsys.readouterr()


def test_the_list_is_one_json_value(capsys):
    status, out, err = run(capsys, "--json")
    entries = json.loads(out)
    assert (status, err) == (0, "")
    assert [entry["slug"] for entry in entries] == list(catalog.slugs())
    assert [list(entry) for entry in entries] == [
        [
            "slug",
            "school",
            "model",
            "students_per_mentorship",
            "mentors_per_mentorship",
            "meetings_per_year",
            "procedure",
            "source",
            "stated",
            "assumed",
        ]
    ] * 19


@pytest.mark.parametrize(
    ("slug", "students", "mentors", "meetings", "procedure"),
    [
        ("san-antonio", [44, 44], [4, 4], [12, None], "random"),
        ("pramukhswami", [8, 16], [1, 1], [2, 3], "random"),
        ("lmu-munich", [1, 1], [1, 1], [None, None], "trial"),
        ("calgary", [1, 1], [1, 1], [None, None], "random"),
        ("karolinska", [4, 6], [1, 1], [2, None], "random"),
        ("drexel", [6, 10], [1, 1], [4, 6], "random"),
        ("great-western", [1, 1], [1, 1], [26, None], "assigned"),
        ("mcgill", [6, 6], [3, 3], [5, None], "random"),
        ("brown", [2, 2], [1, 1], [7, 9], "random"),
        ("vanderbilt", [25, 28], [2, 2], [52, 52], "by_container"),
        ("delhi", [2, 3], [1, 1], [None, None], "random"),
        ("sodersjukhuset", [1, 1], [1, 1], [2, 6], "random"),
        ("fmusp", [12, 14], [1, 1], [10, 10], "random"),
        ("bahria", [10, 10], [1, 1], [12, None], "random"),
        ("uw-colleges", [1, 6], [1, 1], [52, 52], "random"),
        ("keck", [6, 8], [1, 1], [16, 24], "random"),
        ("tromso", [7, 10], [2, 2], [4, 4], "random"),
        ("semmelweis", [1, 1], [1, 1], [12, None], "random"),
        ("gulf", [1, 1], [1, 1], [None, None], "random"),
    ],
)
def test_what_an_entry_says(slug, students, mentors, meetings, procedure):
    entry = catalog.entry(catalog.spec(slug))
    assert entry["students_per_mentorship"] == students
    assert entry["mentors_per_mentorship"] == mentors
    assert entry["meetings_per_year"] == meetings
    assert entry["procedure"] == procedure
    assert entry["source"]
    assert "year" in entry["assumed"]


def test_the_list_for_people_tells_of_files_that_cannot_be_read(capsys, settings, tmp_path):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "broken.yaml").write_text("slug: a")
    status, out, err = run(capsys)
    assert status == 0
    assert len(out.splitlines()) == 19
    assert f"{tmp_path / 'broken.yaml'}: title: is missing" in err
    assert len(json.loads(run(capsys, "--json")[1])) == 19


def test_a_template_is_exported_and_what_is_exported_passes_the_check(capsys, tmp_path):
    status, out, err = run(capsys, "--export", "tromso")
    assert (status, err) == (0, "")
    assert load(out) == catalog.spec("tromso")
    file = tmp_path / "ours.yaml"
    file.write_text(out.replace("slug: tromso", "slug: ours"))
    assert run(capsys, "--check", str(file)) == (
        0,
        f"{file}: is a program (Mentor groups with two mentors).\n",
        "",
    )
    file.write_text(out)
    status, _out, err = run(capsys, "--check", str(file))
    assert (status, "choose another" in err) == (0, True)


@pytest.mark.django_db
def test_a_cohort_exports_the_version_it_follows(capsys):
    cohort = CohortFactory(edition="delhi")
    changed = cohort.spec.document | {"title": "Our own Delhi"}
    cohort.edition.version.__class__.objects.update(document=changed)
    status, out, _err = run(capsys, "--export", cohort.key)
    assert status == 0
    assert load(out).title == "Our own Delhi"
    assert json.loads(run(capsys, "--export", cohort.key, "--json")[1]) == load(out).document


@pytest.mark.django_db
def test_a_program_of_the_school_is_exported_in_its_latest_version(capsys):
    cohort = CohortFactory(edition="delhi")
    program = cohort.program
    program.__class__.objects.filter(pk=program.pk).update(slug="ours")
    latest = cohort.spec.document | {"slug": "ours", "title": "The second version"}
    program.versions.create(number=2, document=latest)
    assert load(run(capsys, "--export", "ours")[1]).title == "The second version"


@pytest.mark.django_db
def test_what_does_not_exist_cannot_be_exported(capsys):
    status, out, err = run(capsys, "--export", "nowhere")
    assert (status, out) == (2, "")
    assert "There is no program or cohort 'nowhere'." in err
    assert "delhi" in err
    status, out, _err = run(capsys, "--export", "nowhere", "--json")
    assert (status, list(json.loads(out))) == (2, ["error"])


def test_the_check_names_file_path_and_value_and_ends_with_1(capsys, tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(dump(catalog.spec("delhi")).replace("basis: left_to_students", "basis: often"))
    status, out, _err = run(capsys, "--check", str(file))
    assert status == 1
    assert out.startswith(f"{file}: cadence[0].basis: must be one of 'prescribed', ")
    assert out.endswith(" (it is 'often')\n")
    status, out, _err = run(capsys, "--check", str(file), "--json")
    [problem] = json.loads(out)["problems"]
    assert (status, problem["path"], problem["value"]) == (1, "cadence[0].basis", "often")


def test_a_file_that_is_not_there_is_no_program(capsys, tmp_path):
    file = tmp_path / "nowhere.yaml"
    assert run(capsys, "--check", str(file)) == (
        1,
        f"{file}: file: cannot be read: no such file or directory\n",
        "",
    )


def test_the_page_about_the_programs_is_in_step_with_them():
    file = Path(django_settings.BASE_DIR) / "docs" / "programs.md"
    assert file.read_text(encoding="utf-8") == published.page(), "run `make docs`"


def test_the_page_has_a_line_for_each_program(capsys):
    _status, out, _err = run(capsys, "--markdown")
    rows = [line for line in out.splitlines() if line.startswith("| **")]
    assert len(rows) == 19
    assert out == published.page()


def test_how_far_a_program_is_what_its_source_states():
    assert published.expressed(catalog.spec("calgary")) == {
        "structure": "with assumptions",
        "rhythm": "fully",
        "requirements": "–",
        "confidentiality": "fully",
    }
    assert published.expressed(catalog.spec("bahria"))["rhythm"] == "assumed"
