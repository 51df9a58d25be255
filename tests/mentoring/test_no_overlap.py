"""The database itself refuses double booking."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from mentoring.constraints import violates
from sessions.models import Participant
from tests.factories import START, meeting, pair

pytestmark = pytest.mark.django_db


def insert(row, starts, minutes, **fields):
    with transaction.atomic():
        return Participant.objects.create(
            meeting=row,
            person=fields.pop("person"),
            enrollment=fields.pop("enrollment"),
            role="student",
            holds=fields.pop("holds", True),
            starts_at=starts,
            ends_at=starts + timedelta(minutes=minutes),
        )


@pytest.fixture
def booked():
    """A pair with a booked meeting, and a second meeting that has no participant yet."""
    mentorship = pair()
    meeting(mentorship, START)
    second = meeting(mentorship, START + timedelta(days=1))
    second.participants.all().delete()
    return mentorship.student, second


@pytest.mark.parametrize(
    ("offset", "minutes"), [(0, 45), (15, 15), (-30, 31), (44, 60), (-10, 120)]
)
def test_held_time_never_overlaps(booked, offset, minutes):
    student, second = booked
    with pytest.raises(IntegrityError) as error:
        insert(
            second,
            START + timedelta(minutes=offset),
            minutes,
            person=student.person,
            enrollment=student,
        )
    assert violates(error.value, "no_double_booking")


@pytest.mark.parametrize(("offset", "minutes"), [(45, 45), (-45, 45)])
def test_meetings_may_touch(booked, offset, minutes):
    student, second = booked
    insert(
        second,
        START + timedelta(minutes=offset),
        minutes,
        person=student.person,
        enrollment=student,
    )


def test_an_invitation_does_not_hold_time_until_it_is_accepted(booked):
    student, second = booked
    row = insert(second, START, 45, person=student.person, enrollment=student, holds=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(pk=row.pk).update(holds=True)


def test_a_meeting_can_be_moved_over_its_own_time(booked):
    student, _ = booked
    moved = Participant.objects.filter(person=student.person, holds=True).update(
        starts_at=START + timedelta(minutes=10), ends_at=START + timedelta(minutes=55)
    )
    assert moved == 1


@pytest.mark.django_db(transaction=True)
def test_the_constraint_survives_added_and_removed_fields(booked):
    """Django rebuilds a SQLite table for these, which drops triggers silently."""
    student, second = booked
    state = ProjectState.from_apps(__import__("django.apps", fromlist=["apps"]).apps)
    field = models.CharField(max_length=5, default="")
    add = migrations.AddField("participant", "extra", field)
    remove = migrations.RemoveField("participant", "extra")
    for operation in (add, remove):
        after = state.clone()
        operation.state_forwards("meetings", after)
        with connection.schema_editor() as editor:
            operation.database_forwards("meetings", editor, state, after)
        state = after
        if operation is remove:
            with pytest.raises(IntegrityError):
                insert(second, START, 45, person=student.person, enrollment=student)
