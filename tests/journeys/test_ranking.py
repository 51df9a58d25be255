"""Students rank mentors, mentors rank students, a run decides."""

import re

import pytest
from django.urls import reverse

from matching.models import MentorWish
from matching.services import wishes
from mentoring.accounts.permissions import Role
from mentoring.simulation.player.stage import finish_jobs
from tests.factories import START, CohortFactory, EnrollmentFactory
from tests.journeys.test_choosing import shot
from tests.journeys.visitor import EVERY_WINDOW, PHONE

PUT = re.compile(r"^Put on my list")


@pytest.fixture
def cohort(transactional_db):
    cohort = CohortFactory(state="recruiting", override_at=START)
    for n in range(8):
        EnrollmentFactory(
            cohort=cohort,
            role=Role.MENTOR,
            person__given_name=f"Mentor{n}",
            interests=["Psychiatry"] if n % 2 else ["Surgery"],
        )
    for n in range(3):
        EnrollmentFactory(cohort=cohort, person__given_name=f"Student{n}", interests=["Surgery"])
    return cohort


def test_from_lists_to_a_run(visit, cohort):
    address = reverse("matching:choosing", args=[cohort.key])
    office = visit(EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person)
    office.open(address)
    office.page.get_by_label("Students rank mentors, and a run decides").check()
    office.page.get_by_label("Mentors rank, too").check()
    office.press("Let students choose")
    office.page.get_by_role("dialog").get_by_role("button", name="Let students choose").click()
    office.sees("Students can choose now")

    students = list(cohort.enrollments.filter(role=Role.STUDENT).select_related("person"))
    ada = students[0]
    her = visit(ada.person, size=PHONE)
    her.open(reverse("home"))
    her.sees("Which mentor would you like?")
    her.press("See mentors", role="link")
    her.press(PUT)
    her.sees("1. Mentor")
    her.press(PUT)
    her.sees("2. Mentor")
    her.press(re.compile(r"^Earlier"))
    her.sees("1. Mentor")
    assert her.look_in(EVERY_WINDOW) == []
    shot(her, "rank-list")
    first = MentorWish.objects.select_related("mentor__person").get(rank=1).mentor
    for other in students[1:]:
        wishes.add(
            round_=cohort.choosing_rounds.get(), student=other, mentor=first.key, by=other.person
        )

    office.open(address)
    office.sees("on 3 lists")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "rank-round")
    office.press("Let mentors rank")
    office.page.get_by_role("dialog").get_by_role("button", name="Let mentors rank").click()
    office.sees("2 mentors get a mail.")

    mentor = visit(first.person, size=PHONE)
    mentor.open(reverse("matching:requests", args=[cohort.key, first.key]))
    mentor.press(re.compile(r"^Earlier.*Student2"))
    mentor.sees("not ranked")
    mentor.press(re.compile(r"^Rather not.*Student1"))
    mentor.sees("rather not")
    assert mentor.look_in(EVERY_WINDOW) == []
    shot(mentor, "rank-suitors")

    office.press("End choosing")
    office.page.get_by_role("dialog").get_by_role("button", name="End choosing").click()
    office.sees("places are given now: start a run")
    start_a_run_by_lists(office, cohort)


def start_a_run_by_lists(office, cohort):
    office.open(reverse("matching:overview", args=[cohort.key]))
    assert office.page.get_by_role("radio", name="Ranked choices, then optimal").is_checked()
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "rank-start")
    office.press(re.compile("^Start"))
    finish_jobs(cohort)
    office.open(reverse("matching:run", args=[cohort.key, cohort.match_runs.get().key]))
    office.sees("students with a list")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "rank-run")
