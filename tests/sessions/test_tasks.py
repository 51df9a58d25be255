"""Beat looks for reminders, and each is queued once."""

from datetime import timedelta

import pytest

from mentoring import clock, ports
from mentoring.outbox.models import Notification
from sessions.tasks import remind
from tests.factories import START, meeting, pair

pytestmark = pytest.mark.django_db


def test_beat_knows_the_task():
    tasks = {entry.task for answer in ports.PERIODIC.ask() for entry in answer}
    assert remind.name in tasks


def test_a_meeting_of_tomorrow_is_announced_once_to_each():
    mentorship = pair()
    starts = START + timedelta(days=9)
    meeting(mentorship, starts, booked_at=START)
    with clock.at(starts - timedelta(hours=25)):
        assert remind() == 0
    with clock.at(starts - timedelta(hours=23)):
        assert (remind(), remind()) == (2, 0)
    assert Notification.objects.filter(kind="meeting_tomorrow").count() == 2
