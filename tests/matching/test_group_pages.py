"""Groups on the pages of matching: reviewed, listed, named, and led by several."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import Mentorship
from matching.services import publishing, runs
from mentoring.accounts.permissions import Role
from mentoring.jobs import services as work
from mentoring.jobs.models import Job
from programs.models import Enrollment
from tests.factories import START, CohortFactory, EnrollmentFactory, EnrollmentYearFactory


@pytest.fixture
def cohort(db):
    found = CohortFactory(edition="tromso", override_at=START)
    for _ in range(16):
        EnrollmentYearFactory(enrollment=EnrollmentFactory(cohort=found), class_year=1)
    for _ in range(4):
        EnrollmentFactory(cohort=found, role=Role.MENTOR)
    return found


@pytest.fixture
def her(as_user, coordinator):
    return as_user(coordinator)


@pytest.fixture
def run(cohort, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        found = runs.start(
            cohort=cohort, procedure="random", weights={}, required=[], by=None, seed=3
        )
    found.refresh_from_db()
    return found


def text(response):
    return " ".join(response.content.decode().split())


def test_the_review_says_which_group_and_all_who_lead_it(her, cohort, run):
    url = reverse("matching:run", args=[cohort.key, run.key])
    page = text(her.get(url))
    assert "Groups by number of students" in page
    rows = her.get(url, {"group": 1}).context["rows"]
    assert len(rows) == 8
    assert {row.row.group for row in rows} == {1}
    assert all(" and " in row.mentors for row in rows), "two mentors"
    lines = her.get(url, {"format": "csv"}).getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"Student","Group","Mentor"')


def test_the_list_shows_groups_by_their_name_and_size(her, cohort, run):
    publishing.publish(run=run, by=None)
    page = text(her.get(reverse("matching:mentorships", args=[cohort.key])))
    assert "Group 1: 8 students" in page
    assert "Group 2: 8 students" in page


def test_a_coordinator_renames_a_group_and_changes_who_leads_it(her, cohort, run):
    publishing.publish(run=run, by=None)
    group = Mentorship.objects.filter(cohort=cohort).first()
    manage = reverse("matching:manage", args=[group.key])
    her.post(reverse("matching:rename", args=[group.key]), {"name": "The owls"})
    assert "The owls" in text(her.get(manage))
    fresh = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    add = reverse("matching:add_leader", args=[group.key])
    assert fresh.person.family_name in text(her.get(add))
    assert her.post(add, {"leader": "nobody"}).status_code == 422
    answer = her.post(add, {"leader": fresh.key}, follow=True)
    assert "is in the group now" in text(answer)
    end = reverse("matching:end_leader", args=[group.key, fresh.key])
    assert "Choose a reason" in text(her.post(end, {}, follow=True))
    assert "not in the group any more" in text(her.post(end, {"reason": "time"}, follow=True))


def test_more_groups_cost_no_more_queries(her, cohort, run):
    url = reverse("matching:run", args=[cohort.key, run.key])

    def queries(**narrowed):
        with CaptureQueriesContext(connection) as counted:
            her.get(url, narrowed)
        return len(counted)

    queries()
    assert queries(group=1) == queries()


def test_the_review_tells_once_why_students_are_left_over(
    her, cohort, django_capture_on_commit_callbacks
):
    for _ in range(9):
        EnrollmentYearFactory(enrollment=EnrollmentFactory(cohort=cohort), class_year=1)
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.start(
            cohort=cohort, procedure="optimal", weights={}, required=[], by=None, seed=3
        )
    page = text(her.get(reverse("matching:run", args=[cohort.key, run.key])))
    said = "25 students (class year 1) and 20 places in groups for them"
    assert f"5 students are left over: {said}." in page
    assert page.count(said) == 6, "and with each of the five"


def test_why_not_that_group_is_answered_for_the_groups_of_the_run(her, cohort, run):
    row = run.pairs.order_by("pk").first()
    other = next(group for group in run.groups if group["number"] != row.group)
    url = reverse("matching:why_not", args=[cohort.key, run.key, row.student.key])
    leader = Enrollment.objects.get(pk=other["members"][0][0])
    asked = her.post(url, {"mentor": leader.key})
    for job in Job.objects.filter(state="queued"):
        work.run(job.pk)
    page = text(her.get(asked.url))
    assert "could be a pair at no cost" in page
    assert "How large groups are, and how evenly people are spread, is not counted." in page


@pytest.mark.parametrize(("procedure", "says"), [("fair", True), ("optimal", False)])
def test_procedures_that_know_of_places_alone_say_so(
    her, cohort, procedure, says, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.start(
            cohort=cohort, procedure=procedure, weights={}, required=[], by=None, seed=3
        )
    page = text(her.get(reverse("matching:run", args=[cohort.key, run.key])))
    assert ("given to the places of groups by scores alone" in page) is says
