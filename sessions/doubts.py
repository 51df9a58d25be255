"""Times that are asked about once more before somebody is told of them."""

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from mentoring.accounts.models import User
from programs.models import Absence, Cohort
from sessions.models import Meeting, MeetingState
from sessions.times import When

EARLY, LATE = time(7), time(21)


def about_time(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Iterator[str]:
    """An hour at which few people meet; mostly a slip of the finger."""
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if first.time() < EARLY or last.time() > LATE or last.date() > first.date():
        yield _("That is %(when)s: outside the hours from 07:00 to 21:00.") % {
            "when": When(first, last)
        }


def about_absence(reader: User, cohort: Cohort, starts_at: datetime) -> Iterator[str]:
    """The reader is away herself on that day."""
    day = starts_at.astimezone(cohort.zone).date()
    away = Absence.objects.filter(
        enrollment__person=reader, enrollment__cohort=cohort, starts__lte=day, ends__gte=day
    )
    if away.exists():
        yield _("You have declared an absence for that day.")


def about_proposals(
    reader: User, starts_at: datetime, ends_at: datetime, *, besides: str = ""
) -> Iterator[str]:
    """She has proposed something for that time already; ``besides`` is the very form at hand."""
    rows = Meeting.objects.filter(
        created_by=reader,
        state=MeetingState.PROPOSED,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    )
    if rows.exclude(key=besides).exists():
        yield _("You have proposed a meeting for that time already, and it is not answered yet.")
