"""Students who opt in, opt out, or have to take part."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from mentoring import clock, outbox, ports
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs.models import Enrollment
from programs.roster import read
from programs.services import (
    applications,
    cohorts,
    invitations,
    people,
    placing,
    rosters,
)
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet river in May"
ROSTER = b"""email,given_name,family_name,role
anna@example.edu,Anna,Kiss,student
bela@example.edu,Bela,Nagy,student
cili@example.edu,Cili,Papp,mentor
"""


@pytest.fixture(autouse=True)
def noon(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(datetime(2021, 9, 6, 10, tzinfo=UTC)):
        yield


def program(students, **enrollment):
    """A cohort of a program that takes its students in like that, and its coordinator."""
    cohort = CohortFactory(state="recruiting")
    version = cohort.edition.version
    says = {**version.document["enrollment"], "students": students, **enrollment}
    version.document = {**version.document, "enrollment": says}
    version.save()
    cohort.boss = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    return type(cohort).objects.get(pk=cohort.pk), cohort.boss


def imported(cohort, boss):
    rosters.import_roster(cohort=cohort, roster=read(ROSTER), by=boss)
    invitations.invite_all(cohort=cohort, by=boss)
    return Enrollment.objects.filter(cohort=cohort).exclude(role=Role.COORDINATOR).order_by("pk")


def states(rows):
    return list(rows.values_list("state", flat=True))


def letters():
    outbox.deliver_due()
    return {sent.to[0].split("<")[1].rstrip(">"): sent for sent in mail.outbox}


def link_in(letter, start):
    return letter.body[letter.body.index(start) :].split()[0]


def place_page(place):
    return reverse("programs:mine", args=[place.cohort.key, place.key])


# --- Opt-in --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["opt_in", None])
def test_where_students_opt_in_they_have_to_accept(mode):
    cohort, boss = program(mode)
    rows = imported(cohort, boss)
    assert states(rows) == ["invited"] * 3
    assert "invited" in letters()["anna@example.edu"].body


# --- Opt-out -------------------------------------------------------------------------------------


def test_where_students_opt_out_they_are_in_without_an_answer_and_told_so():
    cohort, boss = program("opt_out")
    rows = imported(cohort, boss)
    assert states(rows) == ["accepted", "accepted", "invited"]
    found = letters()
    assert "you take part in" in found["anna@example.edu"].body
    assert "one tap" in found["anna@example.edu"].body
    assert "you are invited" in found["cili@example.edu"].body
    assert [row.accepted_at is not None for row in rows] == [True, True, False]


def test_she_opts_out_by_one_tap_without_a_login(client):
    cohort, boss = program("opt_out")
    rows = imported(cohort, boss)
    link = link_in(letters()["anna@example.edu"], "/l/")
    page = client.get(link).content.decode()
    assert "I do not want to take part" in page
    assert rows[0].state == "accepted", "looking changes nothing"
    assert "You have opted out" in client.post(link).content.decode()
    assert states(rows) == ["withdrawn", "accepted", "invited"]
    again = client.post(link)
    assert again.status_code == 422
    assert "do not take part any more" in again.content.decode()
    assert Notification.objects.filter(kind="person_left", recipient=boss).count() == 1


def test_she_finds_the_way_in_by_the_same_mail_and_chooses_a_password(client):
    cohort, boss = program("opt_out")
    rows = imported(cohort, boss)
    link = link_in(letters()["anna@example.edu"], "/invitations/")
    page = client.get(link).content.decode()
    assert "You take part in" in page
    assert "Choose a password" in page
    new = {"given_name": "Anna", "family_name": "Kiss", "password": PASSWORD}
    place = rows[0]
    assert client.post(link, new)["Location"] == place_page(place)
    place.person.refresh_from_db()
    assert (place.person.check_password(PASSWORD), states(rows)[0]) == (True, "accepted")


def test_she_opts_out_on_that_page_or_on_the_page_of_her_place(client, as_user):
    cohort, boss = program("opt_out")
    rows = imported(cohort, boss)
    found = letters()
    client.post(link_in(found["anna@example.edu"], "/invitations/"), {"choice": "no"})
    person = rows[1].person
    person.privacy_version = 1
    person.save()
    bela = as_user(person)
    assert "I do not want to take part" in bela.get(place_page(rows[1])).content.decode()
    bela.post(reverse("programs:leave", args=[cohort.key, rows[1].key]))
    assert states(rows) == ["withdrawn", "withdrawn", "invited"]


def test_who_opted_out_is_asked_if_she_is_listed_again():
    cohort, boss = program("opt_out")
    rows = imported(cohort, boss)
    placing.leave(enrollment=rows[0], by=rows[0].person)
    with clock.at(clock.now() + timedelta(days=1)):
        people.add(cohort=cohort, email="anna@example.edu", role="student", by=boss)
    assert states(rows)[0] == "invited"


def test_one_student_added_by_hand_is_in_at_once(as_user):
    cohort, boss = program("opt_out")
    sent = {"email": "late@example.edu", "given_name": "Late", "family_name": "Comer",
            "role": "student"}  # fmt: skip
    url = reverse("programs:person_add", args=[cohort.key])
    page = as_user(boss).post(url, sent, follow=True).content.decode()
    assert "was added, takes part, and is told so" in page
    assert Enrollment.objects.get(person__email="late@example.edu").state == "accepted"


def test_in_a_running_cohort_the_student_is_active_at_once():
    cohort, boss = program("opt_out")
    cohort.state = "running"
    cohort.save()
    row = people.add(
        cohort=cohort,
        email="l@example.edu",
        given_name="L",
        family_name="C",
        role="student",
        by=boss,
    )
    row.refresh_from_db()
    assert row.state == "active"


def test_the_page_that_invites_says_what_will_happen(as_user):
    for mode, words in (
        ("opt_in", "Send the invitations"),
        ("opt_out", "unless they say no"),
        ("mandatory", "because their studies ask it"),
    ):
        cohort, boss = program(mode)
        rosters.import_roster(cohort=cohort, roster=read(ROSTER), by=boss)
        url = reverse("programs:invite", args=[cohort.key])
        assert words in as_user(boss).get(url).content.decode()


# --- Mandatory -----------------------------------------------------------------------------------


def test_where_students_must_take_part_they_cannot_leave_by_themselves(client, as_user):
    cohort, boss = program("mandatory")
    rows = imported(cohort, boss)
    letter = letters()["anna@example.edu"]
    assert "belongs to your studies" in letter.body
    assert "/l/" not in letter.body
    anna = as_user(rows[0].person)
    anna.post(reverse("programs:leave", args=[cohort.key, rows[0].key]))
    assert client.post(link_in(letter, "/invitations/"), {"choice": "no"}).status_code == 410
    with pytest.raises(DomainError, match="belongs to your studies"):
        placing.opt_out(user=rows[0].person, subject=rows[0].key, choice="")
    assert states(rows) == ["accepted", "accepted", "invited"]


def test_a_mentor_of_a_mandatory_program_leaves_as_she_likes():
    cohort, _boss = program("mandatory")
    row = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    placing.leave(enrollment=row, by=row.person)
    assert Enrollment.objects.get(pk=row.pk).state == "withdrawn"


@pytest.fixture
def asking(as_user):
    """A student who asked to be let go, and her coordinator."""
    cohort, boss = program("mandatory")
    row = EnrollmentFactory(cohort=cohort)
    url = reverse("programs:leave_ask", args=[cohort.key, row.key])
    assert as_user(row.person).post(url, {"ask": "yes"}).status_code == 302
    row.refresh_from_db()
    return row, boss


def test_but_she_can_ask_the_coordinators(asking, as_user):
    row, boss = asking
    assert row.state == "active"
    found = letters()
    assert "asks to be let go" in found[boss.email].body
    assert reverse("programs:person", args=[row.cohort.key, row.key]) in found[boss.email].body
    assert "You asked to be let go" in as_user(row.person).get(place_page(row)).content.decode()
    url = reverse("programs:person", args=[row.cohort.key, row.key])
    assert "Asks to be let go" in as_user(boss).get(url).content.decode()


def test_asking_twice_is_asking_once(asking):
    row, _boss = asking
    with clock.at(clock.now() + timedelta(minutes=2)):
        placing.ask_to_leave(enrollment=row, by=row.person)
    assert Notification.objects.filter(kind="leave_asked").count() == 1


def test_she_takes_it_back_and_an_unsent_mail_stays_unsent(asking, as_user):
    row, _boss = asking
    url = reverse("programs:leave_ask", args=[row.cohort.key, row.key])
    as_user(row.person).post(url, {"ask": "no"})
    row.refresh_from_db()
    assert row.leave_asked_at is None
    assert Notification.objects.get(kind="leave_asked").state == "suppressed"


@pytest.mark.parametrize(
    ("act", "state", "words"), [("keep", "active", "would keep your place"),
                                ("let_go", "withdrawn", "do not take part")],
)  # fmt: skip
def test_the_coordinator_keeps_the_place_or_lets_her_go_and_she_is_told(
    asking, as_user, act, state, words
):
    row, boss = asking
    letters()
    url = reverse("programs:person_act", args=[row.cohort.key, row.key])
    as_user(boss).post(url, {"act": act})
    row.refresh_from_db()
    assert (row.state, row.leave_asked_at) == (state, None)
    assert words in letters()[row.person.email].body
    refused = as_user(boss).post(url, {"act": act}, follow=True)
    assert "Nobody asks to be let go any more" in refused.content.decode()


def test_her_account_can_be_erased_all_the_same(asking):
    row, _boss = asking
    ports.PERSON_ERASED.tell(row.person)
    row.refresh_from_db()
    assert (row.state, row.leave_asked_at) == ("withdrawn", None)


def test_where_one_can_leave_nobody_has_to_ask():
    cohort, _boss = program("opt_in")
    row = EnrollmentFactory(cohort=cohort)
    with pytest.raises(DomainError, match="without asking"):
        placing.ask_to_leave(enrollment=row, by=row.person)


# --- Who applies ---------------------------------------------------------------------------------


def test_a_program_that_takes_no_students_applications_offers_none(as_user):
    cohort, boss = program("mandatory", students_apply=False)
    cohorts.set_applications(cohort=cohort, open_=True, by=boss)
    assert applications.offered_roles(cohort) == ["mentor"]
    page = as_user(UserFactory()).get(reverse("programs:apply", args=[cohort.key]))
    assert b"?role=student" not in page.content
    with pytest.raises(DomainError, match="no place for that role"):
        applications.apply(cohort=cohort, role="student", by=UserFactory())


def test_a_program_nobody_applies_to_opens_no_applications():
    cohort, boss = program("mandatory", students_apply=False, mentors_apply=False)
    with pytest.raises(DomainError, match="come from a list"):
        cohorts.set_applications(cohort=cohort, open_=True, by=boss)
