"""Students choose: a coordinator opens it, a student asks in three taps, a mentor says yes."""

import os
import re

import pytest
from django.urls import reverse

from matching.models import MentorRequest
from matching.services import choosing, requests
from mentoring.accounts.permissions import Role
from tests.factories import START, CohortFactory, EnrollmentFactory
from tests.journeys.visitor import EVERY_WINDOW, PHONE

NUMBERS = {"suggestions": 10, "asks": 3, "answer_days": 5, "expert_after_days": 28}
ASK, NEXT = re.compile(r"^Ask\b"), re.compile(r"^Put next in line\b")
OFFERS = ["An afternoon in the theater.", "Help with a first paper.", ""]


@pytest.fixture
def cohort(transactional_db):
    cohort = CohortFactory(name="Semmelweis 2021", state="recruiting", override_at=START)
    for n in range(14):
        EnrollmentFactory(
            cohort=cohort,
            role=Role.MENTOR,
            person__given_name=f"Mentor{n}",
            interests=["Psychiatry"] if n % 2 else ["Surgery", "Research"],
            languages=["hu", "en"],
            campus="North" if n % 3 else "South",
            offers=OFFERS[n % 3],
        )
    return cohort


@pytest.fixture
def student(cohort):
    return EnrollmentFactory(
        cohort=cohort,
        person__given_name="Ada",
        interests=["Surgery"],
        languages=["en"],
        hopes="To see how a surgeon lives.",
    )


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def shot(visitor, name):
    """Kept where ``SHOTS`` says so, to be looked at."""
    if folder := os.environ.get("SHOTS"):
        visitor.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_from_opening_to_a_yes(visit, cohort, student, coordinator):
    office = visit(coordinator)
    office.open(reverse("matching:overview", args=[cohort.key]))
    office.press("Let students choose", role="link")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "round-before")
    office.press("Let students choose")
    office.page.get_by_role("dialog").get_by_role("button", name="Let students choose").click()
    office.sees("Students can choose now")

    her = visit(student.person, size=PHONE)
    her.open(reverse("home"))
    shot(her, "home-choose")
    her.press("See mentors", role="link")
    her.sees("10 mentors for you")
    her.sees("Both interested in Surgery")
    assert her.look_in(EVERY_WINDOW) == []
    shot(her, "suggestions")
    her.press(ASK, role="link")
    her.page.get_by_label("A word to the mentor").fill("I saw you operate, and would like more.")
    assert her.look_in(EVERY_WINDOW) == []
    shot(her, "ask")
    her.press("Ask", exact=True)
    her.sees("is asked, and has until")
    her.press(NEXT, role="link")
    her.press("Put next in line", exact=True)
    her.sees("next, if those before cannot")
    assert her.look_in(EVERY_WINDOW) == []
    shot(her, "line")

    row = MentorRequest.objects.get(state="asked")
    mentor = visit(row.mentor.person, size=PHONE)
    mentor.open(reverse("home"))
    mentor.sees("A student asks for you")
    shot(mentor, "home-asked")
    mentor.press("Read and answer", role="link")
    mentor.sees("I saw you operate, and would like more.")
    mentor.sees("To see how a surgeon lives.")
    assert mentor.look_in(EVERY_WINDOW) == []
    shot(mentor, "request")
    mentor.press("Yes, gladly")
    mentor.sees("Both of you get a mail")
    assert mentor.look_in(EVERY_WINDOW) == []
    shot(mentor, "requests")

    her.open(reverse("matching:choose", args=[cohort.key, student.key]))
    her.sees("You have a mentor")
    assert her.look_in(EVERY_WINDOW) == []
    office.open(reverse("matching:choosing", args=[cohort.key]))
    office.sees("Said yes")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "round")


def test_by_keyboard_alone(visit, cohort, student):
    choosing.open_round(cohort=cohort, way="suggestions", by=None, **NUMBERS)
    her = visit(student.person)
    her.open(reverse("matching:choose", args=[cohort.key, student.key]))
    ask = her.page.get_by_role("link", name=ASK).first
    while not ask.evaluate("e => e === document.activeElement"):
        her.page.keyboard.press("Tab")
    her.page.keyboard.press("Enter")
    her.page.get_by_label("A word to the mentor").wait_for()
    button = her.page.get_by_role("button", name="Ask", exact=True)
    while not button.evaluate("e => e === document.activeElement"):
        her.page.keyboard.press("Tab")
    her.page.keyboard.press("Enter")
    her.sees("is asked, and has until")


def test_search_and_let_somebody_choose(visit, cohort, student, coordinator):
    round_ = choosing.open_round(cohort=cohort, way="search", by=None, **NUMBERS)
    her = visit(student.person, size=PHONE)
    her.open(reverse("matching:choose", args=[cohort.key, student.key]))
    her.page.get_by_label("Words").fill("theater")
    her.press("Find")
    her.sees("An afternoon in the theater.")
    assert her.look_in(EVERY_WINDOW) == []
    shot(her, "search")
    her.press("Choose for me")
    her.sees("A coordinator looks for you")
    office = visit(coordinator)
    office.open(reverse("home"))
    office.sees("Students wait for you to find a mentor")
    office.press("Look for them", role="link")
    office.sees("waits for you")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "unmatched")
    mentor = cohort.enrollments.filter(role="mentor").first()
    requests.ask(round_=round_, student=student, mentor=mentor.key, by=student.person)
    choosing.close_round(round_=round_, by=None)
    her.open(reverse("matching:choose", args=[cohort.key, student.key]))
    her.sees("Choosing is over")
    assert her.look_in(EVERY_WINDOW) == []


def test_the_board_with_the_mouse_and_by_keyboard(visit, cohort, student, coordinator):
    for n in range(3):
        EnrollmentFactory(cohort=cohort, person__given_name=f"Student{n}", interests=["Psychiatry"])
    office = visit(coordinator)
    office.open(reverse("matching:overview", args=[cohort.key]))
    office.press("Match by hand on a board")
    office.sees("The best mentors with a place")
    office.page.get_by_role("link", name=student.person.full_name).click()
    office.settle()
    office.sees("both interested in Surgery")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "board")
    office.page.get_by_text("Note from a talk").click()
    office.page.get_by_label("From the talk").fill("Would like to see a theater from within.")
    office.press("Keep the note")
    office.sees("Would like to see a theater from within.")
    office.page.locator("[data-drag]").drag_to(office.page.locator("[data-drop]").first)
    office.sees("is placed with")
    button = office.page.get_by_role("button", name=re.compile("^Place")).first
    button.focus()
    office.page.keyboard.press("Enter")
    office.settle()
    assert cohort.match_runs.get().pairs.exclude(mentor=None).count() == 2
    office.open(reverse("matching:run", args=[cohort.key, cohort.match_runs.get().key]))
    assert office.look_in(EVERY_WINDOW) == []
    office.press("Publish those placed")
    dialog = office.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Publish those placed").click()
    office.sees("2 mentorships have begun")
    assert office.look_in(EVERY_WINDOW) == []
