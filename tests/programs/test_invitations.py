"""Invitations are single-use, bound to one address, and valid for fourteen days."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from mentoring import clock, outbox
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs.models import Enrollment, Invitation
from programs.services import invitations, people
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet river in May"


@pytest.fixture(autouse=True)
def noon():
    """No test falls into somebody's quiet hours."""
    with clock.at(datetime(2021, 9, 6, 10, tzinfo=UTC)):
        yield


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def invited(cohort):
    return people.add(
        cohort=cohort,
        email="new@example.edu",
        role="student",
        given_name="Amara",
        family_name="Okafor",
        by=UserFactory(),
    )


def url_of(enrollment):
    row = enrollment.invitations.latest("created_at")
    return reverse("programs:invitation", args=[invitations.token_for(row)])


def new_person(**change):
    return {"given_name": "Amara", "family_name": "Okafor", "password": PASSWORD} | change


def test_the_mail_carries_the_link_and_the_table_does_not(invited, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.deliver_due()
    [sent] = mail.outbox
    assert sent.to == ['"Amara Okafor" <new@example.edu>']
    assert url_of(invited) in sent.body
    row = Invitation.objects.get()
    assert invitations.token_for(row) not in (row.digest, row.email)
    assert row.digest == invitations.digest(invitations.token_for(row))


def test_looking_changes_nothing_and_signs_nobody_in(client, invited):
    assert client.get(url_of(invited)).status_code == 200
    assert client.get(url_of(invited)).status_code == 200
    assert "_auth_user_id" not in client.session
    invited.refresh_from_db()
    assert invited.state == "invited"


def test_a_new_person_sets_a_password_and_is_in(client, invited):
    response = client.post(url_of(invited), new_person())
    assert response.status_code == 302
    invited.refresh_from_db()
    assert invited.state == "accepted"
    person = invited.person
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person).verified
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_weak_password_is_refused(client, invited):
    response = client.post(url_of(invited), new_person(password="password"))
    assert response.status_code == 422
    assert b"too common" in response.content
    invited.refresh_from_db()
    assert invited.state == "invited"


def test_it_works_once(client, invited):
    url = url_of(invited)
    client.post(url, new_person())
    response = client.get(url)
    assert b"has been used" in response.content
    assert client.post(url, new_person(password="another one entirely")).status_code == 410
    invited.person.refresh_from_db()
    assert invited.person.check_password(PASSWORD)


def test_it_expires_after_fourteen_days(client, invited):
    url = url_of(invited)
    with clock.at(clock.now() + timedelta(days=13, hours=23)):
        assert client.get(url).status_code == 200
    with clock.at(clock.now() + timedelta(days=14, minutes=1)):
        assert b"has expired" in client.get(url).content


def test_an_unknown_token_says_so(client):
    assert b"not known" in client.get(reverse("programs:invitation", args=["nothing"])).content


