"""Erasure removes a person and leaves what is her partners'."""

from datetime import timedelta

import pytest

from mentoring import clock
from mentoring.accounts import services
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from sessions.models import Meeting, MessageBody
from sessions.services import messages
from tests.factories import START, EnrollmentFactory, meeting, pair

NOW = START + timedelta(days=30)


@pytest.fixture
def erased(db):
    """A pair with a past and a coming meeting, and a message of each; the student is erased."""
    with clock.at(NOW):
        mentorship = pair()
        mentorship.cohort.state = "running"
        mentorship.cohort.save()
        meeting(mentorship, NOW - timedelta(days=7), "held")
        meeting(mentorship, NOW + timedelta(days=7), "booked")
        student, mentor = mentorship.student.person, mentorship.mentor.person
        messages.write(mentorship=mentorship, text="Hello, I am Réka", by=student)
        messages.write(mentorship=mentorship, text="Welcome", by=mentor)
        services.erase(by=student, typed_email=student.email)
        yield mentorship


def test_the_past_meeting_stays_and_the_coming_one_is_cancelled(erased):
    states = Meeting.objects.filter(mentorship=erased).order_by("starts_at")
    assert list(states.values_list("state", flat=True)) == ["held", "cancelled"]


def test_the_mentorship_has_ended_and_the_place_is_given_back(erased):
    erased.refresh_from_db()
    erased.student.refresh_from_db()
    assert not erased.is_live
    assert erased.student.state == "withdrawn"
    assert erased.mentor.person.is_active


def test_what_the_person_wrote_is_gone_and_the_answer_stays(erased):
    with clock.at(NOW):
        texts = [
            entry.text for entry in messages.thread(mentorship=erased, by=erased.mentor.person)
        ]
    assert "Welcome" in texts
    assert not any("Réka" in (text or "") for text in texts)
    assert not MessageBody.objects.filter(message__author=erased.student.person).exists()


def test_the_partner_reads_no_name(erased):
    with clock.at(NOW):
        seats = Meeting.objects.filter(mentorship=erased).values_list(
            "participants__person__given_name", "participants__person__email"
        )
    assert ("", f"erased-{erased.student.person.key}@erased.invalid") in set(seats)


def test_the_partner_gets_mails_and_the_erased_person_none(erased):
    queued = Notification.objects.filter(state="queued")
    assert queued.filter(recipient=erased.mentor.person).exists()
    assert not queued.filter(recipient=erased.student.person).exists()


def test_the_only_coordinator_names_another_before_she_goes(db):
    row = EnrollmentFactory(role=Role.COORDINATOR)
    with pytest.raises(DomainError):
        services.erase(by=row.person, typed_email=row.person.email)
    row.person.refresh_from_db()
    assert row.person.is_active
