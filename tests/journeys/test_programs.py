"""From a template to invited people, and what these people do with it."""

import re

import pytest
from django.urls import reverse

from mentoring.accounts.permissions import Role
from programs.models import Cohort, Enrollment, HelpContact
from programs.services import invitations, people
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory
from tests.journeys.visitor import EVERY_WINDOW, PHONE

ROSTER = """E-mail;Given name;Family name;Role;Year;Interests
anna@example.edu;Anna;Kiss;student;1;psychiatry
bela@example.edu;Béla;Nagy;mentor;4;psychiatry, surgery
not an address;Cili;Papp;student;1;
"""


@pytest.fixture
def cohort(transactional_db):
    return CohortFactory(name="Near-peer 2021/22", state="recruiting", applications_open=True)


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def drop(visitor, name, text):
    """Drop a file on the zone, as a hand would."""
    visitor.page.evaluate(
        """([name, text]) => {
          const zone = document.querySelector("[data-dropzone]");
          const data = new DataTransfer();
          data.items.add(new File([text], name, { type: "text/csv" }));
          zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true,
                                                     cancelable: true }));
        }""",
        [name, text],
    )


def test_a_coordinator_opens_a_cohort_and_imports_her_people(visit, transactional_db):
    admin = UserFactory(is_superuser=True)
    her = visit(admin)
    her.open("/")
    her.press("Choose a program", role="link")
    her.press(re.compile("Choose this program.*Student mentors"), role="link")
    her.is_fine()
    her.page.get_by_label("Name of the cohort").fill("Near-peer 2026/27")
    her.press("Open the cohort")
    her.sees("2 things to do")
    her.press("Import a roster", role="link")
    drop(her, "roster.csv", ROSTER)
    her.press("Look at it")
    her.sees("Is not an e-mail address")
    her.is_fine()
    her.press("Put 2 people in")
    her.sees("Undo this import")
    her.is_fine()
    cohort = Cohort.objects.get()
    assert cohort.enrollments.filter(state="invited").count() == 2
    her.press("Undo this import")
    her.page.get_by_role("dialog").get_by_role("button", name="Undo this import").click()
    her.sees("Undone: 2 removed")
    assert cohort.enrollments.filter(state="invited").count() == 0


def test_a_coordinator_compares_two_programs_on_any_screen(visit, coordinator):
    she = visit(coordinator)
    she.open(reverse("programs:templates"))
    assert she.look_in(EVERY_WINDOW) == []
    she.page.set_viewport_size({"width": 1280, "height": 800})
    she.page.get_by_label(re.compile("Compare: Student mentors")).check()
    she.page.get_by_label("Who mentors").select_option("Faculty")
    she.sees("Also ticked: Student mentors for first-year students")
    she.page.get_by_label(re.compile("Compare: Faculty mentors for small groups")).check()
    she.press("Compare the ticked programs")
    she.sees("Who mentors whom")
    assert she.page.locator("thead th").count() == 3
    assert she.look_in(EVERY_WINDOW) == []
    she.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    box = she.page.get_by_role("region", name="Comparison")
    box.focus()
    label = she.page.get_by_role("rowheader", name="Duration")
    for _ in range(4):
        she.page.keyboard.press("ArrowRight")
    assert she.comes_true("document.activeElement.scrollLeft > 20", seconds=3)
    # What a row is about stays in sight while its columns go by.
    assert label.bounding_box()["x"] >= box.bounding_box()["x"] - 1


