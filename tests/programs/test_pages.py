"""The pages of cohorts and people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import audit, clock
from mentoring.accounts.permissions import Role
from programs.models import Cohort, Enrollment, HelpContact
from programs.readiness import items, readiness
from programs.roster import read
from programs.services import cohorts, enrollments, invitations, policies, policy_answers
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def client(boss, as_user):
    return as_user(boss)


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def queries(client, url):
    client.get(url)  # the session and the caches are warm
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_of_people_takes_as_many_queries_for_thirty_as_for_one(client, cohort):
    url = reverse("programs:people", args=[cohort.key])
    few = queries(client, url)
    for row in EnrollmentFactory.create_batch(29, cohort=cohort, state="invited"):
        invitations.invite(enrollment=row, by=None)
    assert queries(client, url) == few


def test_the_list_of_cohorts_takes_as_many_queries_for_thirty_as_for_one(client, boss):
    url = reverse("programs:cohorts")
    few = queries(client, url)
    for _ in range(29):
        EnrollmentFactory(cohort=CohortFactory(), person=boss, role=Role.COORDINATOR)
    assert queries(client, url) == few


def test_people_are_sorted_filtered_and_paged(client, cohort):
    for number in range(35):
        EnrollmentFactory(
            cohort=cohort, person__family_name=f"Nagy{number:02}", person__given_name="Anna"
        )
    EnrollmentFactory(cohort=cohort, role=Role.MENTOR, person__family_name="Zöld")
    url = reverse("programs:people", args=[cohort.key])
    assert "Nagy34" not in text(client.get(url))
    assert "Nagy34" in text(client.get(url, {"sort": "-name"}))
    assert "1 entry" in text(client.get(url, {"role": "mentor"}))
    assert "1 entry" in text(client.get(url, {"q": "anna nagy07"}))
    assert "Nobody fits" in text(client.get(url, {"q": "nobody at all"}))


def test_the_export_can_be_imported_again_and_computes_nothing(client, cohort):
    EnrollmentFactory(
        cohort=cohort, person__given_name="=1+1", languages=["hu", "en"], interests=["-x"]
    )
    response = client.get(reverse("programs:people", args=[cohort.key]), {"format": "csv"})
    content = b"".join(response.streaming_content)
    assert b"'=1+1" in content
    found = read(content)
    assert found.rejected == []
    assert [entry.languages for entry in found.entries if entry.role == "student"] == [("hu", "en")]


def test_a_person_is_accepted_from_her_page(client, cohort):
    row = EnrollmentFactory(cohort=cohort, state="applied", hopes="To survive anatomy")
    url = reverse("programs:person", args=[cohort.key, row.key])
    assert "To survive anatomy" in text(client.get(url))
    client.post(reverse("programs:person_act", args=[cohort.key, row.key]), {"act": "accept"})
    assert Enrollment.objects.get(pk=row.pk).state == "accepted"
    refused = client.post(
        reverse("programs:person_act", args=[cohort.key, row.key]), {"act": "complete"}, follow=True
    )
    assert "cannot become" in text(refused)


def test_facts_are_corrected_but_not_what_a_person_wrote(client, cohort):
    row = EnrollmentFactory(cohort=cohort, hopes="Mine")
    url = reverse("programs:person_edit", args=[cohort.key, row.key])
    assert 'name="hopes"' not in text(client.get(url))
    client.post(url, {"campus": "Pest", "languages": "hu", "class_year": "2", "hopes": "Yours"})
    row.refresh_from_db()
    assert (row.campus, row.languages, row.hopes) == ("Pest", ["hu"], "Mine")
    assert row.years.get().class_year == 2


def test_a_profile_does_not_leak_into_another_cohort(as_user, cohort):
    here = EnrollmentFactory(cohort=cohort, campus="Pest")
    there = EnrollmentFactory(cohort=CohortFactory(), person=here.person, campus="Buda")
    client = as_user(here.person)
    client.post(
        reverse("programs:mine", args=[cohort.key, here.key]), {"campus": "Óbuda", "hopes": "x"}
    )
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.campus, there.campus) == ("Óbuda", "Buda")


def test_a_person_is_added_while_the_cohort_runs(client, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(state="running")
    url = reverse("programs:person_add", args=[cohort.key])
    data = {"email": "late@example.edu", "given_name": "Late", "family_name": "Comer"}
    response = client.post(url, data | {"role": "student", "class_year": "1"}, follow=True)
    assert "was added and invited" in text(response)
    assert Enrollment.objects.get(person__email="late@example.edu").invitations.count() == 1


def test_readiness_turns_green(cohort, boss):
    def state():
        return {item.slug: item.state for item in items(cohort)}

    assert state() == {
        "dates": "amber",
        "people": "red",
        "invitations": "amber",
        "answers": "amber",
        "places": "red",
        "coordinators": "amber",
        "contacts": "red",
    }
    student = EnrollmentFactory(cohort=cohort, state="invited")
    EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    HelpContact.objects.create(cohort=cohort, kind="emergency", name="Line", phone="112")
    assert state()["invitations"] == "red"
    invitations.invite(enrollment=student, by=boss)
    assert (state()["invitations"], state()["answers"]) == ("green", "amber")
    Enrollment.objects.filter(pk=student.pk).update(state="accepted")
    cohorts.confirm_dates(edition=cohort.edition, by=boss)
    del cohort.planned
    code = policies.add(cohort=cohort, by=boss, title="Conduct", text="Be kind.", kind="policy")
    policies.publish(policy=code, by=boss, seen=policies.seal(code.versions.get()))
    assert {name for name, color in state().items() if color != "green"} == {"policies_confirmed"}
    policy_answers.answer(policy=code, reply="acknowledged", number=1, by=student.person)
    mentor = Enrollment.objects.get(cohort=cohort, role=Role.MENTOR)
    policy_answers.answer(policy=code, reply="acknowledged", number=1, by=mentor.person)
    assert set(state().values()) == {"green"}


def test_every_red_item_says_what_turns_it_green(cohort, client):
    for item in readiness(cohort):
        if item.state != "green":
            assert item.action
            assert client.get(item.url).status_code == 200


def test_the_number_of_queries_of_the_overview_does_not_grow(client, cohort):
    url = reverse("programs:cohort", args=[cohort.key])
    few = queries(client, url)
    EnrollmentFactory.create_batch(20, cohort=cohort)
    assert queries(client, url) == few


def test_help_works_without_login(cohort, client):
    from django.test import Client

    HelpContact.objects.create(cohort=cohort, kind="emergency", name="Campus line", phone="112")
    HelpContact.objects.create(
        cohort=CohortFactory(name="Elsewhere"), kind="program", name="Office", email="o@b.hu"
    )
    anonymous = text(Client().get("/help/"))
    assert "Campus line" in anonymous
    assert "Elsewhere" in anonymous
    mine = text(client.get("/help/"))
    assert "Campus line" in mine
    assert "Elsewhere" not in mine


def test_settings_are_saved_one_form_at_a_time(client, cohort):
    url = reverse("programs:settings", args=[cohort.key])
    pause = {"form": "pause", "pause-kind": "exam", "pause-name": "Exams"}
    dates = {"pause-starts": "2021-12-20", "pause-ends": "2022-01-28", "pause-class_year": "1"}
    assert client.post(url, pause | dates).status_code == 302
    row = cohort.edition.pauses.get()
    assert (row.name, row.class_year) == ("Exams", 1)
    wrong = client.post(url, pause | dates | {"pause-ends": "2021-12-01"})
    assert wrong.status_code == 422
    assert "before the first" in wrong.content.decode()
    remove = reverse("programs:settings_remove", args=[cohort.key])
    client.post(remove, {"what": "pause", "number": row.pk})
    assert not cohort.edition.pauses.exists()
    assert "removed already" in text(
        client.post(remove, {"what": "pause", "number": row.pk}, follow=True)
    )


def test_what_belongs_to_another_cohort_is_not_removed(client, cohort):
    term = CohortFactory().edition.terms.first()
    remove = reverse("programs:settings_remove", args=[cohort.key])
    client.post(remove, {"what": "term", "number": term.pk})
    term.refresh_from_db()


def test_an_absence_is_declared_on_ones_own_page(as_user, cohort):
    row = EnrollmentFactory(cohort=cohort)
    client = as_user(row.person)
    url = reverse("programs:absence", args=[cohort.key, row.key])
    with clock.at(datetime(2021, 10, 1, 8, tzinfo=UTC)):
        client.post(url, {"starts": "2022-01-01", "ends": "2022-01-05"})
        absence = row.absences.get()
        page = reverse("programs:mine", args=[cohort.key, row.key])
        assert "Take back" in text(client.get(page))
        end = reverse("programs:absence_end", args=[cohort.key, row.key])
        client.post(end, {"absence": absence.key})
    assert not row.absences.exists()


@pytest.mark.parametrize(
    ("starts", "ends", "problem"),
    [
        ("2021-09-20", "2021-09-24", "These days are over."),
        ("2022-07-01", "2022-07-05", "outside the dates of the cohort"),
        ("", "2021-12-01", "This field is required."),
        ("2021-12-02", "2021-12-01", "lies before the first"),
    ],
)
def test_an_absence_that_means_nothing_is_refused_at_its_field(
    as_user, cohort, starts, ends, problem
):
    row = EnrollmentFactory(cohort=cohort)
    url = reverse("programs:absence", args=[cohort.key, row.key])
    with clock.at(datetime(2021, 10, 1, 8, tzinfo=UTC)):
        refused = as_user(row.person).post(url, {"starts": starts, "ends": ends})
    assert (refused.status_code, problem in refused.content.decode()) == (422, True)
    assert not row.absences.exists()


def test_leaving_a_cohort_with_a_mentor(as_user, cohort):
    mentorship = pair(cohort)
    client = as_user(mentorship.student.person)
    client.post(reverse("programs:leave", args=[cohort.key, mentorship.student.key]))
    mentorship.student.refresh_from_db()
    assert mentorship.student.state == "withdrawn"


def test_a_coordinator_opens_a_cohort_from_the_gallery(client):
    gallery = text(client.get(reverse("programs:templates")))
    assert "Semmelweis University" in gallery
    url = reverse("programs:new", args=["delhi"])
    assert "left to the students" in text(client.get(url)).lower()
    response = client.post(url, {"name": "Delhi 2026", "starts": "2026-09-01"}, follow=True)
    assert "Delhi 2026" in text(response)
    assert "agree on smaller circles themselves" in text(
        client.get(reverse("programs:new", args=["san-antonio"]))
    )
    unnamed = client.post(reverse("programs:new", args=["tromso"]), {"starts": "2026-09-01"})
    assert unnamed.status_code == 422
    assert client.get(reverse("programs:new", args=["nowhere"])).status_code == 404


def test_a_site_administrator_names_the_first_coordinator(as_user):
    admin = as_user(UserFactory(is_superuser=True))
    url = reverse("programs:new", args=["delhi"])
    admin.post(url, {"name": "Delhi 2026", "starts": "2026-09-01"})
    assert Enrollment.objects.get().role == "coordinator"


@pytest.mark.parametrize("state", ["invited", "applied", "waitlisted", "accepted"])
def test_the_home_says_where_one_stands(as_user, state):
    row = EnrollmentFactory(cohort=CohortFactory(state="recruiting"), state=state)
    words = {
        "invited": "You are invited to",
        "applied": "is being read",
        "waitlisted": "waiting list",
        "accepted": "The matching comes next",
    }
    assert words[state] in text(as_user(row.person).get(reverse("home")))


def test_the_home_of_a_coordinator_shows_what_is_left(client, cohort):
    assert "Everyone on the list" not in text(client.get(reverse("home")))
    EnrollmentFactory(cohort=cohort, state="invited")
    home = text(client.get(reverse("home")))
    assert cohort.name in home
    assert "Everyone on the list has been invited" in home


def test_the_history_tells_what_staff_did_and_nothing_of_a_pair(client, cohort, boss):
    row = EnrollmentFactory(cohort=cohort, state="applied", person__family_name="Zöld")
    enrollments.accept(enrollment=row, by=boss)
    with transaction.atomic():
        audit.record(by=row.person, action="meeting.booked", cohort=cohort)
    shown = text(client.get(reverse("programs:history", args=[cohort.key])))
    assert "changed the state of a place" in shown
    assert "Applied → Accepted" in shown
    assert "Zöld" in shown
    assert "1 entry" in shown


def test_the_history_takes_as_many_queries_for_thirty_as_for_one(client, cohort, boss):
    url = reverse("programs:history", args=[cohort.key])

    def act():
        row = EnrollmentFactory(cohort=cohort, state="applied")
        enrollments.accept(enrollment=row, by=UserFactory())

    act()
    few = queries(client, url)
    for _ in range(29):
        act()
    assert queries(client, url) == few


def test_who_made_herself_coordinator_sees_no_older_history(client, cohort, boss):
    with clock.at(clock.now() - timedelta(days=2)):
        row = EnrollmentFactory(cohort=cohort, state="applied")
        enrollments.accept(enrollment=row, by=None)
    url = reverse("programs:history", args=[cohort.key])
    assert "changed the state" in text(client.get(url))
    Enrollment.objects.filter(person=boss).update(granted_by=boss, accepted_at=clock.now())
    assert "changed the state" not in text(client.get(url))
