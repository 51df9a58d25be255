"""A mentor's bookable time: published once, read as slots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.rows import sole
from programs.models import Absence
from sessions.models import (
    BookingPreferences,
    HoursException,
    Meeting,
    MeetingState,
    Participant,
    WeeklyHours,
)
from sessions.slots import Extra, Hours, Off, Period, Rules, Slot, bookable

MAX_HOURS_ROWS = 40
MAX_OFF_DAYS = 120
MIDNIGHT = time(0)


@dataclass(frozen=True)
class DayHours:
    """From–to on a weekday (Monday is 0); an end of 00:00 is midnight."""

    weekday: int
    starts: time
    ends: time


@transaction.atomic
def publish(*, by: User, hours: Sequence[DayHours], **preferences: object) -> BookingPreferences:
    """Set the weekly hours and how the person can be booked, in place of what stood before.

    ``preferences`` are fields of ``BookingPreferences``. Meetings that are booked stay booked.
    """
    _check_hours(hours)
    defaults = {"time_zone": by.time_zone, **preferences}
    kept, _created = BookingPreferences.objects.update_or_create(person=by, defaults=defaults)
    by.weekly_hours.all().delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(person=by, weekday=row.weekday, starts=row.starts, ends=row.ends)
        for row in hours
    )
    audit.record(by=by, action="availability.published", subject=kept, rows=len(hours))
    return kept


def _check_hours(hours: Sequence[DayHours]) -> None:
    if len(hours) > MAX_HOURS_ROWS:
        raise DomainError(_("That is more than %d lines of hours.") % MAX_HOURS_ROWS)
    for row in hours:
        if row.ends != MIDNIGHT and row.ends <= row.starts:
            raise DomainError(
                _("%(day)s: the hours end at %(end)s, before they begin. Exchange the two times.")
                % {"day": WEEKDAYS[row.weekday], "end": formats.time_format(row.ends)}
            )
    ordered = sorted(hours, key=lambda row: (row.weekday, row.starts))
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and (one.ends == MIDNIGHT or other.starts < one.ends):
            raise DomainError(
                _("%(day)s: two lines of hours overlap at %(time)s. Join them into one.")
                % {"day": WEEKDAYS[one.weekday], "time": formats.time_format(other.starts)}
            )


@transaction.atomic
def add_off(
    *, by: User, first: date, last: date, starts: time | None = None, ends: time | None = None
) -> list[Meeting]:
    """Not available on these days (all day, or between two times).

    Returns the booked meetings that stand in that time: they stay, and are hers to move.
    """
    zone = zone_of(by)
    if last < first:
        raise DomainError(_("The last day is before the first."), field="last")
    if last < clock.today(zone):
        raise DomainError(_("These days are over."), field="last")
    if (last - first).days >= MAX_OFF_DAYS:
        raise DomainError(
            _("That is more than %d days. Declare an absence in your profile instead.")
            % MAX_OFF_DAYS,
            field="last",
        )
    _check_times(starts, ends, optional=True)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    HoursException.objects.bulk_create(
        HoursException(person=by, kind=HoursException.Kind.OFF, day=day, starts=starts, ends=ends)
        for day in days
    )
    audit.record(by=by, action="availability.off", subject=by, days=len(days))
    off = Off(first, last, starts, ends)
    return [meeting for meeting in _standing(by) if _within(meeting, off, zone)]


@transaction.atomic
def add_extra(*, by: User, day: date, starts: time, ends: time) -> HoursException:
    """Available on one more date."""
    if day < clock.today(zone_of(by)):
        raise DomainError(_("This day is over."), field="day")
    _check_times(starts, ends, optional=False)
    row = HoursException.objects.create(
        person=by, kind=HoursException.Kind.EXTRA, day=day, starts=starts, ends=ends
    )
    audit.record(by=by, action="availability.extra", subject=row)
    return row


@transaction.atomic
def remove_exceptions(*, by: User, keys: Iterable[str]) -> int:
    """Let the usual hours hold again on these dates."""
    removed, _rows = by.hours_exceptions.filter(key__in=list(keys)).delete()
    audit.record(by=by, action="availability.exception_removed", subject=by, rows=removed)
    return removed


def _check_times(starts: time | None, ends: time | None, *, optional: bool) -> None:
    if starts is None and ends is None and optional:
        return
    if starts is None or ends is None:
        raise DomainError(
            _("Give both times, or neither for the whole day.")
            if optional
            else _("Give both times."),
            field="ends" if ends is None else "starts",
        )
    if ends <= starts:
        raise DomainError(_("The end is before the beginning."), field="ends")


def zone_of(person: User) -> ZoneInfo:
    """The zone in which this person's hours are written."""
    kept = sole(BookingPreferences.objects.filter(person=person).values_list("time_zone"))
    return ZoneInfo(kept[0]) if kept else person.zone


