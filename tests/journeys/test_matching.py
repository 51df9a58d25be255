"""A coordinator matches her cohort: from the first run to a pair that is moved."""

import pytest
from django.urls import reverse

from matching.models import MatchRun, Mentorship, PairRule
from matching.services import runs
from matching.services.mentorships import assign
from mentoring.accounts.permissions import Role
from mentoring.jobs.models import Job
from tests.factories import START, CohortFactory, EnrollmentFactory
from tests.journeys.visitor import EVERY_WINDOW

WEEK = "0000000001111000" * 10 + "0" * 8


@pytest.fixture
def cohort(transactional_db):
    cohort = CohortFactory(name="Semmelweis 2021", state="recruiting", override_at=START)
    for n in range(6):
        EnrollmentFactory(
            cohort=cohort,
            person__given_name=f"Student{n}",
            interests=["psychiatry"] if n % 2 else ["surgery", "research"],
            languages=["hu", "en"],
            free_time=WEEK,
        )
    for n in range(5):
        EnrollmentFactory(
            cohort=cohort,
            role=Role.MENTOR,
            person__given_name=f"Mentor{n}",
            interests=["psychiatry"] if n % 2 else ["surgery"],
            languages=["hu"],
            free_time=WEEK,
        )
    return cohort


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def test_from_the_first_run_to_a_moved_pair(visit, cohort, coordinator):
    her = visit(coordinator)
    her.open(reverse("matching:overview", args=[cohort.key]))
    her.sees("No run yet")
    her.page.get_by_label("Optimal", exact=True).check()
    her.press("Start the run")
    her.sees("Ready for review")
    her.sees("both interested in psychiatry; both speak Hungarian")
    her.sees("5 places for 6 students, and all are taken")
    her.press("Keep", exact=True)
    her.sees("The rule is kept")
    her.press("Run again")
    her.sees("Run 2: Optimal")
    assert PairRule.objects.count() == 1
    her.press("Publish")
    her.page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    her.sees("5 mentorships have begun")
    her.press("Students without a mentor", role="link")
    her.sees("5 places for 6 students")
    her.open(reverse("matching:mentorships", args=[cohort.key]))
    her.press("Move or end", role="link")
    her.page.get_by_label("Reason").select_option("time")
    her.press("End the mentorship")
    her.page.get_by_role("dialog").get_by_role("button", name="End the mentorship").click()
    her.sees("Their calendars do not meet")
    assert her.look() == []
    assert Mentorship.objects.filter(state="dissolved").count() == 1


def test_the_page_of_a_run_at_work_turns_into_its_result(visit, cohort, coordinator):
    run = runs.start(
        cohort=cohort, procedure="optimal", weights={"interests": 1}, required=[], by=coordinator
    )
    run.refresh_from_db()
    job, mine = Job.objects.filter(key=run.job_key), MatchRun.objects.filter(pk=run.pk)
    job.update(state="running", claim="somebody")
    mine.update(state="running")
    her = visit(coordinator)
    her.page.goto(her.base + reverse("matching:run", args=[cohort.key, run.key]))
    her.sees("Matching is at work")
    her.page.wait_for_timeout(1500)  # at least one look at how far it is
    her.sees("Matching is at work")
    mine.update(state="done")
    job.update(state="done")
    her.sees("Ready for review")
    her.sees("both interested in psychiatry")
    assert her.look() == []


def test_every_page_of_matching_is_sound(visit, cohort, coordinator):
    run = runs.start(
        cohort=cohort, procedure="fair", weights={"interests": 1}, required=[], by=coordinator
    )
    run.refresh_from_db()
    student = cohort.enrollments.filter(role="student").first()
    mentors = list(cohort.enrollments.filter(role="mentor"))
    placed = assign(student=student, mentor=mentors[0], by=coordinator)
    left = cohort.enrollments.filter(role="student").last()
    PairRule.objects.create(cohort=cohort, student=left, mentor=mentors[1], kind="forbid")
    her = visit(coordinator)
    for name, *args in (
        ("overview", cohort.key),
        ("run", cohort.key, run.key),
        ("rules", cohort.key),
        ("unmatched", cohort.key),
        ("assign", cohort.key, left.key),
        ("mentorships", cohort.key),
        ("manage", placed.key),
        ("move", placed.key, student.key),
    ):
        her.open(reverse(f"matching:{name}", args=args))
        assert her.look_in(EVERY_WINDOW) == [], name


def test_why_not_leave_out_and_take_back(visit, cohort, coordinator):
    run = runs.start(
        cohort=cohort, procedure="optimal", weights={"interests": 1}, required=[], by=coordinator
    )
    her = visit(coordinator)
    her.open(reverse("matching:run", args=[cohort.key, run.key]))
    her.sees("Ready for review")
    her.press("Why not …?", role="link")
    her.page.get_by_label("Which mentor?").select_option(index=1)
    her.press("What would it change?")
    her.sees("With ")
    her.page.get_by_text("together", exact=False).first.wait_for()
    assert her.look_in(EVERY_WINDOW) == []
    her.open(reverse("matching:run", args=[cohort.key, run.key]) + "?sort=-score")
    her.press("Do not publish")
    her.sees("1 student is left out when you publish")
    assert her.look_in(EVERY_WINDOW) == []
    her.press("Publish the others")
    her.page.get_by_role("dialog").get_by_role("button", name="Publish the others").click()
    her.sees("4 mentorships have begun")
    her.open(reverse("matching:run", args=[cohort.key, run.key]))
    her.press("Take the publication back")
    dialog = her.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Take the publication back").click()
    her.sees("4 mentorships are taken back")
    assert her.look_in(EVERY_WINDOW) == []
    assert not Mentorship.objects.filter(state="active").exists()
