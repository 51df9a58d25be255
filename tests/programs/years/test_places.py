"""“My places”: one person, many roles over many cohorts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    EnrollmentYearFactory,
    MentorshipFactory,
    SeriesFactory,
    UserFactory,
    attend,
    member,
    training_date,
)

pytestmark = pytest.mark.django_db
URL = reverse("programs:places")


def test_student_here_junior_mentor_there_alumna_later(client):
    her = UserFactory()
    ended = clock.now() - timedelta(days=400)
    first = EnrollmentFactory(
        cohort=CohortFactory(name="Vertical 2019"), person=her, state="completed", left_at=ended
    )
    for number in (1, 2, 3, 4):
        EnrollmentYearFactory(enrollment=first, academic_year=2018 + number, class_year=number)
    group = MentorshipFactory(cohort=first.cohort, name="Group 7")
    member(group, first, ended_at=ended)
    now = EnrollmentFactory(
        cohort=CohortFactory(name="Near-peer now"), person=her, role=Role.JUNIOR_MENTOR
    )
    client.force_login(her)
    page = client.get(URL)
    assert [row.place for row in page.context["rows"]] in ([now, first], [first, now])
    text = page.content.decode()
    assert "1–4" in text
    assert "Junior mentor" in text
    assert reverse("sessions:mentorship", args=[group.key]) in text


def test_credits_stay_after_completion(client):
    row = EnrollmentFactory(role=Role.MENTOR)
    cohort = row.cohort
    for kind, times, hour in (("training", 4, 9), ("supervision", 2, 14)):
        series = SeriesFactory(cohort=cohort, kind=kind, title=kind)
        for month in ("2021-10", "2022-03"):
            for day in range(1, times + 1):
                at = datetime.fromisoformat(f"{month}-{day:02}T{hour:02}:00:00+00:00")
                attend(training_date(series, at, state="held"), row)
    row.state, row.left_at = "completed", clock.now()
    row.activated_at = datetime(2021, 9, 6, 8, tzinfo=UTC)
    row.save()
    client.force_login(row.person)
    assert "Granted" in client.get(URL).content.decode()


def test_nobody_without_a_place_reads_an_empty_page_that_teaches(client):
    client.force_login(UserFactory())
    assert "No place yet" in client.get(URL).content.decode()


def test_twenty_places_cost_as_many_queries_as_one(client):
    her = UserFactory()
    client.force_login(her)

    def cost():
        with CaptureQueriesContext(connection) as counted:
            assert client.get(URL).status_code == 200
        return len(counted)

    def more(number):
        for _ in range(number):
            row = EnrollmentFactory(person=her, role=Role.STUDENT, state="completed")
            member(MentorshipFactory(cohort=row.cohort), row)

    more(1)
    cost()
    few = cost()
    more(19)
    assert cost() == few