def has_hours(person: User) -> bool:
    """Whether the person has published any hours at all."""
    return person.weekly_hours.exists() or person.hours_exceptions.filter(kind="extra").exists()


def open_slots(
    *,
    mentor: User,
    student: User | None = None,
    ignoring: Meeting | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Slot]:
    """What ``student`` can book with ``mentor`` now. Five queries, however many meetings.

    ``ignoring`` is a meeting about to be moved: its time counts as free.
    """
    rules = _rules(mentor)
    if rules is None:
        return []
    held = _held(mentor, student, ignoring)
    return _open(rules, held, first=first, last=last)


def slot_at(
    *, mentor: User, student: User, starts_at: datetime, ignoring: Meeting | None = None
) -> Slot | None:
    """The open slot that begins at that instant, if there is one."""
    rules = _rules(mentor)
    if rules is None:
        return None
    day = starts_at.astimezone(rules.zone).date()
    slots = _open(rules, _held(mentor, student, ignoring), first=day, last=day)
    return next((slot for slot in slots if slot.starts == starts_at), None)


def _open(
    rules: Rules, held: tuple[list[Period], list[Period]], *, first: date | None, last: date | None
) -> list[Slot]:
    own, other = held
    return bookable(
        rules, now=clock.now(), mentor_held=own, other_held=other, first=first, last=last
    )


def _rules(mentor: User) -> Rules | None:
    kept = sole(BookingPreferences.objects.filter(person=mentor))
    if kept is None:
        return None
    zone = ZoneInfo(kept.time_zone)
    today = clock.today(zone)
    exceptions = list(mentor.hours_exceptions.filter(day__gte=today))
    away = Absence.objects.filter(enrollment__person=mentor, ends__gte=today)
    off = [
        Off(row.day, row.day, row.starts, row.ends)
        for row in exceptions
        if row.kind == HoursException.Kind.OFF
    ]
    off += [Off(starts, ends) for starts, ends in away.values_list("starts", "ends")]
    return Rules(
        zone=zone,
        weekly=tuple(Hours(row.weekday, row.starts, row.ends) for row in mentor.weekly_hours.all()),
        off=tuple(off),
        extra=tuple(
            Extra(row.day, row.starts, row.ends)
            for row in exceptions
            if row.kind == HoursException.Kind.EXTRA and row.starts and row.ends is not None
        ),
        length=timedelta(minutes=kept.slot_minutes),
        buffer=timedelta(minutes=kept.buffer_minutes),
        notice=timedelta(hours=kept.notice_hours),
        horizon=kept.horizon_days,
        per_day=kept.max_per_day,
        per_week=kept.max_per_week,
    )


def _held(
    mentor: User, student: User | None, ignoring: Meeting | None
) -> tuple[list[Period], list[Period]]:
    people = Q(person=mentor) | Q(person=student) if student else Q(person=mentor)
    rows = Participant.objects.filter(
        people,
        holds=True,
        # A week back, because meetings of this week count towards the weekly maximum.
        ends_at__gt=clock.now() - timedelta(days=8),
    )
    if ignoring is not None:
        rows = rows.exclude(meeting=ignoring)
    own: list[Period] = []
    other: list[Period] = []
    for person, starts, ends in rows.values_list("person_id", "starts_at", "ends_at"):
        (own if person == mentor.pk else other).append(Period(starts, ends))
    return own, other


def _standing(person: User) -> list[Meeting]:
    return list(
        Meeting.objects.filter(
            state=MeetingState.BOOKED,
            starts_at__gt=clock.now(),
            participants__person=person,
            participants__holds=True,
        ).order_by("starts_at")
    )


def _within(meeting: Meeting, off: Off, zone: ZoneInfo) -> bool:
    starts, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    if not off.first <= starts.date() <= off.last:
        return False
    if off.starts is None or off.ends is None:
        return True
    return starts.time() < off.ends and off.starts < ends.time()
