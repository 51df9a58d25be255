"""Time and mail for tests of monitoring."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentoring import clock
from mentoring.outbox import Notification
from tests.factories import CohortFactory

BUDAPEST = ZoneInfo("Europe/Budapest")
# Matched on a Monday morning; see START of the factories.
MATCHED = datetime(2021, 9, 6, 10, 0, tzinfo=BUDAPEST)


def on(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """An instant by the clock in Budapest."""
    return datetime(year, month, day, hour, minute, tzinfo=BUDAPEST)


def after(days: int, hour: int = 12) -> datetime:
    """That hour on the n-th day after the matching, by the clock in Budapest."""
    day = MATCHED.date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=BUDAPEST)


@contextmanager
def day(number: int, hour: int = 12):
    """Within the block it is the n-th day after the matching."""
    with clock.at(after(number, hour)):
        yield


def mails(kind: str = "") -> list[str]:
    """Kind and reader of the queued mails, in order."""
    rows = Notification.objects.order_by("pk")
    if kind:
        rows = rows.filter(kind=kind)
    return [f"{row.kind} to {row.recipient.email}" for row in rows.select_related("recipient")]


@pytest.fixture
def cohort(db):
    """A running cohort without public holidays, so that tests count days on their fingers.

    Nobody there keeps a diary: the rule about it has tests of its own.
    """
    cohort = CohortFactory(country="", state="running")
    without_diary(cohort)
    return cohort


def without_diary(cohort) -> None:
    """The program asks for no diary."""
    version = cohort.edition.version
    version.document["requirements"] = [
        need for need in version.document["requirements"] if need["kind"] != "diary"
    ]
    version.document["assumed"] = [
        one for one in version.document["assumed"] if ".diary." not in one["path"]
    ]
    version.save()
    del cohort.edition
