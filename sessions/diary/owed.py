"""What is due and written, from the database: three queries, however many people are asked about.

Nothing is stored about it. Existence and dates only; no text is opened here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet

from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES
from programs.calendar import Calendar
from programs.models import Absence, Cohort, Edition, EnrollmentYear, ProgramVersion
from programs.queries import calendar_of, with_years
from sessions.diary.due import (
    Days,
    Duty,
    Owed,
    Period,
    Place,
    Written,
    duty,
    per_meeting,
    per_unit,
    periods,
)
from sessions.models import (
    DiaryEntry,
    MeetingKind,
    MeetingState,
    Participant,
    ParticipantAttendance,
)

KINDS = (MeetingKind.MENTORING, MeetingKind.GROUP)


@dataclass(frozen=True)
class Asks:
    """What one cohort's program asks for, and the calendar in which it is counted."""

    zone: ZoneInfo
    edition: Period
    terms: tuple[Period, ...]
    duties: Mapping[str, Duty]

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


DaysFor = Callable[[Place | None, int], Days]
Pairs = QuerySet[Membership, Any]
Seats = Mapping[tuple[int, int], list[tuple[int, date]]]
Entries = Mapping[tuple[int, int], list[Written]]


def asks_of(cohort: Cohort, edition: Edition | None = None) -> Asks | None:
    """What a cohort asks for in an edition, else the current one; ``None``: for no diary."""
    edition = edition or cohort.edition
    duties = duties_of(cohort, edition)
    if not duties:
        return None
    terms = tuple((term.starts, term.ends) for term in edition.terms.all())
    return Asks(cohort.zone, (edition.starts, edition.ends), terms, duties)


def duties_of(cohort: Cohort, edition: Edition | None = None) -> dict[str, Duty]:
    """Which mentoring roles owe a diary. Students may keep one; it is never due."""
    spec = (edition or cohort.edition).version.spec
    found = {str(role): duty(spec, str(role)) for role in MENTOR_ROLES}
    return {role: asked for role, asked in found.items() if asked is not None}


def owed(
    asks: Mapping[int, Asks], memberships: QuerySet[Membership], days_for: DaysFor
) -> list[Owed]:
    """Every entry asked of these mentors so far, written or not; ``asks`` by cohort.

    ``days_for(place, cohort)`` gives the days that count for a mentor (for everyone where
    ``place`` is ``None``).
    """
    mentors = memberships.filter(mentorship__cohort__in=list(asks), role__in=list(MENTOR_ROLES))
    there = list(places(asks, mentors))
    if not there:
        return []
    pairs = mentors.order_by().values("mentorship")
    seats, entries = _seats(asks, pairs), _entries(asks, pairs)
    found: list[Owed] = []
    for place in there:
        found += _of_place(place, asks[place.cohort], seats, entries, days_for)
    return found


def _of_place(
    place: Place, asks: Asks, seats: Seats, entries: Entries, days_for: DaysFor
) -> list[Owed]:
    asked, key = asks.duties[place.role], (place.mentorship, place.person)
    days, written = days_for(place, place.cohort), entries.get(key, [])
    if not asked.times:
        meetings = [
            (meeting, day)
            for meeting, day in seats.get(key, [])
            if place.starts <= day and (place.ends is None or day <= place.ends)
        ]
        return per_meeting(place, asked, meetings, written, days)
    today = asks.day(clock.now())
    spans = [span for span in periods(asked.unit, asks.edition, asks.terms) if span[0] <= today]
    everyone = days_for(None, place.cohort)
    return per_unit(place, asked, spans, written, days=days, everyone=everyone)


def places(asks: Mapping[int, Asks], mentors: QuerySet[Membership]) -> Iterable[Place]:
    """The places of those mentors who owe a diary; one query."""
    rows = mentors.order_by("pk").values_list(
        "pk",
        "mentorship_id",
        "mentorship__cohort_id",
        "enrollment_id",
        "person_id",
        "role",
        "started_at",
        "ended_at",
    )
    for pk, mentorship, cohort, enrollment, person, role, starts, ends in rows:
        asked = asks[cohort]
        if role in asked.duties:
            until = asked.day(ends) if ends else None
            yield Place(pk, mentorship, cohort, enrollment, person, role, asked.day(starts), until)


def _seats(asks: Mapping[int, Asks], pairs: Pairs) -> Seats:
    """Held meetings at which these mentors were, in the current edition."""
    found: dict[tuple[int, int], list[tuple[int, date]]] = defaultdict(list)
    rows = Participant.objects.filter(
        meeting__mentorship__in=pairs,
        meeting__state=MeetingState.HELD,
        meeting__kind__in=KINDS,
        role__in=list(MENTOR_ROLES),
        attendance=ParticipantAttendance.PRESENT,
    )
    for cohort, mentorship, person, meeting, starts in rows.order_by("starts_at", "pk").values_list(
        "meeting__cohort_id", "meeting__mentorship_id", "person_id", "meeting_id", "starts_at"
    ):
        day = asks[cohort].day(starts)
        first, last = asks[cohort].edition
        if mentorship is not None and first <= day <= last:
            found[mentorship, person].append((meeting, day))
    return found


