"""A trial in the browser: set up, drawn and read by a coordinator; joined by students."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import Trial
from matching.services import trials
from matching.services.mentorships import assign
from mentoring import clock
from mentoring.simulation.player.stage import finish_jobs
from tests.factories import START, CohortFactory, EnrollmentFactory, meeting

pytestmark = pytest.mark.django_db
EVEN = 3
SAID = {
    "title": "Three ways",
    "about": "A lot decides.",
    "arms": ["expert", "suggestions", "search"],
    "strata": ["campus"],
    "due_weeks": 8,
}


@pytest.fixture(autouse=True)
def start():
    with clock.at(START):
        yield


@pytest.fixture
def page(as_user, coordinator, cohort):
    """A coordinator's browser on the pages of the trial."""
    client = as_user(coordinator)

    class Page:
        def get(self, query=""):
            return client.get(reverse("matching:trial", args=[cohort.key]) + query)

        def post(self, name, data=None):
            url = reverse(f"matching:{name}", args=[cohort.key])
            return client.post(url, data or {}, follow=True)

    return Page()


@pytest.fixture
def trial(page, cohort, student, monkeypatch):
    """Opened by the form, with six students who were asked; its lot gives two to each way."""
    monkeypatch.setattr("matching.services.trials.secrets.randbits", lambda _bits: EVEN)
    for _ in range(6):
        student()
    page.post("trial", SAID)
    return Trial.objects.get()


@pytest.fixture
def mine(as_user, cohort):
    """A student's browser on her own page of the trial."""

    def make(row, act="", **data):
        url = reverse("matching:my_trial", args=[cohort.key, row.key])
        client = as_user(row.person)
        return client.post(url, {"act": act, **data}, follow=True) if act else client.get(url)

    return make


def text(response):
    return " ".join(response.content.decode().split())


def everybody_agrees(trial):
    for row in trial.records.select_related("student__person"):
        trials.answer(trial=trial, student=row.student, consent=True, by=row.student.person)


def test_the_form_proposes_what_the_program_says(as_user):
    cohort = CohortFactory(edition="lmu-munich")
    client = as_user(EnrollmentFactory(cohort=cohort, role="coordinator").person)
    shown = client.get(reverse("matching:trial", args=[cohort.key]))
    form = shown.context["form"]
    assert form.initial["arms"] == ["expert", "suggestions", "search"]
    assert "Interview with an expert" in text(shown)


def test_one_way_alone_is_refused_and_nothing_is_lost(page, student):
    student()
    shown = page.post("trial", SAID | {"arms": ["expert"], "about": "What I wrote."})
    assert shown.status_code == 422
    assert "compares two or more" in text(shown)
    assert "What I wrote." in text(shown)
    assert not Trial.objects.exists()


def test_from_the_form_to_the_lot(page, trial):
    everybody_agrees(trial)
    assert "Draw the lot for 6 students?" in text(page.get())
    shown = text(page.post("draw_trial"))
    assert "6 students were drawn." in shown
    assert list(trial.records.values_list("arm", flat=True).order_by("arm")) == [
        *["expert"] * 2, *["search"] * 2, *["suggestions"] * 2,
    ]  # fmt: skip


def test_the_seed_is_shown_once_allocation_is_closed(page, trial):
    assert f"Seed: {trial.seed}" not in text(page.get())
    assert f"Seed: {trial.seed}" in text(page.post("close_trial"))


def test_somebody_is_left_out_and_taken_in_again(page, trial):
    row = trial.records.first()
    page.post("trial_exclude", {"student": row.student.key, "reason": "needs"})
    assert "needs a certain mentor" in text(page.get())
    page.post("trial_exclude", {"student": row.student.key, "reason": ""})
    row.refresh_from_db()
    assert row.excluded == ""


def test_the_report_tells_the_flow_alone_until_everybodys_time_is_over(page, trial):
    everybody_agrees(trial)
    page.post("draw_trial")
    page.post("trial_report")
    finish_jobs(trial.cohort)
    shown = text(page.get())
    assert "Flow of participants" in shown
    assert "Somebody’s time is not over yet" in shown
    assert "A first meeting in time" not in shown


