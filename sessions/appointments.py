"""What somebody has arranged for days on which she is going to be away."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from mentoring import clock
from mentoring.ports import Appointment
from programs.models import Enrollment
from sessions import queries
from sessions.models import Meeting, MeetingState, Participant
from sessions.presenters import MeetingRow, meeting_rows, with_people


def between(enrollment: Enrollment, first: date, last: date) -> Iterator[Appointment]:
    """Booked meetings, and proposals that are open or the person's own, by the cohort's clock."""
    zone, reader = enrollment.cohort.zone, enrollment.person
    seats = Participant.objects.filter(enrollment=enrollment).exclude(
        answer=Participant.Answer.DECLINED
    )
    rows = Meeting.objects.filter(
        pk__in=seats.values("meeting"),
        state__in=queries.OPEN,
        starts_at__gt=clock.now(),
        starts_at__lt=datetime.combine(last + timedelta(days=1), time(), zone),
        ends_at__gt=datetime.combine(first, time(), zone),
    )
    for row in meeting_rows(with_people(rows.order_by("starts_at")), reader):
        if row.meeting.of_cohort:
            day = row.meeting.starts_at.astimezone(zone).date()
            yield Appointment(
                day, f"{row.when}, {row.names}", row.url, ((_("Give the place back"), row.url),)
            )
            continue
        said = _("%(when)s, with %(people)s") % {"when": row.when, "people": row.names}
        if row.meeting.state == MeetingState.PROPOSED:
            said = _("Proposed: %(what)s") % {"what": said}
        day = row.meeting.starts_at.astimezone(zone).date()
        yield Appointment(day, said, row.url, _acts(row))


def _acts(row: MeetingRow) -> tuple[tuple[str, str], ...]:
    key = row.meeting.key
    if row.meeting.state == MeetingState.BOOKED:
        return (
            (_("Move"), reverse("sessions:move", args=[key])),
            (_("Cancel"), reverse("sessions:cancel", args=[key])),
        )
    if row.mine is not None and row.meeting.created_by_id == row.mine.person_id:
        return ((_("Take it back"), reverse("sessions:cancel", args=[key])),)
    return ((_("Answer"), row.url),)
