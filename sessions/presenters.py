"""Rows shaped for pages: templates run no queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import formats

from matching.models import Mentorship
from matching.names import with_whom
from mentoring import clock
from mentoring.accounts.models import User
from sessions import calendar, words
from sessions.circle import side_of
from sessions.models import BookingPreferences, Meeting, MeetingState, Mode, Participant
from sessions.queries import CONFIRMABLE
from sessions.slots import Slot
from sessions.times import When, when

_DAYS = 7
Needs = Literal["answer", "record", "confirm", ""]


@dataclass(frozen=True)
class MeetingRow:
    """A meeting as one of its readers sees it in a list or on its page."""

    meeting: Meeting
    when: When
    seats: list[Participant]
    mine: Participant | None
    where: str

    @property
    def people(self) -> list[User]:
        """The others."""
        mine = self.mine.person_id if self.mine else None
        return [seat.person for seat in self.seats if seat.person_id != mine]

    @property
    def names(self) -> str:
        """With whom; of a training or supervision, what it is."""
        if self.meeting.series:
            return calendar.title(self.meeting)
        return with_whom(self.people)

    @property
    def url(self) -> str:
        return reverse("sessions:meeting", args=[self.meeting.key])

    @property
    def begun(self) -> bool:
        return self.meeting.starts_at <= clock.now()

    @property
    def is_today(self) -> bool:
        return self.when.starts.date() == clock.now().astimezone(self.when.starts.tzinfo).date()

    @property
    def side(self) -> str:
        return side_of(self.mine.role) if self.mine else ""

    @property
    def recorded(self) -> str:
        """Who recorded what about whom."""
        return words.recorded(self.meeting, self.side) if self.meeting.recorded_at else ""

    @property
    def disputed(self) -> str:
        """What the other side says instead."""
        return words.disputed(self.meeting, self.side)

    @property
    def needs(self) -> Needs:
        """What waits for this reader."""
        if self.mine is None or self.meeting.of_cohort:
            return ""
        meeting, answer = self.meeting, self.mine.answer
        if meeting.is_open and not self.begun and answer == Participant.Answer.OPEN:
            return "answer"
        if meeting.state == MeetingState.BOOKED and self.begun and self.mine.holds:
            return "record"
        if answer == Participant.Answer.DECLINED:
            return ""
        settled = meeting.confirmed_at or meeting.disputed_at
        if settled or meeting.recorded_at is None or meeting.recorded_side == self.side:
            return ""
        return "confirm" if clock.now() - meeting.recorded_at < CONFIRMABLE else ""

    @property
    def placeless(self) -> bool:
        """In person, still to come, and nobody has said where."""
        in_person = self.meeting.mode == Mode.IN_PERSON and not self.where
        return in_person and self.meeting.is_open and not self.begun

    @property
    def is_link(self) -> bool:
        """Whether ``where`` is an address to follow."""
        return self.where.startswith("https://") or self.where.startswith("http://")


def with_people(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The meetings with what ``meeting_row`` needs."""
    seats = Participant.objects.select_related("person").order_by("pk")
    return rows.select_related("mentorship__cohort", "recorded_by", "series").prefetch_related(
        Prefetch("participants", seats)
    )


def meeting_row(meeting: Meeting, reader: User) -> MeetingRow:
    """One row; the meeting comes from ``with_people``."""
    seats = list(meeting.participants.all())
    return MeetingRow(
        meeting=meeting,
        when=when(meeting, reader.zone),
        seats=seats,
        mine=next((seat for seat in seats if seat.person_id == reader.pk), None),
        where=calendar.where(meeting),
    )


def meeting_rows(meetings: Iterable[Meeting], reader: User) -> list[MeetingRow]:
    return [meeting_row(meeting, reader) for meeting in meetings]


@dataclass(frozen=True)
class SlotLink:
    """A time to choose."""

    label: str
    url: str


@dataclass(frozen=True)
class SlotDay:
    """The times of one day."""

    day: date
    label: str
    slots: list[SlotLink]


def slot_days(slots: Iterable[Slot], *, zone: ZoneInfo, url: str, query: str = "") -> list[SlotDay]:
    """Slots grouped by the day they have for their reader. ``url`` ends where the instant goes."""
    days: list[SlotDay] = []
    for slot in slots:
        local = slot.starts.astimezone(zone)
        if not days or days[-1].day != local.date():
            label = formats.date_format(local, "l, j F")
            days.append(SlotDay(local.date(), label, []))
        stamp = int(slot.starts.timestamp())
        label = formats.date_format(local, "H:i")
        days[-1].slots.append(SlotLink(label, f"{url}{stamp}/{query}"))
    return days


@dataclass(frozen=True)
class SlotPage:
    """A week of open times, and where the later ones begin."""

    days: list[SlotDay]
    later: str = ""
    narrowed: bool = False


def slot_page(days: list[SlotDay], start: str) -> SlotPage:
    """The days from ``start`` (an ISO date) on, as many as a page takes."""
    first = start or date.min.isoformat()
    rest = [day for day in days if day.day.isoformat() >= first]
    later = rest[_DAYS].day.isoformat() if len(rest) > _DAYS else ""
    return SlotPage(rest[:_DAYS], later, narrowed=len(rest) < len(days))


def slot_zone(preferences: BookingPreferences | None, reader: User) -> ZoneInfo:
    """The venue's zone where people meet in person, the reader's otherwise."""
    if preferences is not None and preferences.mode == Mode.IN_PERSON:
        return ZoneInfo(preferences.time_zone)
    return reader.zone


def zone_note(zone: ZoneInfo, reader: User) -> str:
    """The city whose clock is meant, where it does not go like the reader's."""
    now = clock.now()
    same = now.astimezone(zone).utcoffset() == now.astimezone(reader.zone).utcoffset()
    return "" if same else zone.key.split("/")[-1].replace("_", " ")


def names_in(mentorship: Mentorship, *, besides: User | None = None) -> str:
    """The people of a mentorship today. Memberships' persons should be prefetched."""
    people = [
        member.person
        for member in mentorship.memberships.all()
        if member.ended_at is None and (besides is None or member.person_id != besides.pk)
    ]
    return with_whom(people, group=mentorship.name)
