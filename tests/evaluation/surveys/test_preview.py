"""A questionnaire can be read before anybody gets it."""

import pytest
from django.urls import reverse

from evaluation.models import Survey
from mentoring.accounts.permissions import Role
from tests.factories import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(state="running")


@pytest.fixture
def desk(as_user, cohort):
    return as_user(EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person)


def text(response):
    return " ".join(response.content.decode().split())


def test_what_the_plan_asks_is_read_from_the_list(desk, cohort):
    answer = desk.get(reverse("evaluation:surveys", args=[cohort.key]))
    address = reverse("evaluation:preview_survey", args=[cohort.key])
    query = answer.context["upcoming"][0]["questions"]
    assert f"{address}?{query}".replace("&", "&amp;") in answer.content.decode()
    page = text(desk.get(f"{address}?{query}"))
    assert "Only a look" in page
    assert "1 of " in page
    assert "Send without my name" not in page, "nothing can be sent from here"
    assert 'name="token"' not in page


def test_one_to_be_planned_is_read_before_it_is_sent(desk, cohort):
    address = reverse("evaluation:preview_survey", args=[cohort.key])
    assert address in text(desk.get(reverse("evaluation:new_survey", args=[cohort.key])))
    given = {"title": "After a month", "side": "mentor", "instruments": ["relation", "open-word"]}
    page = text(desk.post(address, given))
    assert "After a month" in page
    assert not Survey.objects.exists()


@pytest.mark.parametrize("query", ["", "?side=dean&instruments=needs-pulse"])
def test_without_a_side_there_is_nothing_to_show(desk, cohort, query):
    answer = desk.get(reverse("evaluation:preview_survey", args=[cohort.key]) + query)
    assert answer.url == reverse("evaluation:surveys", args=[cohort.key])
