"""How often people were in touch, read from what the play left in the database."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from mentoring.simulation.plan.calendar import Calendar, needed
from mentoring.simulation.player import Performance
from sessions.models import Contact, Meeting


def figures(performance: Performance) -> dict[str, float]:
    """The shares of section 9: weekly, meet_monthly (only with a whole month in the run), never."""
    calendar = performance.calendar
    ids = [mentorship.pk for mentorship in performance.stage.mentorships]
    met = _days(
        calendar,
        Meeting.objects.filter(mentorship__in=ids, state=Meeting.State.HELD).values_list(
            "mentorship_id", "starts_at"
        ),
    )
    noted = _days(
        calendar, Contact.objects.filter(mentorship__in=ids).values_list("mentorship_id", "at")
    )
    found = {
        "weekly": sum(_weekly(calendar, met[pk] | noted[pk]) for pk in ids),
        "never": sum(not met[pk] and not noted[pk] for pk in ids),
    }
    if calendar.whole_months:
        found["meet_monthly"] = sum(_monthly(calendar, met[pk]) for pk in ids)
    return {key: round(number / max(1, len(ids)), 4) for key, number in sorted(found.items())}


def _days(calendar: Calendar, rows: Iterable[tuple[int | None, object]]) -> dict[int, set[date]]:
    days: dict[int, set[date]] = defaultdict(set)
    for mentorship, at in rows:
        if mentorship is not None:
            days[mentorship].add(at.astimezone(calendar.zone).date())  # type: ignore[attr-defined]
    return days


def _weekly(calendar: Calendar, days: set[date]) -> bool:
    weeks = {calendar.week_of(day) for day in days} & set(calendar.open_weeks)
    return bool(weeks) and len(weeks) >= needed(len(calendar.open_weeks))


def _monthly(calendar: Calendar, days: set[date]) -> bool:
    months = sum(
        any(month.first <= day <= month.last for day in days) for month in calendar.whole_months
    )
    return months >= needed(len(calendar.whole_months))
