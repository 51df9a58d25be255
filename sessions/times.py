"""How a meeting's time is said: in its reader's zone, in person by the clock of the venue."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from mentoring import clock
from sessions.models import Meeting, Mode


@dataclass(frozen=True)
class When:
    """A period ready to be shown; ``note`` names the zone where it is not the reader's."""

    starts: datetime
    ends: datetime
    note: str = ""

    # Said many times in one mail, and each time in the same language.
    @cached_property
    def day(self) -> str:
        return formats.date_format(self.starts, "l, j F Y")

    @property
    def short_day(self) -> str:
        return formats.date_format(self.starts, "D j M")

    @cached_property
    def hours(self) -> str:
        first, last = (formats.date_format(at, "H:i") for at in (self.starts, self.ends))
        return f"{first}–{last} ({self.note})" if self.note else f"{first}–{last}"

    def __str__(self) -> str:
        return f"{self.day}, {self.hours}"

    @property
    def relative(self) -> str:
        """Today, tomorrow, or the date, as of this moment."""
        today = clock.now().astimezone(self.starts.tzinfo).date()
        return _relative(self.starts.date(), today) or self.day


def when(meeting: Meeting, reader: ZoneInfo) -> When:
    """The meeting's time as this reader has to understand it."""
    zone = zone_for(meeting, reader)
    starts = meeting.starts_at.astimezone(zone)
    elsewhere = starts.utcoffset() != meeting.starts_at.astimezone(reader).utcoffset()
    note = zone.key.split("/")[-1].replace("_", " ") if elsewhere else ""
    return When(starts, meeting.ends_at.astimezone(zone), note)


def zone_for(meeting: Meeting, reader: ZoneInfo) -> ZoneInfo:
    """The venue's zone for a meeting in person, the reader's otherwise."""
    return ZoneInfo(meeting.time_zone) if meeting.mode == Mode.IN_PERSON else reader


def _relative(day: date, today: date) -> str:
    return {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get((day - today).days, "")
