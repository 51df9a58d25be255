"""A coordinator's cohort, from a spreadsheet to the first flag, in browsers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from evaluation.models import Flag
from evaluation.monitoring.scan import scan
from matching.models import Mentorship
from mentoring import clock, outbox
from mentoring.accounts.permissions import Role
from programs.models import Enrollment, Invitation
from programs.services import invitations, opening
from tests.factories import EnrollmentFactory, UserFactory
from tests.journeys.visitor import PHONE

START = datetime(2021, 9, 6, 8, 0, tzinfo=UTC)
ROSTER = """\
email;given_name;family_name;role;interests;languages
reka@example.edu;Réka;Szabó;student;psychiatry, surgery;hu, en
bence@example.edu;Bence;Őry;student;surgery;hu
amara@example.edu;Amara;Okafor;student;=1+1;en
leila@example.edu;Leila;Haddad;mentor;psychiatry;hu, en
tomasz@example.edu;Tomasz;Wójcik;mentor;surgery;en, hu
not-an-address;Nobody;Here;mentor;surgery;en
"""
PASSWORD = "correct horse battery staple"


@pytest.fixture
def later():
    """Sets the clock of the server; free again at the end."""
    clock.set_process(START)
    yield lambda **ahead: clock.set_process(clock.now() + timedelta(**ahead))
    clock.set_process(None)


@pytest.fixture
def cohort(transactional_db, later):
    admin = UserFactory(is_superuser=True)
    return opening.open_cohort(
        slug="semmelweis", name="Semmelweis 2021", by=admin, starts=date(2021, 9, 6)
    )


@pytest.fixture
def her(visit, cohort):
    """The coordinator's window."""
    row = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    return visit(row.person)


def import_roster(her, cohort):
    her.open(reverse("programs:roster", args=[cohort.key]))
    her.is_fine()
    her.page.locator("input[type=file]").set_input_files(
        {"name": "roster.csv", "mimeType": "text/csv", "buffer": ROSTER.encode("utf-16")}
    )
    her.press("Look at it")
    her.sees("Nothing has been changed yet.")
    her.sees("not-an-address")
    her.is_fine()
    assert Enrollment.objects.filter(cohort=cohort, role=Role.STUDENT).count() == 0
    her.press("Put 5 people in")
    her.sees("Undo this import")
    her.is_fine()
    assert Enrollment.objects.filter(cohort=cohort, role=Role.STUDENT).count() == 3


def invite(her):
    her.press("Invite them", role="link")
    her.press("Send the invitations")
    her.is_fine()
    assert Invitation.objects.count() == 5


def accept_as_reka(visit):
    """A student opens the link of her mail on her phone, chooses a password and is in."""
    invitation = Invitation.objects.get(email="reka@example.edu")
    token = invitations.token_for(invitation)
    phone = visit(size=PHONE)
    phone.open(reverse("programs:invitation", args=[token]))
    phone.is_fine()
    phone.page.get_by_label("Password").fill(PASSWORD)
    phone.press("Accept and continue")
    phone.sees("One thing before you go on")
    phone.press("I have read this")
    phone.is_fine()
    row = Enrollment.objects.get(person__email="reka@example.edu")
    assert row.state == Enrollment.State.ACCEPTED


def accept_the_others():
    for invitation in Invitation.objects.filter(used_at=None):
        invitations.accept(invitation=invitation, by=invitation.enrollment.person)


def open_matching(her, cohort):
    """Three students and two mentors are fewer than the program asks for: she says why."""
    her.open(reverse("matching:overview", args=[cohort.key]))
    her.sees("Matching is not open yet")
    her.is_fine()
    her.press("Or open matching with a reason", role="link")
    her.page.locator("summary").get_by_text("Open matching although").click()
    her.page.get_by_label("Why matching may begin already").fill("A pilot with those who are here.")
    her.press("Open matching", exact=True)
    her.sees("A pilot with those who are here.")
    her.is_fine()


def match(her, cohort):
    her.open(reverse("matching:overview", args=[cohort.key]))
    her.page.get_by_label("Optimal", exact=True).check()
    her.press("Start the run")
    her.sees("Ready for review")
    her.is_fine()
    her.press("Publish")
    her.page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    her.sees("mentorships have begun")
    her.is_fine()


def test_from_a_roster_to_the_first_flag(visit, her, cohort, later):
    import_roster(her, cohort)
    invite(her)
    accept_as_reka(visit)
    accept_the_others()
    open_matching(her, cohort)
    match(her, cohort)
    pairs = Mentorship.objects.filter(cohort=cohort)
    assert pairs.count() == 2

    later(weeks=5)
    scan()
    outbox.deliver_due(limit=100)
    her.open("/")
    her.sees("Not met yet")
    her.is_fine()
    her.open(reverse("evaluation:board", args=[cohort.key]))
    assert Flag.objects.filter(mentorship__in=pairs, state="open").count() == 2
    her.press("I look after it")
    her.is_fine()
    assert Flag.objects.filter(mentorship__in=pairs, state="acknowledged").count() == 1
    her.press("Write to those who have not met", role="link")
    her.page.get_by_label("Subject").fill("Have you met?")
    her.page.get_by_role("textbox", name="Message").fill("Choose a time this week, please.")
    her.press("See it before it goes")
    her.is_fine()
    her.press("Send")
    her.is_fine()
    assert outbox.Notification.objects.filter(kind="broadcast").count() == 4
