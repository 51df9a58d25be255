"""Before a program begins, everyone it is for is asked what it should give."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.models import Survey
from evaluation.surveys import audience, instruments, opening, plan
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.readiness import readiness
from tests.factories import CohortFactory, EnrollmentFactory, template_document


@pytest.fixture
def cohort(db):
    return CohortFactory(state="recruiting")


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def people(cohort, number, role=Role.STUDENT, state="accepted"):
    return [EnrollmentFactory(cohort=cohort, role=role, state=state) for _ in range(number)]


def ask(cohort, boss, *, side="student", parts=("needs-assessment",)):
    now = clock.now()
    return opening.schedule(
        cohort=cohort, title="What do you need?", side=side, parts=list(parts),
        opens_at=now, closes_at=now + timedelta(days=21), by=boss,
    )  # fmt: skip


def test_students_who_have_said_yes_or_applied_are_asked_before_it_runs(cohort, boss):
    people(cohort, 4), people(cohort, 2, state="applied"), people(cohort, 3, state="invited")
    survey = ask(cohort, boss)
    assert (survey.state, survey.invited) == ("open", 6)


def test_mentors_and_staff_are_asked_too(cohort, boss):
    people(cohort, 5, Role.MENTOR)
    people(cohort, 4, Role.SUPERVISOR, state="active")
    assert ask(cohort, boss, side="mentor").invited == 5
    assert ask(cohort, boss, side="staff").invited == 5, "the coordinator is one of them"


def test_until_it_runs_nobody_is_asked_about_a_relation_that_is_not_there(cohort, boss):
    people(cohort, 6)
    with pytest.raises(DomainError, match="only what people need"):
        ask(cohort, boss, parts=("relation-student",))
    cohort.state = "archived"
    cohort.save()
    with pytest.raises(DomainError, match="is over"):
        ask(cohort, boss)


def test_fewer_than_five_are_not_asked(cohort, boss):
    people(cohort, 4)
    with pytest.raises(DomainError, match="at least 5"):
        ask(cohort, boss)


def test_the_plan_asks_six_weeks_before_the_first_day(db):
    document = template_document("semmelweis")
    document["evaluation"] = [
        {"slug": "needs", "title": "Needs", "moment": "before",
         "audience": ["student", "mentor", "supervisor"]},
    ]  # fmt: skip
    cohort = CohortFactory(state="recruiting", edition=document | {"assumed": []})
    found = plan.planned(cohort)
    assert {one.side for one in found} == {"student", "mentor", "staff"}
    assert {one.instruments for one in found} == {("needs-assessment.1",)}
    assert {one.opens_at.date().isoformat() for one in found} == {"2021-07-26"}
    people(cohort, 6)
    day = found[0].opens_at
    with clock.at(day - timedelta(days=1)):
        assert opening.open_due(clock.now()) == 0
    with clock.at(day + timedelta(hours=1)):
        assert opening.open_due(clock.now()) == 1
        assert opening.open_due(clock.now()) == 0
    assert Survey.objects.get().invited == 6


def test_readiness_advises_to_ask_and_says_when_it_was(cohort, boss):
    people(cohort, 5)

    def item():
        return next(one for one in readiness(cohort) if one.slug == "needs")

    assert (item().state, item().must) == ("amber", False)
    ask(cohort, boss)
    assert item().state == "green"


def test_the_page_offers_what_fits_the_moment(as_user, cohort, boss):
    her = as_user(boss)
    people(cohort, 6)
    url = reverse("evaluation:new_survey", args=[cohort.key])
    early = her.get(url).context["form"].fields["instruments"].choices
    assert [slug for slug, _label in early] == ["needs-assessment"]
    assert "Surveys" in her.get(reverse("programs:cohort", args=[cohort.key])).content.decode()
    cohort.state = "running"
    cohort.save()
    later = [s for s, _label in her.get(url).context["form"].fields["instruments"].choices]
    assert "needs-assessment" not in later
    assert "relation-student" in later


def test_an_answer_of_three_minutes_at_most():
    one = instruments.load("needs-assessment.1")
    asked = sum(len(scale.items) for scale in one.scales) + len(one.questions)
    assert asked <= 18


def test_who_has_only_been_invited_is_not_asked(cohort):
    people(cohort, 3, state="invited")
    assert not audience.eligible(cohort, "student").exists()
