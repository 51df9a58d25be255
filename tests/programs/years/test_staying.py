"""Mentors are asked whether they go on; one tap answers, and the plan follows."""

import pytest
from django.urls import reverse

from mentoring import clock, links
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox import kinds
from mentoring.outbox.models import Notification
from programs.models import Cohort, Enrollment, StayQuestion
from programs.services import staying, year_undo, years
from programs.years.people import Travelers
from programs.years.plan import plan_of
from tests.programs.years import vertical


def fresh(cohort):
    return Cohort.objects.get(pk=cohort.pk)


@pytest.fixture
def asked(summer):
    Enrollment.objects.filter(cohort=summer.cohort, role=Role.MENTOR).update(capacity=3)
    assert staying.ask(cohort=summer.cohort, by=summer.by) == 2, "faculty; seniors complete"
    return list(StayQuestion.objects.order_by("pk").select_related("enrollment__person"))


def link(question):
    note = Notification.objects.get(kind="stay_asked", recipient=question.enrollment.person)
    url = kinds.get("stay_asked").build(note).context["url"]
    return url.partition("//")[2].partition("/")[2].join(["/", ""])


def test_everybody_who_would_go_on_is_asked_once(summer, asked):
    assert staying.ask(cohort=summer.cohort, by=summer.by) == 0
    assert Notification.objects.filter(kind="stay_asked").count() == 2
    assert staying.remind(cohort=summer.cohort, by=summer.by) == 0, "once a day"
    with clock.at(clock.now() + vertical.timedelta(days=3)):
        assert staying.remind(cohort=summer.cohort, by=summer.by) == 2


def test_opening_the_link_changes_nothing_and_one_tap_answers(asked, client):
    url = link(asked[0])
    page = client.get(url).content.decode()
    assert "Will you mentor next year too?" in page
    assert "Yes, but with 2 places" in page
    asked[0].refresh_from_db()
    assert asked[0].answer == ""
    assert client.post(url, {"choice": "fewer-2"}).status_code == 200
    asked[0].refresh_from_db()
    assert (asked[0].answer, asked[0].places) == ("fewer", 2)
    assert "So far you said" in client.get(url).content.decode()
    client.post(url, {"choice": "no-0"})
    asked[0].refresh_from_db()
    assert (asked[0].answer, asked[0].places) == ("no", None)


@pytest.mark.parametrize("choice", ["fewer-9", "fewer-0", "yes-1", "later-0", ""])
def test_what_was_not_offered_is_refused(asked, client, choice):
    client.post(link(asked[0]), {"choice": choice})
    asked[0].refresh_from_db()
    assert asked[0].answer == ""


def test_a_link_is_for_one_person(asked, client):
    other = links.sign(
        purpose="programs.stay", user=asked[1].enrollment.person, subject=asked[0].key,
        until=clock.now() + vertical.timedelta(days=1),
    )  # fmt: skip
    client.post(reverse("follow_link", args=[other]), {"choice": "no-0"})
    asked[0].refresh_from_db()
    assert asked[0].answer == ""


def test_a_no_completes_and_fewer_places_come_with_the_new_year(summer, asked):
    staying.answer(question=asked[0], answer="no", places=None, by=None)
    staying.answer(question=asked[1], answer="fewer", places=2, by=None)
    fates = Travelers(plan_of(summer.cohort)).by_enrollment()
    assert fates[asked[0].enrollment_id].fate == "completes"
    assert fates[asked[1].enrollment_id].fate == "stays"
    before = dict(Enrollment.objects.values_list("pk", "capacity"))
    turn = vertical.roll(summer.cohort, summer.by)
    for one in asked:
        one.enrollment.refresh_from_db()
    assert asked[0].enrollment.state == "completed"
    assert asked[1].enrollment.capacity == 2
    with pytest.raises(DomainError, match="has begun"):
        staying.answer(question=asked[1], answer="no", places=None, by=None)
    year_undo.undo(roll_over=turn, by=summer.by)
    assert dict(Enrollment.objects.values_list("pk", "capacity")) == before


def test_a_coordinator_may_keep_somebody_who_said_no(summer, asked):
    staying.answer(question=asked[0], answer="no", places=None, by=None)
    years.choose(cohort=summer.cohort, enrollment=asked[0].enrollment, fate="stays", by=summer.by)
    vertical.roll(summer.cohort, summer.by)
    asked[0].enrollment.refresh_from_db()
    assert asked[0].enrollment.state == "active"
