"""Open, edit, move and cancel the dates of trainings, orientations and supervisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import PARTICIPANT_ROLES
from mentoring.errors import DomainError
from programs.models import Cohort
from programs.queries import calendar_of
from sessions import announcements, training
from sessions.models import (
    Meeting,
    MeetingState,
    Participant,
    Series,
    SeriesKind,
    Side,
    SupervisorGroup,
)
from sessions.services import places, seating

MOST_DATES = 60
MOST_WEEKS = 8
# Instead of a number of weeks: on each day, as the days of a course.
EVERY_DAY = -1
DETAILS = ("title", "topic", "mode", "place", "video_link", "capacity")


@dataclass(frozen=True, slots=True)
class Planned:
    """A date that a series would have; ``skipped`` says why it is left out."""

    starts_at: datetime
    ends_at: datetime
    skipped: str = ""


def preview(
    *,
    cohort: Cohort,
    first: date,
    at: time,
    minutes: int,
    every: int = 0,
    until: date | None = None,
) -> list[Planned]:
    """The dates from ``first`` on, each ``every`` weeks or day, by the cohort's clock on the wall.

    Those on the cohort's pauses and public holidays are marked as left out. Without ``every`` it
    is the one date, whatever the day.
    """
    if not every:
        return [_planned(cohort, first, at, minutes)]
    if every != EVERY_DAY and not 1 <= every <= MOST_WEEKS:
        raise DomainError(_("Choose a whole number of weeks, up to eight."), field="every")
    if until is None or until < first:
        raise DomainError(_("Until when? This must not lie before the first date."), field="until")
    stride = timedelta(days=1) if every == EVERY_DAY else timedelta(weeks=every)
    number = (until - first) // stride + 1
    if number > MOST_DATES:
        raise DomainError(
            _("These would be more than %(max)d dates.") % {"max": MOST_DATES}, field="until"
        )
    calendar = calendar_of(cohort)
    found = []
    for step in range(number):
        day = first + stride * step
        pause = calendar.pause_on(day)
        found.append(_planned(cohort, day, at, minutes, pause.name if pause else ""))
    return found


def _planned(cohort: Cohort, day: date, at: time, minutes: int, skipped: str = "") -> Planned:
    starts = datetime.combine(day, at, tzinfo=cohort.zone).astimezone(UTC)
    return Planned(starts, starts + timedelta(minutes=minutes), skipped)


@transaction.atomic
def open_series(
    *,
    cohort: Cohort,
    kind: str,
    audience: str,
    planned: Iterable[Planned],
    minutes: int,
    by: User,
    group: SupervisorGroup | None = None,
    course: bool = False,
    **details: Any,
) -> Series:
    """Open the series with all its dates that are not left out; people can enroll at once.

    The dates of a ``course`` belong together: who enrolls, enrolls for every day.
    """
    if kind not in SeriesKind.values or audience not in PARTICIPANT_ROLES:
        raise DomainError(_("Say what it is, and for whom."), field="kind")
    if group is not None and (group.cohort_id != cohort.pk or group.ended_at):
        raise DomainError(_("This group has ended."), field="group")
    series = Series(
        cohort=cohort,
        kind=kind,
        audience=audience,
        minutes=minutes,
        group=group,
        course=course,
        time_zone=cohort.time_zone,
        created_by=by,
    )
    _set_details(series, details)
    series.save()
    held = [one for one in planned if not one.skipped]
    if not held:
        raise DomainError(_("No date is left: all fall on pauses or holidays."), field="first")
    if course and len(held) < 2:
        raise DomainError(
            _("A course has two days or more. Say how often it is held, and until when."),
            field="course",
        )
    for one in held:
        seating.check_period(one.starts_at, one.ends_at)
    Meeting.objects.bulk_create(_meeting(series, one, by) for one in held)
    audit.record(
        by=by, action="series.opened", subject=series, cohort=cohort, kind=kind, dates=len(held)
    )
    return series


@transaction.atomic
def add_date(*, series: Series, starts_at: datetime, by: User, minutes: int = 0) -> Meeting:
    """One more date of the series, whatever the day.

    Not in a course that somebody has enrolled in: she agreed to its days as they were.
    """
    if series.course and _is_taken(series):
        raise DomainError(
            _("Somebody has enrolled in this course already. Move a day, or open another course.")
        )
    ends_at = starts_at + timedelta(minutes=minutes or series.minutes)
    seating.check_period(starts_at, ends_at)
    meeting = _meeting(series, Planned(starts_at, ends_at), by)
    meeting.save()
    audit.record(by=by, action="series.date_added", subject=meeting, cohort=series.cohort)
    return meeting


@transaction.atomic
def edit(*, series: Series, by: User, **details: Any) -> Series:
    """Change what the series is called, where it is and how many can come; for dates to come.

    Whoever is enrolled in a date whose place changes is told, and her calendar corrected. Fewer
    places than are taken already are refused; more go to those who wait.
    """
    before = [getattr(series, name) for name in DETAILS]
    _set_details(series, details)
    if before == [getattr(series, name) for name in DETAILS]:
        return series
    dates = list(series.meetings.select_for_update().order_by("pk"))
    ahead = [one for one in dates if places.still_open([one])]
    _check_room(series, ahead)
    series.save(update_fields=list(DETAILS))
    places.turns(ahead)
    for meeting in ahead:
        meeting.series = series
        where = (meeting.mode, meeting.place, meeting.video_link)
        _take_over(meeting, series)
        fields = ["mode", "place", "video_link", "capacity"]
        if where == (meeting.mode, meeting.place, meeting.video_link):
            meeting.save(update_fields=fields)
            continue
        seating.raise_sequence(meeting, *fields)
        announcements.changed(meeting)
    whole = [places.together(ahead[0], dates)] if series.course and ahead else []
    for days in whole or [[meeting] for meeting in ahead]:
        places.fill(days, by=by)
    audit.record(by=by, action="series.edited", subject=series, cohort=series.cohort)
    return series


@transaction.atomic
def move(*, meeting: Meeting, starts_at: datetime, minutes: int, reason: str, by: User) -> Meeting:
    """Move a date. Whoever has something else at the new time gives her place back, and is told.

    Those who wait keep their order, and are told. In a course, who cannot come on one day has no
    place any more. The calendar entries keep their UID and get a higher SEQUENCE.
    """
    days, seats = _locked(meeting)
    seating.check_reason(reason)
    ends_at = starts_at + timedelta(minutes=minutes)
    seating.check_period(starts_at, ends_at)
    if (starts_at, ends_at) == (meeting.starts_at, meeting.ends_at):
        raise DomainError(_("It is at that time already."))
    before = meeting.starts_at
    lost = places.reseat(meeting, seats, starts_at, ends_at)
    meeting.starts_at, meeting.ends_at, meeting.reason = starts_at, ends_at, reason
    meeting.booked_at = clock.now()
    meeting.moved_from, meeting.moved_by = before, Side.STAFF
    moved = ("starts_at", "ends_at", "moved_from", "moved_by")
    seating.raise_sequence(meeting, *moved, "reason", "booked_at")
    audit.record(
        by=by, action="meeting.moved", subject=meeting, cohort=meeting.cohort, reason=reason
    )
    announcements.moved(meeting, by=by, before=before)
    for seat in lost:
        _lose(days, seat)
    places.fill(places.together(meeting, days), by=by)
    _tell_waiting(meeting, became="moved")
    return meeting


def _lose(days: list[Meeting], seat: Participant) -> None:
    """The new time does not suit her: of a course, the other days are no use to her either."""
    others = Participant.objects.filter(
        meeting__in=days, person=seat.person_id, holds=True, starts_at__gt=clock.now()
    ).select_related("meeting", "person")
    rest = list(others.order_by("starts_at", "pk"))
    places.give_back(rest)
    announcements.gave_back([seat, *rest], clash=True)


def _tell_waiting(meeting: Meeting, *, became: str) -> None:
    """Whoever waits for this date is told once what became of it."""
    rows = places.line(training.series_of(meeting), meeting).select_related("person")
    announcements.waiting(meeting, [row.person for row in rows], became=became)


@transaction.atomic
def cancel(*, meeting: Meeting, reason: str, by: User) -> Meeting:
    """Cancel a date with a reason: everyone enrolled is told, and her time is free again.

    So are those who wait, and their list ends; that of a course with its last day.
    """
    days, seats = _locked(meeting)
    seating.check_reason(reason)
    meeting.state, meeting.cancelled_by = MeetingState.CANCELLED, Side.STAFF
    meeting.cancelled_at, meeting.reason = clock.now(), reason
    Participant.objects.filter(meeting=meeting).update(holds=False)
    seating.raise_sequence(meeting, "state", "cancelled_by", "cancelled_at", "reason")
    audit.record(
        by=by, action="meeting.cancelled", subject=meeting, cohort=meeting.cohort, reason=reason
    )
    holding = [seat for seat in seats if seat.holds]
    announcements.cancelled(meeting, holding, by=by, was_booked=True)
    if days == [meeting]:
        _tell_waiting(meeting, became="cancelled")
        places.line(training.series_of(meeting), meeting).delete()
    return meeting


def _locked(meeting: Meeting) -> tuple[list[Meeting], list[Participant]]:
    """A date that is still to come, with what belongs to it, and its seats; for this act alone."""
    days = places.lock(meeting)
    places.turns(days, seated=True)
    seats = seating.turn(meeting)
    seating.need_state(meeting, MeetingState.BOOKED)
    if meeting.starts_at <= clock.now():
        raise DomainError(_("This date has begun. Write the attendance list instead."))
    return days, seats


def _is_taken(series: Series) -> bool:
    list(series.meetings.select_for_update().order_by("pk"))
    seats = Participant.objects.filter(meeting__series=series, holds=True)
    return seats.exists() or series.waiting.exists()


def _set_details(series: Series, details: dict[str, Any]) -> None:
    for name, value in details.items():
        if name not in DETAILS:
            raise TypeError(f"a series has no {name}")
        setattr(series, name, " ".join(value.split()) if isinstance(value, str) else value)
    if not series.title:
        raise DomainError(_("Give it a title."), field="title")


def _check_room(series: Series, ahead: Sequence[Meeting]) -> None:
    if series.capacity is None:
        return
    over = Participant.objects.filter(meeting__in=ahead, place__gt=series.capacity)
    if over.exists():
        raise DomainError(
            _("More people are enrolled in a date to come than would have a place."),
            field="capacity",
        )


def _meeting(series: Series, planned: Planned, by: User) -> Meeting:
    meeting = Meeting(
        cohort_id=series.cohort_id,
        series=series,
        kind=series.kind,
        state=MeetingState.BOOKED,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        time_zone=series.time_zone,
        created_by=by,
        created_side=Side.STAFF,
        booked_at=clock.now(),
    )
    _take_over(meeting, series)
    return meeting


def _take_over(meeting: Meeting, series: Series) -> None:
    meeting.mode, meeting.place = series.mode, series.place
    meeting.video_link, meeting.capacity = series.video_link, series.capacity
