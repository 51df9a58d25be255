"""Matching opens when nothing necessary is red, or when a coordinator says why it may begin."""

import pytest
from django.urls import reverse

from matching.services import runs
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from programs.services import gate
from tests.factories import CohortFactory, EnrollmentFactory


@pytest.fixture
def cohort(db):
    """Two students, and one mentor with one place."""
    found = CohortFactory()
    EnrollmentFactory(cohort=found), EnrollmentFactory(cohort=found)
    EnrollmentFactory(cohort=found, role=Role.MENTOR)
    return found


def start(cohort):
    return runs.start(cohort=cohort, procedure="random", weights={}, required=[], by=None, seed=1)


def text(response):
    return " ".join(response.content.decode().split())


def test_no_run_starts_while_something_necessary_is_missing(cohort):
    with pytest.raises(DomainError, match="places enough with mentors"):
        start(cohort)
    assert [item.slug for item in gate.closed_by(cohort)] == ["places"]


def test_it_starts_as_soon_as_that_is_there(cohort):
    EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    assert gate.closed_by(cohort) == []
    assert start(cohort).number == 1


def test_a_reason_opens_it_and_is_kept_with_what_was_missing(cohort, coordinator):
    gate.override(cohort=cohort, reason=" Two  mentors come next week ", by=coordinator)
    cohort.refresh_from_db()
    assert cohort.override_reason == "Two mentors come next week"
    assert start(cohort).number == 1
    event = Event.objects.get(action="readiness.overridden")
    assert event.data == {"missing": ["places"]}
    gate.withdraw_override(cohort=cohort, by=coordinator)
    cohort.refresh_from_db()
    with pytest.raises(DomainError, match="not open yet"):
        start(cohort)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_reason_it_stays_closed(cohort, coordinator, reason):
    with pytest.raises(DomainError):
        gate.override(cohort=cohort, reason=reason, by=coordinator)
    assert gate.closed_by(cohort)


def test_once_the_cohort_runs_late_students_are_matched_at_any_time(cohort):
    cohort.state = cohort.State.RUNNING
    cohort.save()
    assert gate.closed_by(cohort) == []
    assert start(cohort).number == 1


def test_the_pages_say_what_is_missing_and_take_the_reason(as_user, cohort, coordinator):
    her = as_user(coordinator)
    overview = reverse("matching:overview", args=[cohort.key])
    assert "Matching is not open yet" in text(her.get(overview))
    assert "Start the run" not in text(her.get(overview))
    url = reverse("programs:override", args=[cohort.key])
    assert her.post(url, {"reason": " "}).status_code == 422
    done = text(her.post(url, {"reason": "The dean asks for it"}, follow=True))
    assert "Matching is open." in done
    assert "“The dean asks for it”" in done
    assert "Start the run" in text(her.get(overview))
    assert "waits for what is missing" in text(her.post(url, {"withdraw": "1"}, follow=True))
    assert "Start the run" not in text(her.get(overview))


def test_the_cohort_page_tells_one_story(as_user, cohort, coordinator):
    cohort.state = cohort.State.RECRUITING
    cohort.save()
    client, url = as_user(coordinator), reverse("programs:cohort", args=[cohort.key])
    matching = reverse("matching:overview", args=[cohort.key])
    page = text(client.get(url))
    assert "1 thing is still to do before people can be matched" in page
    assert "Start matching" not in page
    EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    page = text(client.get(url))
    assert "still to do before people can be matched" not in page
    assert f'href="{matching}"><svg' in page.split("Start matching")[0][-400:]