def test_a_known_person_signs_in_and_answers(client, cohort, as_user):
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    row = people.add(cohort=cohort, email=person.email, role="mentor", by=None)
    url = url_of(row)
    page = client.get(url)
    assert b"Sign in to answer" in page.content
    assert client.post(url, {"choice": "yes"}).status_code == 404
    assert as_user(UserFactory()).post(url, {"choice": "yes"}).status_code == 404
    assert as_user(person).post(url, {"choice": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "accepted"


def test_a_no_is_an_answer(client, invited):
    assert client.post(url_of(invited), {"choice": "no"}).status_code == 200
    invited.refresh_from_db()
    assert invited.state == "declined"
    assert not Notification.objects.filter(state="queued").exists()


def test_a_newer_one_replaces_the_older(invited):
    first = invited.invitations.get()
    with pytest.raises(DomainError, match="less than a minute"):
        invitations.invite(enrollment=invited, by=None)
    with clock.at(clock.now() + timedelta(minutes=2)):
        invitations.invite(enrollment=invited, by=None)
        with pytest.raises(DomainError, match="replaced"):
            invitations.find(invitations.token_for(first))
    states = Notification.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["suppressed", "queued"]


def test_a_changed_address_voids_the_invitation(invited):
    token = invitations.token_for(invited.invitations.get())
    invited.person.email = "other@example.edu"
    invited.person.save()
    with pytest.raises(DomainError, match="replaced"):
        invitations.find(token)


def test_everyone_on_the_list_is_invited_once(cohort):
    EnrollmentFactory.create_batch(3, cohort=cohort, state="invited")
    EnrollmentFactory(cohort=cohort, state="active")
    assert invitations.invite_all(cohort=cohort, by=None) == 3
    assert invitations.invite_all(cohort=cohort, by=None) == 0
    assert Notification.objects.filter(kind="invitation").count() == 3


def test_who_does_not_answer_is_reminded_once(invited):
    start = clock.now()
    assert invitations.remind_due() == 0
    with clock.at(start + timedelta(days=5, minutes=1)):
        assert invitations.remind_due() == 1
        assert invitations.remind_due() == 0
    with clock.at(start + timedelta(days=8)):
        assert invitations.remind_due() == 0
    assert Notification.objects.filter(kind="invitation_reminder").count() == 1


def test_a_late_scan_does_not_remind_when_it_is_over(invited):
    with clock.at(clock.now() + timedelta(days=13)):
        assert invitations.remind_due() == 0


def test_an_answer_stops_the_reminder(client, invited, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(clock.now() + timedelta(days=6)):
        invitations.remind_due()
        client.post(url_of(invited), new_person())
        outbox.deliver_due()
    assert mail.outbox == []


def test_one_can_answer_from_the_home(as_user, cohort):
    row = EnrollmentFactory(cohort=cohort, state="invited")
    client = as_user(row.person)
    assert "You are invited to" in client.get(reverse("home")).content.decode()
    client.post(reverse("programs:respond", args=[cohort.key, row.key]), {"choice": "yes"})
    assert Enrollment.objects.get(pk=row.pk).state == "accepted"


@pytest.fixture
def in_two_roles(cohort):
    """A person on the list as student and as mentor."""
    person = UserFactory()
    for role in ("student", "mentor"):
        EnrollmentFactory(cohort=cohort, person=person, role=role, state="invited")
    return person


def test_one_person_in_two_roles_gets_one_mail_with_both(cohort, in_two_roles, mailoutbox):
    assert invitations.invite_all(cohort=cohort, by=None) == 2
    outbox.deliver_due()
    (sent,) = mailoutbox
    assert "as: Student and Mentor" in sent.body
    html = sent.alternatives[0][0]
    for place in in_two_roles.enrollments.all():
        assert url_of(place) in sent.body
        assert url_of(place) in html


def test_the_mail_of_two_roles_names_the_one_that_still_waits(cohort, in_two_roles, mailoutbox):
    invitations.invite_all(cohort=cohort, by=None)
    first, second = in_two_roles.enrollments.order_by("pk")
    invitations.respond(enrollment=first, yes=True, by=in_two_roles)
    outbox.deliver_due()
    (sent,) = mailoutbox
    assert "as: Mentor." in sent.body
    assert url_of(second) in sent.body
    assert url_of(first) not in sent.body


def test_who_is_invited_in_two_roles_is_reminded_once(cohort, in_two_roles):
    invitations.invite_all(cohort=cohort, by=None)
    with clock.at(clock.now() + timedelta(days=5, minutes=1)):
        assert invitations.remind_due() == 1
        invitations.respond(enrollment=in_two_roles.enrollments.first(), yes=True, by=in_two_roles)
        assert invitations.remind_due() == 0


def test_the_page_shows_who_is_invited_and_what_each_will_read(as_user):
    cohort = CohortFactory(name="Tea & talk", state="recruiting")
    boss = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    student = EnrollmentFactory(cohort=cohort, state="invited")
    EnrollmentFactory(cohort=cohort, state="invited")
    EnrollmentFactory(cohort=cohort, state="invited", role=Role.MENTOR)
    page = " ".join(
        as_user(boss).get(f"/cohorts/{cohort.key}/people/invite/").content.decode().split()
    )
    assert "Student: 2 · Mentor: 1" in page
    assert f"What {student.person.full_name} will read (Student)" in page
    assert "Your invitation to Tea &amp; talk" in page
    assert "/invitations/…" in page, "her own link is a secret"
