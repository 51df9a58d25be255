"""Completion: of one person, of a cohort that closes; what stays hers, and the way back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.surveys.audience import eligible
from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from programs.models import Cohort, Enrollment
from programs.services import cohorts, enrollments
from sessions.models import SupervisorPlace
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    meeting,
    pair,
    supervisor_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return pair(CohortFactory(state="running"))


def state(row):
    return type(row).objects.get(pk=row.pk).state


def test_a_closing_cohort_completes_its_people_and_mentorships(two):
    to_come = meeting(two, clock.now() + timedelta(days=3))
    group = supervisor_group(two.cohort, two.mentor)
    cohorts.move(cohort=two.cohort, to="closing", by=None)
    assert (state(two.student), state(two.mentor), state(two)) == ("completed",) * 3
    assert state(group.supervisor) == "active", "staff stays"
    assert state(to_come) == "cancelled"
    assert not SupervisorPlace.objects.filter(ended_at=None).exists()
    assert Notification.objects.filter(kind="completed").count() == 2
    assert eligible(Cohort.objects.get(pk=two.cohort.pk), "student").count() == 1
    assert Event.objects.filter(action="mentorship.completed").count() == 1


def test_a_cohort_that_runs_again_has_its_people_back(two):
    left = EnrollmentFactory(cohort=two.cohort)
    with clock.at(clock.now() - timedelta(days=9)):
        enrollments.complete(enrollment=left, by=None)
    cohorts.move(cohort=two.cohort, to="closing", by=None)
    cohorts.move(cohort=two.cohort, to="running", by=None)
    assert (state(two.student), state(two.mentor), state(two)) == ("active", "active", "active")
    assert state(left) == "completed", "she had completed before"
    assert two.memberships.filter(ended_at=None).count() == 2
    assert not Notification.objects.filter(kind="completed", state="queued").exists()
    cohorts.move(cohort=two.cohort, to="closing", by=None)
    assert state(two) == "completed"


def test_one_person_completes_and_comes_back(two):
    began = Enrollment.objects.get(pk=two.student.pk).activated_at
    enrollments.complete(enrollment=two.student, by=None)
    assert (state(two.student), state(two), state(two.mentor)) == (
        "completed", "completed", "active",
    )  # fmt: skip
    enrollments.reopen(enrollment=two.student, by=None)
    assert (state(two.student), state(two)) == ("active", "active")
    assert Enrollment.objects.get(pk=two.student.pk).activated_at == began
    assert two.memberships.filter(ended_at=None).count() == 2


def test_who_has_another_mentor_by_now_does_not_get_two(two):
    enrollments.complete(enrollment=two.mentor, by=None)
    other = Mentorship.objects.create(cohort=two.cohort, shape=two.shape)
    Membership.objects.create(
        mentorship=other, enrollment=two.student, person=two.student.person, shape=two.shape,
        role=Role.STUDENT,
    )  # fmt: skip
    enrollments.reopen(enrollment=two.mentor, by=None)
    live = Membership.objects.filter(enrollment=two.student, ended_at=None)
    assert [row.mentorship for row in live] == [other]


def test_nobody_is_reopened_in_a_closed_cohort(two):
    cohorts.move(cohort=two.cohort, to="closing", by=None)
    row = Enrollment.objects.select_related("cohort").get(pk=two.student.pk)
    with pytest.raises(DomainError, match="closing"):
        enrollments.reopen(enrollment=row, by=None)


def test_an_alumna_reads_what_was_hers_and_nothing_new(two, client):
    meeting(two, clock.now() - timedelta(days=9), state="held")
    enrollments.complete(enrollment=two.student, by=None)
    client.force_login(two.student.person)
    page = client.get(reverse("programs:places")).content.decode()
    assert two.cohort.name in page
    assert two.mentor.person.full_name in page
    url = reverse("sessions:mentorship", args=[two.key])
    shown = client.get(url)
    assert shown.status_code == 200
    assert len(shown.context["rows"]) == 1
    assert not shown.context["takes_part"]
    assert client.post(reverse("sessions:contact", args=[two.key])).status_code == 404
    assert client.get(reverse("home")).status_code == 200
