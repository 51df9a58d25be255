"""The waiting list of a full date: put oneself on it, step down."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.rows import sole
from sessions import training
from sessions.models import Meeting, MeetingState, Participant, Waiting
from sessions.services import places
from sessions.services.enrolling import give, held, may_come, need_open


@transaction.atomic
def wait(*, meeting: Meeting, by: User) -> Waiting | None:
    """Put oneself at the end of the list. ``None``: a place was free, and she has it now.

    Refused while something else holds her time, or where once is enough and she has a place.
    """
    enrollment = may_come(meeting, by)
    days = places.lock(meeting)
    places.turns(days, by.pk)
    need_open(meeting, days)
    series = training.series_of(meeting)
    if held(days, by):
        raise DomainError(_("You have a place already."))
    row = sole(training.line(series, meeting).filter(person=by))
    if row is not None:
        return row
    if places.counts_once(series) and _placed(series.pk, by):
        raise DomainError(
            _("You have a place on another date of this. Give it back first to wait here.")
        )
    places.fill(days, by=None)
    if give(meeting, days, enrollment, by) is not None:
        return None
    if places.is_busy(days, by):
        raise DomainError(places.BUSY)
    audit.record(by=by, action="meeting.waits", subject=meeting, cohort=meeting.cohort_id)
    return Waiting.objects.create(
        series=series,
        meeting=None if series.course else meeting,
        person=by,
        enrollment=enrollment,
    )


@transaction.atomic
def step_down(*, meeting: Meeting, by: User) -> None:
    """Wait no longer; a second time changes nothing."""
    places.lock(meeting)
    gone, _each = training.line(training.series_of(meeting), meeting).filter(person=by).delete()
    if gone:
        audit.record(
            by=by, action="meeting.stopped_waiting", subject=meeting, cohort=meeting.cohort_id
        )


def _placed(series: int, person: User) -> bool:
    return Participant.objects.filter(
        person=person,
        holds=True,
        meeting__series=series,
        meeting__state=MeetingState.BOOKED,
        starts_at__gt=clock.now(),
    ).exists()
