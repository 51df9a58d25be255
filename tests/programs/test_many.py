"""One act for many people: looked at first, done one by one, with whom it passed over named."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.jobs.models import Job
from mentoring.outbox import Notification
from programs.models import Enrollment
from programs.services import invitations, many
from tests.factories import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 9, 6, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def cohort():
    return CohortFactory(state="recruiting")


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def desk(as_user, boss, cohort, django_capture_on_commit_callbacks):
    """The coordinator's page: look at an act, and confirm it."""
    client, url = as_user(boss), reverse("programs:many", args=[cohort.key])

    class Desk:
        people = reverse("programs:people", args=[cohort.key])

        def get(self, query=""):
            return client.get(self.people + query)

        def look(self, **data):
            return client.post(url, data)

        def confirm(self, **data):
            with django_capture_on_commit_callbacks(execute=True):
                return client.post(url, data | {"confirm": "yes"})

    return Desk()


def person(cohort, state="invited", **fields):
    return EnrollmentFactory(cohort=cohort, state=state, **fields)


def states(*rows):
    return [Enrollment.objects.get(pk=row.pk).state for row in rows]


def text(response):
    return " ".join(response.content.decode().split())


def test_nothing_happens_before_it_is_confirmed(desk, cohort):
    first, second = person(cohort), person(cohort, "active")
    page = text(desk.look(act="accept", who=[first.key, second.key]))
    assert "nothing has happened yet" in page
    assert "1 person" in page
    assert "Passed over: are “" in page
    assert states(first, second) == ["invited", "active"]


def test_confirmed_it_is_done_to_each_and_the_end_says_so(desk, cohort):
    rows = [person(cohort, "applied") for _ in range(3)]
    answer = desk.confirm(act="accept", who=[row.key for row in rows], count="3")
    job = Job.objects.get(kind="programs.many")
    assert answer.url == reverse("jobs:job", args=[job.key])
    assert states(*rows) == ["accepted"] * 3
    assert job.result["said"] == "Accept: done for 3 people."
    assert Notification.objects.filter(kind="application_accepted").count() == 3
    event = Event.objects.get(action="people.changed_together")
    assert event.data == {"act": "accept", "count": 3, "passed_over": 0}


def test_everybody_who_fits_the_filter_not_only_the_page(desk, cohort):
    students = [person(cohort) for _ in range(33)]
    mentor = person(cohort, role=Role.MENTOR)
    page = text(desk.get("?role=student&state=invited"))
    assert "all 33 who fit the filter" in page
    answer = desk.look(act="invite", all="1", query="role=student&state=invited")
    assert len(answer.context["proposal"].going) == 33
    desk.confirm(act="invite", all="1", query="role=student&state=invited", count="33")
    invited = set(Enrollment.objects.exclude(invitations=None).values_list("pk", flat=True))
    assert invited == {row.pk for row in students}
    assert mentor.pk not in invited


def test_whoever_was_written_to_within_a_day_is_not_written_to_again(desk, cohort, boss):
    fresh, old = person(cohort), person(cohort)
    with clock.at(NOON - timedelta(days=3)):
        invitations.invite(enrollment=old, by=boss)
    invitations.invite(enrollment=fresh, by=boss)
    with clock.at(NOON + timedelta(hours=20)):
        page = desk.look(act="invite", who=[fresh.key, old.key])
        assert page.context["proposal"].going == [old]
        assert "were invited within the last day" in text(page)
        desk.confirm(act="invite", who=[fresh.key, old.key], count="1")
    assert old.invitations.count() == 2
    assert fresh.invitations.count() == 1


def test_a_list_that_changed_meanwhile_is_looked_at_again(desk, cohort):
    row = person(cohort)
    desk.confirm(act="withdraw", who=[row.key], count="2")
    assert states(row) == ["invited"]
    assert not Job.objects.exists()


def test_one_who_cannot_be_moved_any_more_does_not_hold_up_the_others(cohort, boss):
    first, second = person(cohort, "applied"), person(cohort, "applied")
    args = many.start_args(many.look(rows=[first, second], act="accept"), "")
    Enrollment.objects.filter(pk=first.pk).update(state="declined")
    found = many.do(cohort=cohort, args=args, by=boss)
    assert states(first, second) == ["declined", "accepted"]
    assert len(found["left_out"]) == 1
    assert first.person.full_name in found["left_out"][0]


def test_doing_it_twice_comes_to_the_same_end(cohort, boss):
    rows = [person(cohort) for _ in range(2)]
    args = many.start_args(many.look(rows=rows, act="invite"), "")
    many.do(cohort=cohort, args=args, by=boss)
    many.do(cohort=cohort, args=args, by=boss)
    assert [row.invitations.count() for row in rows] == [1, 1]


def test_staff_are_never_changed_in_a_crowd(cohort, boss):
    row = Enrollment.objects.get(person=boss)
    found = many.look(rows=[row], act="withdraw")
    assert not found.going
    with pytest.raises(DomainError, match="nobody"):
        many.start_args(found, "")


def test_nobody_ticked_is_said(desk, cohort):
    person(cohort)
    answer = desk.look(act="accept")
    assert answer.url == desk.people


def test_the_page_costs_the_same_for_three_and_for_thirty(desk, cohort):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.look(act="invite", all="1", query="role=student")
        return len(queries)

    [person(cohort) for _ in range(3)]
    few = cost()
    [person(cohort) for _ in range(30)]
    assert cost() == few
