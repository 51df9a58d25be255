"""A coordinator tries other weights on a finished run, and starts the run she likes better."""

import os

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from matching.models import MatchRun, PairRule
from matching.services import runs, trying
from mentoring.accounts.permissions import Role
from mentoring.jobs.models import Job
from tests.factories import START, CohortFactory, EnrollmentFactory, template_document
from tests.journeys.visitor import DESK, EVERY_WINDOW, PHONE

TOPICS = ["Psychiatry", "Surgery", "Research"]


@pytest.fixture
def cohort(transactional_db):
    document = template_document()
    looked_at = document["matching"] | {"equity": ["gender", "campus"]}
    cohort = CohortFactory(
        name="Semmelweis 2021",
        state="recruiting",
        override_at=START,
        edition=document | {"matching": looked_at},
    )
    for n in range(24):
        EnrollmentFactory(
            cohort=cohort,
            person__given_name=f"Student{n}",
            interests=TOPICS[n % 3 :],
            languages=["hu", "en"][n % 2 :],
            campus="North" if n % 4 else "South",
            gender="female" if n % 2 else "male",
        )
    for n in range(8):
        EnrollmentFactory(
            cohort=cohort,
            role=Role.MENTOR,
            person__given_name=f"Mentor{n}",
            interests=TOPICS[: n % 3 + 1],
            languages=["hu"] if n % 2 else ["en"],
            campus="South" if n % 3 else "North",
            capacity=3 if n else 1,
        )
    return cohort


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def run(cohort, coordinator):
    return runs.start(
        cohort=cohort, procedure="optimal", weights={"interests": 2, "languages": 1}, required=[],
        seed=3, by=coordinator,
    )  # fmt: skip


def shots(visitor, name):
    """Kept at both sizes where ``SHOTS`` says so, to be looked at."""
    if folder := os.environ.get("SHOTS"):
        for width, height in (PHONE, DESK):
            visitor.page.set_viewport_size({"width": width, "height": height})
            # To hide the caret would take a style that the content policy refuses.
            path = f"{folder}/{name}-{width}.png"
            visitor.page.screenshot(path=path, full_page=True, caret="initial")


def _student_of(page):
    return page.locator("select[name=mark]").first.input_value().split(":")[1]


def test_from_a_changed_weight_to_a_run_like_that(visit, cohort, coordinator, run):
    her = visit(coordinator)
    her.open(reverse("matching:run", args=[cohort.key, run.key]))
    her.sees("Ready for review")
    her.press("Try other weights", role="link")
    her.sees("Nothing changes for anybody")
    assert her.look_in(EVERY_WINDOW) == []
    shots(her, "try-before")
    page = her.page
    page.get_by_label("Same campus").fill("5")
    page.locator("select[name=mark]").first.select_option(label="keep apart")
    page.evaluate("window.__before = true")
    page.locator("#try-now").press("Enter")
    her.sees("All scores together, as run 1 weighs")
    assert page.evaluate("window.__before"), "the page was not left"
    assert page.get_by_label("Same campus").input_value() == "5"
    assert page.locator("select[name=mark]").first.input_value().startswith("forbid:")
    assert her.look_in(EVERY_WINDOW) == []
    shots(her, "try-after")
    marked = run.pairs.select_related("student__person").get(student__key=_student_of(page))
    others = run.pairs.exclude(pk=marked.pk).exclude(mentor=None).select_related("student__person")
    page.get_by_label("Find pairs by name").fill(others[0].student.person.full_name)
    page.locator("[name=find]").click()
    page.locator("select[name=mark]").nth(2).wait_for(state="detached")
    # The marked one stays in sight, whoever is looked for.
    assert page.locator("select[name=mark]").count() == 2
    assert page.get_by_label("Same campus").input_value() == "5"
    her.sees("All scores together, as run 1 weighs")
    assert her.look_in(EVERY_WINDOW) == []
    page.get_by_role("button", name="Start a run like this").click()
    page.get_by_role("dialog").get_by_text("1 pair rule changes with it").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Start a run like this").click()
    her.sees("Since run 1")
    fresh = MatchRun.objects.get(number=2)
    assert fresh.weights == {"interests": 2, "languages": 1, "campus": 5}
    assert PairRule.objects.get().kind == "forbid"
    assert her.look_in(EVERY_WINDOW) == []
    shots(her, "run-equity")
    her.open(reverse("matching:overview", args=[cohort.key]))
    her.sees("Equity from run to run")
    assert her.look_in(EVERY_WINDOW) == []
    shots(her, "runs-equity")


def test_an_answer_that_takes_longer_comes_by_itself(visit, cohort, coordinator, run):
    run.refresh_from_db()
    try_ = trying.start(
        run=run, procedure="fair", weights={"campus": 1}, marks=[], by=coordinator
    )  # fmt: skip
    job = Job.objects.filter(pk=try_.pk)
    job.update(state="running", claim="somebody")
    her = visit(coordinator)
    her.open(reverse("matching:try_run", args=[cohort.key, run.key]) + f"?job={try_.key}")
    her.page.wait_for_timeout(2500)  # its own looks at short intervals are over
    assert her.look_in(EVERY_WINDOW) == []
    shots(her, "try-at-work")
    job.update(state="done")
    her.sees("All scores together, as run 1 weighs")
    assert her.look() == []


def test_without_scripts_it_works_by_form_posts(chromium, live_server, cohort, coordinator, run):
    client = Client()
    client.force_login(coordinator)
    name = settings.SESSION_COOKIE_NAME
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(live_server.url + reverse("matching:try_run", args=[cohort.key, run.key]))
    page.get_by_label("Same campus").fill("5")
    page.locator("#try-below").click()
    page.get_by_text("All scores together, as run 1 weighs").wait_for()
    assert "job=" in page.url
    page.get_by_role("button", name="Start a run like this").click()
    page.get_by_text("Ready for review").wait_for()
    assert MatchRun.objects.get(number=2).weights["campus"] == 5
    context.close()
