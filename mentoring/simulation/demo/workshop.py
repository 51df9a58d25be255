"""A small workshop of the demo that is full: two have a place, and the mentor on show waits."""

from datetime import datetime, time, timedelta

from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs.models import Cohort, Enrollment
from sessions.models import Mode, SeriesKind
from sessions.services import enrolling, series, waiting

# Before rounds: nothing else of the play is so early.
EARLY, MINUTES, PLACES = time(7, 30), 45, 2
AHEAD, FRIDAY = timedelta(days=12), 4


def open_full(cohort: Cohort, *, by: User, waits: User, now: datetime) -> None:
    """Open it, let two take its places, and put the third on the waiting list."""
    day = (now + AHEAD).astimezone(cohort.zone).date()
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > FRIDAY else 0)
    made = series.open_series(
        cohort=cohort,
        kind=SeriesKind.TRAINING,
        audience=Role.MENTOR,
        planned=series.preview(cohort=cohort, first=day, at=EARLY, minutes=MINUTES),
        minutes=MINUTES,
        by=by,
        title="Workshop: when a student fails an exam",
        mode=Mode.IN_PERSON,
        place="Skills lab, room 2",
        capacity=PLACES,
    )
    date = made.meetings.get()
    others = Enrollment.objects.filter(
        cohort=cohort, role=Role.MENTOR, state=Enrollment.State.ACTIVE
    ).exclude(person=waits)
    for row in others.select_related("person").order_by("pk")[:PLACES]:
        enrolling.enroll(meeting=date, by=row.person)
    waiting.wait(meeting=date, by=waits)
