"""A coordinator takes her vertical groups into their second year, and finds a stand-in."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.test.testcases import TestCase
from django.urls import reverse

from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs.models import Cohort, Enrollment
from programs.services import absences, staying
from programs.years.plan import plan_of
from tests.factories import EnrollmentFactory
from tests.journeys.visitor import DESK, EVERY_WINDOW, PHONE
from tests.programs.years import vertical

GIVEN = ("Noémi", "Ben", "Chiara", "David", "Elif", "Farah", "Gábor", "Hana", "Ivan", "Jana")
FAMILY = ("Kovács", "Lindqvist", "Moretti", "Nagy", "Okafor", "Petrov", "Rossi", "Silva", "Tóth")


@pytest.fixture
def world(transactional_db):
    """Four groups of twelve students, a month after their first year."""
    with clock.at(vertical.datetime(2021, 8, 30, 8, tzinfo=vertical.UTC)):
        cohort, by = vertical.opened(4, 3, 1)
        vertical.match(cohort, by, TestCase.captureOnCommitCallbacks)
    for n, person in enumerate(User.objects.exclude(pk=by.pk).order_by("pk")):
        person.given_name, person.family_name = GIVEN[n % 10], FAMILY[n % 9]
        person.save()
    Cohort.objects.filter(pk=cohort.pk).update(name="Veritas 2021")
    cohort = Cohort.objects.get(pk=cohort.pk)
    clock.set_process(vertical.after_the_year(cohort))
    yield cohort, by
    clock.set_process(None)


def picture(visitor, name):
    """With ``PICTURES=folder`` the pages are kept to be looked at."""
    if folder := os.environ.get("PICTURES"):
        for size, shade in ((PHONE, "dark"), (DESK, "light")):
            visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
            visitor.page.emulate_media(color_scheme=shade)
            visitor.page.wait_for_timeout(200)
            path = Path(folder) / f"{name}-{shade}-{size[0]}.png"
            visitor.page.screenshot(path=path, full_page=True)


def looked_at(visitor, name):
    picture(visitor, name)
    # From the top: what the bars of the frame cover half is no smaller for it.
    visitor.page.evaluate("window.scrollTo(0, 0)")
    assert visitor.look_in(EVERY_WINDOW) == []


def test_into_the_second_year_and_back(visit, world):
    cohort, by = world
    staying.ask(cohort=cohort, by=by)
    first, second = plan_of(cohort).questions.order_by("pk")[:2]
    staying.answer(question=first, answer="no", places=None, by=None)
    staying.answer(question=second, answer="yes", places=None, by=None)
    her = visit(by)
    her.open(reverse("programs:cohort", args=[cohort.key]))
    her.press("Plan the next year", role="link")
    her.sees("Dates and program")
    looked_at(her, "dates")
    her.press("Save and go on")
    her.sees("moves up")
    her.page.locator("summary", has_text="Change").first.click()
    her.page.locator("table select[name=fate]").first.select_option("repeats")
    looked_at(her, "people")
    her.press("Save", exact=True)
    her.sees("chosen by hand")
    her.press("Go on", role="link", exact=True)
    her.sees("Takes on now")
    looked_at(her, "mentors")
    her.press("Go on", role="link", exact=True)
    her.sees("To fill in the new year")
    her.page.locator("table summary").first.click()
    looked_at(her, "groups")
    her.press("Go on", role="link", exact=True)
    her.sees("2 mentors have not answered and go on as now.")
    looked_at(her, "begin")
    her.press("Begin 2022/23")
    her.page.get_by_role("dialog").get_by_role("button", name="Begin 2022/23").click()
    her.sees("2022/23 has been set up")
    looked_at(her, "done")
    her.press("Seats to fill", role="link")
    her.sees("In all groups together")
    looked_at(her, "seats")
    her.open(reverse("programs:next_year", args=[cohort.key]))
    her.press("Undo the new year")
    her.page.get_by_role("dialog").get_by_role("button", name="Undo the new year").click()
    her.sees("all is as it was before")
    assert Cohort.objects.get(pk=cohort.pk).editions.count() == 1


def test_a_stand_in_from_the_absence(visit, world):
    cohort, by = world
    mentor = cohort.enrollments.filter(role=Role.MENTOR).select_related("person", "cohort").first()
    EnrollmentFactory(
        cohort=cohort, role=Role.MENTOR, reserve=True, person__given_name="Rosa",
        person__family_name="Reserve",
    )  # fmt: skip
    Enrollment.objects.filter(cohort=cohort).update(languages=["en"])
    # Alone with her group, in the year, while everybody meets.
    Membership.objects.filter(role=Role.JUNIOR_MENTOR).delete()
    clock.set_process(vertical.datetime(2021, 11, 2, 9, tzinfo=vertical.UTC))
    today = clock.today(cohort.zone)
    absence = absences.declare(
        enrollment=mentor, starts=today, ends=today + timedelta(days=30), by=mentor.person
    )
    her = visit(by)
    her.open(reverse("home"))
    her.sees("Away, and nobody stands in")
    looked_at(her, "home")
    her.press("Find a stand-in", role="link")
    looked_at(her, "away")
    her.press("Find a stand-in", role="link")
    her.sees("In reserve")
    looked_at(her, "stand-in")
    her.page.get_by_label("Rosa Reserve").check()
    her.press("Let them stand in")
    her.sees("Rosa Reserve stands in.")
    looked_at(her, "manage")
    assert absence.stand_ins.get().state == "running"
    assert Mentorship.objects.filter(memberships__stand_in__isnull=False).count() == 1


def test_my_places_and_the_answer_of_a_mentor(visit, world):
    cohort, by = world
    staying.ask(cohort=cohort, by=by)
    question = plan_of(cohort).questions.order_by("pk").select_related("enrollment__person").first()
    Enrollment.objects.filter(pk=question.enrollment_id).update(capacity=3)
    her = visit(question.enrollment.person)
    her.open(reverse("programs:places"))
    her.sees("My places")
    looked_at(her, "places")
    from mentoring import links

    url = links.make(
        purpose="programs.stay", user=question.enrollment.person, subject=question.key, max_age=9
    )
    somebody = visit()
    somebody.open("/" + url.split("://")[1].partition("/")[2])
    somebody.sees("Will you mentor next year too?")
    looked_at(somebody, "answer")
    somebody.press("Yes, but with 2 places")
    somebody.sees("We are glad that you go on.")
    question.refresh_from_db()
    assert question.answer == "fewer"