def test_the_report_compares_the_ways_at_the_end(page, trial, mentor):
    everybody_agrees(trial)
    page.post("draw_trial")
    for row in trial.records.filter(arm="expert"):
        assign(student=row.student, mentor=mentor(), by=None)
        mentorship = row.student.memberships.get().mentorship
        meeting(mentorship, START + timedelta(days=9), state="held")
    with clock.at(START + timedelta(weeks=9)):
        page.post("close_trial")
        page.post("trial_report")
        finish_jobs(trial.cohort)
        shown = text(page.get())
    assert "A first meeting in time: everybody drawn" in shown
    assert "2 of 2" in shown
    assert "0 of 2" in shown
    assert "expert against the others" in shown


def test_a_student_reads_what_is_compared_and_says_yes(trial, mine, as_user):
    row = trial.records.first().student
    home = text(as_user(row.person).get("/"))
    assert reverse("matching:my_trial", args=[trial.cohort.key, row.key]) in home
    assert "A lot decides." in text(mine(row))
    assert "You said yes." in text(mine(row, "yes"))
    assert "You said no." in text(mine(row, "no"))
    assert "Will you take part" not in text(as_user(row.person).get("/"))


def test_a_student_sees_her_way_and_can_leave(trial, mine, page):
    everybody_agrees(trial)
    page.post("draw_trial")
    row = trial.records.filter(arm="expert").first().student
    shown = text(mine(row))
    assert "Your way" in shown
    assert "You have left the trial" in text(mine(row, "leave"))


def test_whom_the_lot_leaves_to_a_coordinator_is_not_sent_to_choose(trial, page, as_user):
    everybody_agrees(trial)
    page.post("draw_trial")
    row = trial.records.filter(arm="expert").first().student
    client = as_user(row.person)
    assert "Choose your mentor" not in text(client.get("/"))
    url = reverse("matching:choose", args=[trial.cohort.key, row.key])
    assert "your mentor is found for you" in text(client.get(url))


def test_contentment_is_one_tap_at_the_end(trial, page, mine, mentor, as_user):
    everybody_agrees(trial)
    page.post("draw_trial")
    row = trial.records.filter(arm="expert").select_related("student__person").first()
    assign(student=row.student, mentor=mentor(), by=None)
    assert "How content" not in text(mine(row.student))
    with clock.at(START + timedelta(weeks=8, hours=1)):
        assert "How content" in text(as_user(row.student.person).get("/"))
        mine(row.student, "rate", points="6")
        assert "How content" not in text(as_user(row.student.person).get("/"))
    row.refresh_from_db()
    assert row.satisfaction == 6


@pytest.mark.parametrize("points", ["", "0", "8", "x"])
def test_another_number_is_refused(trial, page, mine, mentor, points):
    everybody_agrees(trial)
    page.post("draw_trial")
    row = trial.records.filter(arm="expert").select_related("student__person").first()
    assign(student=row.student, mentor=mentor(), by=None)
    with clock.at(START + timedelta(weeks=8, hours=1)):
        assert "Choose one of the seven" in text(mine(row.student, "rate", points=points))


def test_the_report_is_silent_on_contentment_where_it_would_tell_what_somebody_said(trial, page):
    everybody_agrees(trial)
    page.post("draw_trial")
    trial.records.filter(arm="expert").update(satisfaction=2)
    with clock.at(START + timedelta(weeks=14)):
        page.post("close_trial")
        page.post("trial_report")
        finish_jobs(trial.cohort)
        shown = text(page.get())
    assert "2 of 2 answered" in shown
    assert "too few to tell" in shown
    assert "2.00" not in shown


def test_the_list_costs_the_same_with_one_student_and_with_thirty(page, student, cohort):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert page.get().status_code == 200
        return len(queries)

    student()
    page.post("trial", SAID)
    few = cost()
    trial = Trial.objects.get()
    for _ in range(29):
        trial.records.create(student=student())
    assert cost() == few <= 27
