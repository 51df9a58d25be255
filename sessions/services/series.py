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
from sessions import announcements
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