def test_an_invited_mentor_says_yes_on_her_phone(visit, cohort):
    row = people.add(
        cohort=cohort, email="new@example.edu", given_name="Amara", family_name="Okafor",
        role="mentor", by=None,
    )  # fmt: skip
    token = invitations.token_for(row.invitations.get())
    she = visit(size=PHONE)
    she.open(reverse("programs:invitation", args=[token]))
    she.sees("You are invited to Near-peer 2021/22")
    she.is_fine()
    she.page.get_by_label("Choose a password").fill("a quiet river in May")
    she.press("Accept and continue")
    if she.page.get_by_role("button", name=re.compile("I have read", re.IGNORECASE)).count():
        she.press(re.compile("I have read", re.IGNORECASE))
    she.open(reverse("programs:mine", args=[cohort.key, row.key]))
    she.page.get_by_label("Languages").fill("Hungarian, English")
    she.page.get_by_label("Tuesday 9:00–10:00").tap()
    she.is_fine()
    she.press("Save")
    she.sees("Saved.")
    row.refresh_from_db()
    assert (row.state, row.languages) == ("accepted", ["hu", "en"])
    assert [hour for hour, bit in enumerate(row.free_time) if bit == "1"] == [33]


def test_free_hours_are_drawn_by_mouse_and_marked_by_keyboard(visit, cohort):
    row = EnrollmentFactory(cohort=cohort)
    she = visit(row.person)
    she.open(reverse("programs:mine", args=[cohort.key, row.key]))
    cell = she.page.get_by_label("Monday 9:00–10:00")
    below = she.page.get_by_label("Monday 12:00–13:00")
    cell.scroll_into_view_if_needed()
    start, end = cell.bounding_box(), below.bounding_box()
    she.page.mouse.move(start["x"] + 10, start["y"] + 10)
    she.page.mouse.down()
    she.page.mouse.move(end["x"] + 10, end["y"] + 10, steps=30)
    she.page.mouse.up()
    assert all(
        she.page.get_by_label(f"Monday {hour}:00–{hour + 1}:00").is_checked()
        for hour in range(9, 13)
    )
    below.focus()
    she.page.keyboard.press("ArrowRight")
    she.page.keyboard.press("Space")
    assert she.page.get_by_label("Tuesday 12:00–13:00").is_checked()
    she.press("Save")
    row.refresh_from_db()
    marked = [hour for hour, bit in enumerate(row.free_time) if bit == "1"]
    assert marked == [9, 10, 11, 12, 24 + 12]


def test_a_student_applies_and_is_accepted(visit, cohort, coordinator):
    she = visit(UserFactory(given_name="Leila", family_name="Haddad"), size=PHONE)
    she.open(reverse("programs:apply", args=[cohort.key]))
    she.is_fine()
    she.page.get_by_label("Interests").fill("psychiatry")
    she.press("Send the application")
    she.sees("You will get a mail when your application is decided")
    her = visit(coordinator)
    her.open(reverse("programs:people", args=[cohort.key]) + "?state=applied")
    her.press("Leila Haddad", role="link")
    her.is_fine()
    her.press("Accept")
    her.sees("Leila Haddad is now: Accepted")
    assert Enrollment.objects.get(person__given_name="Leila").state == "accepted"


def test_every_page_of_programs_is_sound(visit, cohort, coordinator):
    HelpContact.objects.create(cohort=cohort, kind="emergency", name="Line", phone="+36 1 112")
    student = EnrollmentFactory(cohort=cohort, state="applied", interests=["psychiatry"])
    EnrollmentFactory.create_batch(3, cohort=cohort, state="invited")
    her = visit(coordinator)
    for name, *args in (
        ("cohorts",),
        ("templates",),
        ("new", "delhi"),
        ("new", "lmu-munich"),
        ("cohort", cohort.key),
        ("program", cohort.key),
        ("people", cohort.key),
        ("person_add", cohort.key),
        ("invite", cohort.key),
        ("person", cohort.key, student.key),
        ("person_edit", cohort.key, student.key),
        ("roster", cohort.key),
        ("staff", cohort.key),
        ("settings", cohort.key),
        ("history", cohort.key),
        ("help",),
    ):
        her.open(reverse(f"programs:{name}", args=args))
        assert her.look_in(EVERY_WINDOW) == [], name


def test_help_is_one_tap_away_without_login(visit, cohort):
    HelpContact.objects.create(cohort=cohort, kind="emergency", name="Campus line", phone="112")
    somebody = visit(size=PHONE)
    somebody.open(reverse("account_login"))
    somebody.press("Help", role="link", exact=True)
    somebody.sees("Campus line")
    somebody.is_fine()
