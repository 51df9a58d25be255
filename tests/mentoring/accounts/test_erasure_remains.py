"""After an erasure no table holds the person's address or names, whatever she did before."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from evaluation.models import Flag
from mentoring import clock, outbox
from mentoring.accounts import services
from mentoring.accounts.permissions import Role
from mentoring.outbox.models import Notification
from programs.models import HelpContact, RosterChange, RosterImport
from programs.services import applications, enrollments, invitations, people, uploads
from sessions.services import change_requests, concerns, contacts, messages
from tests.factories import START, EnrollmentFactory, UserFactory, meeting, pair

NOW = START + timedelta(days=30)
WORDS = ("rozalia.palffy@example.edu", "rozália", "pálffy", "namee", "nickname")
HEADER = "email,given_name,family_name,role,campus,student_number\n"


def remains():
    """Each column of each table that holds one of the words, as ``Model.field``."""
    found = set()
    for model in apps.get_models():
        for row in model._default_manager.values():
            for field, value in row.items():
                binary = isinstance(value, bytes | memoryview)
                text = bytes(value).decode(errors="replace") if binary else str(value)
                if any(word in text.casefold() for word in WORDS):
                    found.add(f"{model.__name__}.{field}")
    return found


@pytest.fixture
def mentorship(db):
    with clock.at(NOW):
        made = pair()
        made.cohort.state = "running"
        made.cohort.applications_open = True
        made.cohort.save()
        person = made.student.person
        person.email, person.given_name, person.family_name = WORDS[0], "Rozália", "Pálffy"
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        yield made


@pytest.fixture
def boss(mentorship):
    return EnrollmentFactory(cohort=mentorship.cohort, role=Role.COORDINATOR).person


def live(mentorship, boss):
    """What a student can do in the program."""
    person = mentorship.student.person
    meeting(mentorship, NOW - timedelta(days=7), "held")
    meeting(mentorship, NOW + timedelta(days=7), "booked")
    messages.write(mentorship=mentorship, text="It is me, Rozália", by=person)
    contacts.note(mentorship=mentorship, channel="message", by=person)
    change_requests.ask(mentorship=mentorship, by=person, reason="Rozália asks")
    concern = concerns.raise_concern(
        cohort=mentorship.cohort, recipient=boss, text="Rozália", urgent=True, by=person
    )
    concerns.close(concern=concern, by=boss)
    enrollments.change_profile(
        enrollment=mentorship.student, by=person, hopes="Pálffy", campus="Nickname hall"
    )


def write_mails(mentorship):
    """Mails to the account, and to the bare address before there was one."""
    address = mentorship.student.person.email
    applications.send_link(cohort=mentorship.cohort, email=address.upper())
    Client().post(reverse("account_request_login_code"), {"email": address})
    Client().post(reverse("account_reset_password"), {"email": address})
    outbox.deliver_due()
    with clock.at(NOW + timedelta(hours=2)):
        applications.send_link(cohort=mentorship.cohort, email=address)


def import_rosters(mentorship, boss, commit):
    """A roster that was applied, with every kind of remark, and one that waits."""
    address = mentorship.student.person.email
    rows = f"{address},Other,Namee,student,North,Namee-1\n{address},Again,Namee,student,South,\n"
    rows += "namee@,Rozália,Pálffy,student,,\n"
    for name in ("applied.csv", "waiting.csv"):
        record = uploads.upload(
            cohort=mentorship.cohort,
            file=ContentFile((HEADER + rows).encode(), name=name),
            by=boss,
        )
        if name == "applied.csv":
            with commit(execute=True):
                uploads.start(record=record, by=boss)


def test_nothing_is_left_of_a_student_who_did_everything(
    mentorship, boss, django_capture_on_commit_callbacks
):
    person = mentorship.student.person
    live(mentorship, boss)
    write_mails(mentorship)
    import_rosters(mentorship, boss, django_capture_on_commit_callbacks)
    for subject, enrollment in (("pair", None), ("student", mentorship.student)):
        Flag.objects.create(
            cohort=mentorship.cohort, rule="never-met", severity="warning", state="resolved",
            mentorship=None if enrollment else mentorship, enrollment=enrollment,
            subject=subject, occurrence="once", since=NOW, reason="I rang Rozália up.",
        )  # fmt: skip
    HelpContact.objects.create(kind="program", name="Rozália Pálffy", email=person.email)
    before = remains()
    assert {"User.email", "Notification.address", "Flag.reason", "RosterImport.content"} <= before
    services.erase(by=person, typed_email=person.email)
    assert remains() == set()
    assert not Notification.objects.filter(recipient=None, state="queued").exists()
    assert RosterImport.objects.get().file_name == "applied.csv"
    assert RosterChange.objects.get().before == {}


def test_nothing_is_left_of_somebody_who_was_only_invited(mentorship, boss):
    row = people.add(
        cohort=mentorship.cohort, email="nickname@example.edu", role="mentor",
        given_name="Nickname", family_name="Namee", by=boss,
    )  # fmt: skip
    invitations.respond(enrollment=row, yes=False, by=row.person)
    services.erase(by=row.person, typed_email="nickname@example.edu")
    assert remains() == {"User.email", "User.given_name", "User.family_name", "EmailAddress.email"}


def test_the_waiting_file_of_others_stays(mentorship, boss):
    other = UserFactory()
    uploads.upload(
        cohort=mentorship.cohort,
        file=ContentFile(f"{HEADER}{other.email},A,B,student,,\n".encode(), name="r.csv"),
        by=boss,
    )
    services.erase(by=mentorship.student.person, typed_email=WORDS[0])
    assert RosterImport.objects.count() == 1


def test_two_applications_within_an_hour_are_one_mail_and_its_key_names_nobody(mentorship):
    for email in ("New@example.edu", "new@example.edu"):
        applications.send_link(cohort=mentorship.cohort, email=email)
    note = Notification.objects.get()
    assert "new" not in note.dedupe_key
