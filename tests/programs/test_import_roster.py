"""`manage.py import_roster`: the contract of design section 8, on real rows."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring.accounts.models import User
from programs.models import Enrollment, EnrollmentYear
from programs.roster import read
from programs.services.rosters import import_roster
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db
HEADER = "email,given_name,family_name,role,year,languages,interests,capacity,campus\n"
ANNA = "anna@example.edu,Anna,Kiss,student,1,hu,psychiatry,,Pest\n"
BELA = "bela@example.edu,Béla,Nagy,mentor,4,hu;en,surgery,2,\n"


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def run(cohort, tmp_path, capsys):
    """Import a text; the exit status and the JSON that was printed."""

    def importing(text, *options, data=None):
        file = tmp_path / "roster.csv"
        file.write_bytes(data if data is not None else text.encode())
        status = 0
        try:
            call_command("import_roster", cohort.key, str(file), "--json", *options)
        except SystemExit as end:
            status = end.code
        return status, json.loads(capsys.readouterr().out)

    return importing


def test_a_clean_file(run, cohort):
    status, report = run(HEADER + ANNA + BELA)
    assert status == 0
    assert report == {
        "read": 2,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": [],
        "warnings": [],
    }
    anna = Enrollment.objects.get(cohort=cohort, person__email="anna@example.edu")
    assert (anna.role, anna.state, anna.capacity, anna.campus) == ("student", "invited", 0, "Pest")
    assert anna.languages == ["hu"]
    assert anna.person.given_name == "Anna"
    assert not anna.person.has_usable_password()
    assert EnrollmentYear.objects.get(enrollment=anna).class_year == 1
    assert EnrollmentYear.objects.get(enrollment=anna).academic_year == 2021
    bela = Enrollment.objects.get(cohort=cohort, person__email="bela@example.edu")
    assert (bela.capacity, bela.languages) == (2, ["hu", "en"])


def test_new_people_read_times_where_the_cohort_is(run, cohort):
    UserFactory(email="anna@example.edu", time_zone="Asia/Tehran")
    run(HEADER + ANNA + BELA)
    zones = dict(User.objects.values_list("email", "time_zone"))
    assert zones["anna@example.edu"] == "Asia/Tehran"
    assert zones["bela@example.edu"] == cohort.time_zone == "Europe/Budapest"


def test_the_same_file_twice_changes_nothing(run, cohort):
    run(HEADER + ANNA + BELA)
    people, enrollments = User.objects.count(), Enrollment.objects.count()
    status, report = run(HEADER + ANNA.replace("anna@", "ANNA@") + BELA)
    assert (status, report["created"], report["updated"], report["unchanged"]) == (0, 0, 0, 2)
    assert (User.objects.count(), Enrollment.objects.count()) == (people, enrollments)


def test_a_changed_fact_updates_and_an_empty_cell_erases_nothing(run, cohort):
    run(HEADER + ANNA + BELA)
    changed = "anna@example.edu,Anna,Kiss,student,2,,surgery,,\n"
    _status, report = run(HEADER + changed + BELA)
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 1, 1)
    anna = Enrollment.objects.get(person__email="anna@example.edu")
    assert (anna.languages, anna.interests, anna.campus) == (["hu"], ["surgery"], "Pest")
    assert [row.class_year for row in anna.years.all()] == [2]


def test_a_dry_run_says_the_same_and_writes_nothing(run, cohort):
    people = User.objects.count()
    status, report = run(HEADER + ANNA + BELA, "--dry-run")
    assert (status, report["created"]) == (0, 2)
    assert User.objects.count() == people
    assert not Enrollment.objects.exists()


def test_good_rows_are_in_and_bad_ones_named(run, cohort):
    bad = "nobody,A,B,student,,,,,\n"
    status, report = run(HEADER + ANNA + bad + ANNA + BELA)
    assert status == 1
    assert (report["read"], report["created"]) == (4, 2)
    assert [(part["row"], part["field"], part["value"]) for part in report["rejected"]] == [
        (3, "email", "nobody"),
        (4, "email", "anna@example.edu"),
    ]


def test_another_name_than_the_stored_one_is_accepted_kept_and_warned_about(run, cohort):
    UserFactory(email="anna@example.edu", given_name="Anne", family_name="Kiss")
    status, report = run(HEADER + ANNA)
    assert (status, report["created"]) == (0, 1)
    assert [(part["row"], part["field"], part["value"]) for part in report["warnings"]] == [
        (2, "given_name", "Anna")
    ]
    assert "Anne" not in report["warnings"][0]["problem"]
    assert User.objects.get(email="anna@example.edu").given_name == "Anne"


def test_a_second_role_is_a_second_place(run, cohort):
    run(HEADER + ANNA)
    status, report = run(HEADER + ANNA.replace("student", "mentor"))
    assert (status, report["created"]) == (0, 1)
    assert [part["field"] for part in report["warnings"]] == ["role"]
    roles = Enrollment.objects.filter(person__email="anna@example.edu").values_list("role")
    assert sorted(role for (role,) in roles) == ["mentor", "student"]


def test_another_cohorts_people_get_a_place_here_too(run, cohort):
    other = EnrollmentFactory(person__email="anna@example.edu", campus="Buda")
    _status, report = run(HEADER + ANNA.replace("Anna,Kiss", "Given,Family"))
    assert report["created"] == 1
    other.refresh_from_db()
    assert other.campus == "Buda"


def test_who_has_left_is_not_taken_back(run, cohort):
    run(HEADER + ANNA)
    Enrollment.objects.update(state="withdrawn")
    status, report = run(HEADER + ANNA)
    assert (status, report["unchanged"]) == (0, 1)
    assert report["warnings"][0]["problem"] == "has left this cohort, and is not taken back"
    assert Enrollment.objects.get().state == "withdrawn"


def test_formulas_are_stored_as_typed(run, cohort):
    status, report = run(HEADER + "a@b.hu,=1+1,Kiss,student,,,@home,,\n")
    assert status == 0
    assert [part["field"] for part in report["warnings"]] == ["given_name", "interests"]
    row = Enrollment.objects.get()
    assert (row.person.given_name, row.interests) == ("=1+1", ["@home"])


def test_a_header_alone(run, cohort):
    status, report = run(HEADER)
    assert (status, report["read"], report["created"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "Excel"),
        (b"<html><body>", "web page"),
        (b"email,given_name,family_name\n", "role"),
    ],
)
def test_a_file_that_cannot_be_read(run, cohort, data, says):
    status, report = run("", data=data)
    assert status == 2
    assert list(report) == ["error"]
    assert says in report["error"]
    assert not Enrollment.objects.exists()


def test_an_unknown_cohort_and_a_missing_file(capsys):
    for arguments in (("nowhere", "x.csv"), (CohortFactory().key, "/nowhere/x.csv")):
        with pytest.raises(SystemExit) as end:
            call_command("import_roster", *arguments, "--json")
        assert end.value.code == 2
        assert "error" in json.loads(capsys.readouterr().out)


def test_people_read_the_report_too(cohort, tmp_path, capsys):
    file = tmp_path / "roster.csv"
    file.write_text(HEADER + "nobody,A,B,student,,,,,\n")
    with pytest.raises(SystemExit):
        call_command("import_roster", cohort.key, str(file))
    assert "line 2: email 'nobody': is not an e-mail address" in capsys.readouterr().out


def test_rows_are_written_in_bulk(cohort):
    rows = "".join(f"p{n}@example.edu,Given,Family,student,1,hu,a;b,,Pest\n" for n in range(300))
    roster = read((HEADER + rows).encode())
    with CaptureQueriesContext(connection) as captured:
        import_roster(cohort=cohort, roster=roster, by=None)
    assert Enrollment.objects.count() == 300
    assert len(captured) < 30
