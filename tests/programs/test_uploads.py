"""From an uploaded file to people, and back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.jobs import Job
from programs.models import Enrollment, EnrollmentYear, RosterImport
from programs.services import enrollments, uploads
from tests.factories import CohortFactory, EnrollmentFactory

HEADER = "E-mail;First name;Last name;Role;Year;Interests\n"
ANNA = "anna@example.edu;Anna;Kiss;student;1;psychiatry\n"
BELA = "bela@example.edu;Béla;Nagy;mentor;4;surgery\n"


@pytest.fixture
def cohort(db):
    return CohortFactory()


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def file(text, name="roster.csv"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


@pytest.fixture
def page(cohort, boss, as_user):
    """The wizard: upload, see, apply, undo; each returns the page that follows."""
    client = as_user(boss)

    class Wizard:
        def upload(self, text, name="roster.csv"):
            return client.post(
                reverse("programs:roster", args=[cohort.key]),
                {"file": file(text, name)},
                follow=True,
            )

        def post(self, step="roster_preview", **data):
            record = RosterImport.objects.latest("created_at")
            url = reverse(f"programs:{step}", args=[cohort.key, record.key])
            return client.post(url, data, follow=True)

    return Wizard()


@pytest.mark.django_db(transaction=True)
def test_upload_see_apply_undo(page, cohort):
    seen = page.upload(HEADER + ANNA + BELA)
    assert b"Nothing has been changed yet" in seen.content
    assert b"Put 2 people in" in seen.content
    assert Enrollment.objects.filter(cohort=cohort).count() == 1
    done = page.post("roster_apply")
    assert b"Undo this import" in done.content
    assert Enrollment.objects.filter(cohort=cohort, state="invited").count() == 2
    record = RosterImport.objects.get()
    assert (record.state, bytes(record.content)) == ("applied", b"")
    assert Job.objects.get().state == "done"
    undone = page.post("roster_undo")
    assert b"Undone: 2 removed, 0 as they were" in undone.content
    assert Enrollment.objects.filter(cohort=cohort).count() == 1
    assert not User.objects.filter(email="anna@example.edu").exists()


def test_every_problem_is_marked_before_anything_happens(page):
    seen = page.upload(HEADER + "nobody;;Kiss;boss;1;\n" + BELA).content.decode()
    assert "Put 1 person in" in seen
    for problem in ("Is not an e-mail address", "Is empty", "Is not a role"):
        assert problem in seen


def test_columns_can_be_mapped_by_hand(page, cohort):
    seen = page.upload("Cím;Kereszt;Család;Szerep\nanna@example.edu;Anna;Kiss;student\n")
    assert "Required columns are missing" in seen.content.decode()
    mapped = page.post(column0="email", column1="given_name", column2="family_name", column3="role")
    assert b"Put 1 person in" in mapped.content


def test_a_field_is_read_from_one_column(page):
    page.upload(HEADER + ANNA)
    refused = page.post(column0="email", column1="email")
    assert refused.status_code == 422
    assert b"from one column only" in refused.content


def test_a_file_that_is_no_table_gets_one_sentence(page):
    refused = page.upload(b"PK\x03\x04", "roster.xlsx")
    assert refused.status_code == 422
    assert b"save it as CSV" in refused.content
    assert not RosterImport.objects.exists()


def test_a_file_too_large_is_refused(page, settings):
    settings.ROSTER_MAX_BYTES = 1024 * 1024
    refused = page.upload(HEADER + ANNA * 40_000)
    assert b"larger than 1 MB" in refused.content


def test_a_file_can_be_thrown_away(page):
    page.upload(HEADER + ANNA)
    page.post("roster_discard")
    assert not RosterImport.objects.exists()


@pytest.fixture
def applied(cohort, boss, django_capture_on_commit_callbacks):
    def apply(text):
        record = uploads.upload(cohort=cohort, file=file(text), by=boss)
        with django_capture_on_commit_callbacks(execute=True):
            uploads.start(record=record, by=boss)
        record.refresh_from_db()
        assert record.state == "applied"
        return record

    return apply


def test_a_file_is_applied_once(applied, boss):
    record = applied(HEADER + ANNA)
    with pytest.raises(DomainError):
        uploads.start(record=record, by=boss)


def test_undo_gives_changed_facts_back(applied, cohort, boss):
    applied(HEADER + ANNA)
    second = applied(HEADER + ANNA.replace("psychiatry", "surgery").replace(";1;", ";2;"))
    anna = Enrollment.objects.get(person__email="anna@example.edu")
    assert (anna.interests, anna.years.get().class_year) == (["surgery"], 2)
    assert uploads.undo(record=second, by=boss) == {"removed": 0, "restored": 1, "kept": 0}
    anna.refresh_from_db()
    assert (anna.interests, anna.years.get().class_year) == (["psychiatry"], 1)


def test_undo_keeps_whoever_has_answered(applied, boss):
    record = applied(HEADER + ANNA + BELA)
    anna = Enrollment.objects.get(person__email="anna@example.edu")
    enrollments.accept(enrollment=anna, by=boss)
    assert uploads.undo(record=record, by=boss) == {"removed": 1, "restored": 0, "kept": 1}
    assert Enrollment.objects.filter(pk=anna.pk).exists()


def test_undo_keeps_people_who_are_elsewhere_too(applied, boss):
    record = applied(HEADER + ANNA)
    EnrollmentFactory(person=User.objects.get(email="anna@example.edu"))
    uploads.undo(record=record, by=boss)
    assert User.objects.filter(email="anna@example.edu").exists()


def test_only_the_latest_import_is_undone(applied, boss):
    first = applied(HEADER + ANNA)
    applied(HEADER + BELA)
    with pytest.raises(DomainError, match="later roster"):
        uploads.undo(record=first, by=boss)


def test_a_stopped_import_leaves_nothing(cohort, boss, monkeypatch):
    record = uploads.upload(cohort=cohort, file=file(HEADER + ANNA), by=boss)
    uploads.start(record=record, by=boss)
    job = Job.objects.get()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        uploads.work(job, stop)
    record.refresh_from_db()
    assert record.state == "failed"
    assert not Enrollment.objects.filter(person__email="anna@example.edu").exists()
    assert uploads.work(job, lambda done, total: None)["created"] == 1


def test_undo_keeps_what_was_changed_again(applied, boss):
    applied(HEADER + ANNA)
    second = applied(HEADER + ANNA.replace("psychiatry", "surgery").replace(";1;", ";2;"))
    anna = Enrollment.objects.get(person__email="anna@example.edu")
    enrollments.change_profile(enrollment=anna, by=anna.person, interests=["opera"])
    assert uploads.undo(record=second, by=boss) == {"removed": 0, "restored": 1, "kept": 0}
    anna.refresh_from_db()
    assert (anna.interests, anna.years.get().class_year) == (["opera"], 1)


def test_undo_keeps_a_person_all_of_whose_facts_were_changed_again(applied, boss):
    applied(HEADER + ANNA)
    second = applied(HEADER + ANNA.replace(";1;", ";2;"))
    anna = Enrollment.objects.get(person__email="anna@example.edu")
    enrollments.set_class_year(enrollment=anna, class_year=3, by=boss)
    assert uploads.undo(record=second, by=boss) == {"removed": 0, "restored": 0, "kept": 1}
    assert anna.years.get().class_year == 3


def test_undo_takes_back_a_year_that_was_unknown_before(applied, boss):
    applied(HEADER + ANNA.replace(";1;", ";;"))
    second = applied(HEADER + ANNA)
    assert uploads.undo(record=second, by=boss) == {"removed": 0, "restored": 1, "kept": 0}
    assert not EnrollmentYear.objects.exists()


def test_the_preview_shows_names_as_they_would_be_kept_and_in_which_encoding(page, cohort):
    cohort.country = "DE"
    cohort.save()
    text = HEADER + "anna@example.edu;Anna;Dûbois;student;1;psychiatry\n"
    seen = page.upload(text.encode("windows-1252"))
    assert "Anna Dûbois" in seen.content.decode()
    assert "Read as Western European (Windows-1252)." in seen.content.decode()
    again = page.post(encoding="Windows-1250").content.decode()
    assert "Anna Dűbois" in again
    assert "Read as Central European (Windows-1250)." in again


def test_the_encoding_is_named_also_while_columns_must_be_chosen(page):
    seen = page.upload("Wer;Was;Wo\nJürgen;Groß;x\n".encode("windows-1252")).content.decode()
    assert "Read as Western European (Windows-1252)." in seen
    assert "Say below which column is which" in seen


def test_the_cohorts_country_speaks_for_its_spreadsheets(page, cohort):
    cohort.country = "HU"
    cohort.save()
    text = HEADER + "a@example.edu;Anna;Szűcs;student;1;psychiatry\n"
    assert "Anna Szűcs" in page.upload(text.encode("windows-1250")).content.decode()


def test_the_people_of_the_file_are_listed_in_pages(page):
    rows = "".join(f"p{n}@example.edu;Anna{n};Kiss;student;1;x\n" for n in range(12))
    seen = page.upload(HEADER + rows + "nobody;Béla;Nagy;student;1;x\n").content.decode()
    assert "Anna9 Kiss" in seen
    assert "Anna11 Kiss" not in seen
    assert "Béla Nagy" in seen  # refused, by name