def _entries(asks: Mapping[int, Asks], pairs: Pairs) -> Entries:
    found: dict[tuple[int, int], list[Written]] = defaultdict(list)
    rows = DiaryEntry.objects.filter(mentorship__in=pairs, written_at__isnull=False)
    for cohort, mentorship, person, meeting, day, written in rows.order_by("pk").values_list(
        "mentorship__cohort_id", "mentorship_id", "author_id", "meeting_id", "day", "written_at"
    ):
        if written is not None:
            on = asks[cohort].day(written)
            found[mentorship, person].append(Written(meeting, day, on))
    return found


def last_saved(
    asks: Mapping[int, Asks], memberships: QuerySet[Membership]
) -> dict[tuple[int, int], date]:
    """The day on which each author last began an entry, by mentorship and person; one query."""
    pairs = memberships.order_by().values("mentorship")
    rows = (
        DiaryEntry.objects.filter(mentorship__in=pairs, written_at__isnull=False)
        .order_by()
        .values_list("mentorship__cohort_id", "mentorship_id", "author_id")
        .annotate(last=Max("written_at"))
    )
    return {
        (mentorship, author): asks[cohort].day(last) for cohort, mentorship, author, last in rows
    }


@dataclass(frozen=True)
class CalendarDays:
    """The days that count for one person, by the cohort's calendar."""

    calendar: Calendar
    class_year: int | None = None
    absences: tuple[tuple[date, date], ...] = ()

    def date_after(self, since: date, days: int) -> date:
        return self.calendar.date_after(
            since, days, class_year=self.class_year, absences=self.absences
        )

    def between(self, first: date, last: date) -> int:
        before = date.fromordinal(first.toordinal() - 1)
        if last < first:
            return 0
        return self.calendar.days_since(
            before, last, class_year=self.class_year, absences=self.absences
        )


def calendar_days(cohorts: Iterable[Cohort], people: Iterable[int]) -> DaysFor:
    """The days of these enrollments in these cohorts, as home cards and figures count them."""
    calendars = {cohort.pk: calendar_of(cohort) for cohort in cohorts}
    away: dict[int, list[Period]] = defaultdict(list)
    enrollments = list(people)
    for key, starts, ends in Absence.objects.filter(enrollment__in=enrollments).values_list(
        "enrollment_id", "starts", "ends"
    ):
        away[key].append((starts, ends))
    years = dict(
        EnrollmentYear.objects.filter(enrollment__in=enrollments)
        .order_by("academic_year")
        .values_list("enrollment_id", "class_year")
    )

    def days_for(place: Place | None, cohort: int) -> Days:
        if place is None:
            return CalendarDays(calendars[cohort])
        key = place.enrollment
        return CalendarDays(calendars[cohort], years.get(key), tuple(away.get(key, ())))

    return days_for


def of_cohort(cohort: Cohort) -> list[Owed]:
    """Everything the cohort's program has asked for so far, of mentors past and present."""
    asks = asks_of(cohort)
    if asks is None:
        return []
    rows = Membership.objects.filter(mentorship__cohort=cohort)
    people = rows.filter(role__in=list(MENTOR_ROLES)).values_list("enrollment_id", flat=True)
    return owed({cohort.pk: asks}, rows, calendar_days([cohort], people))


def is_asked(user: User) -> bool:
    """Whether any program in which this person mentors asks her for a diary; two queries."""
    roles = list(_mentoring(user).values_list("mentorship__cohort", "role"))
    versions = ProgramVersion.objects.filter(editions__cohort__in={cohort for cohort, _ in roles})
    asked = {role for version in versions for role in MENTOR_ROLES if duty(version.spec, role)}
    return any(role in asked for _, role in roles)


def waiting_for(user: User, *, pressing: bool = False) -> list[Owed]:
    """What this mentor has not written yet, the latest first.

    ``pressing``: without what an entry saved after its day has settled (M9). Whoever writes again
    is not asked about every meeting she has passed over, though she still may write.
    """
    live = _mentoring(user)
    places = list(live.select_related("mentorship__cohort"))
    cohorts = {place.mentorship.cohort_id: place.mentorship.cohort for place in places}
    asks = {row.pk: found for row in with_years(cohorts.values()) if (found := asks_of(row))}
    if not asks:
        return []
    days_for = calendar_days(
        [cohorts[pk] for pk in asks], [place.enrollment_id for place in places]
    )
    waiting = [one for one in owed(asks, live, days_for) if one.written_on is None]
    if pressing:
        saved = last_saved(asks, live)
        waiting = [
            one
            for one in waiting
            if saved.get((one.place.mentorship, one.place.person), date.min) <= one.due_on
        ]
    return sorted(waiting, key=lambda one: (one.last, one.number), reverse=True)


def _mentoring(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(
        person=user,
        ended_at=None,
        mentorship__state__in=Mentorship.LIVE,
        role__in=list(MENTOR_ROLES),
    )
