"""What the other side changed about meetings that were still to come."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from matching.models import Membership
from matching.names import with_whom
from mentoring import clock
from mentoring.accounts.models import User
from sessions import queries
from sessions.circle import side_of
from sessions.models import MeetingState, Side
from sessions.presenters import MeetingRow, meeting_rows, names_in, with_people
from sessions.times import When


@dataclass(frozen=True)
class Change:
    """A sentence about a meeting that the other side moved or cancelled."""

    side: str
    text: str
    row: MeetingRow


def changes(user: User) -> list[Change]:
    """Moves and cancellations by others, until the former time has passed."""
    now = clock.now()
    moved = Q(state=MeetingState.BOOKED, moved_from__gt=now)
    cancelled = Q(state=MeetingState.CANCELLED, starts_at__gt=now) & ~Q(cancelled_by="")
    rows = with_people(queries.meetings_of(user).filter(moved | cancelled).order_by("starts_at"))
    found = []
    for row in meeting_rows(rows, user):
        by = row.meeting.cancelled_by or row.meeting.moved_by
        if by != row.side:
            found.append(Change(row.side, _said(row, by), row))
    return found


def _said(row: MeetingRow, by: str) -> str:
    meeting = row.meeting
    people = [seat.person.full_name for seat in row.seats if side_of(seat.role) == by]
    facts: dict[str, Any] = {"name": with_whom(people), "when": row.when}
    if by == Side.STAFF or not people:
        return _("Your meeting of %(when)s does not take place.") % facts
    if meeting.state == MeetingState.BOOKED:
        zone, length = row.when.starts.tzinfo, meeting.ends_at - meeting.starts_at
        before = (meeting.moved_from or meeting.starts_at).astimezone(zone)
        facts["before"] = When(before, before + length, row.when.note)
        return _("%(name)s moved your meeting of %(before)s to %(when)s.") % facts
    if meeting.booked_at:
        return _("%(name)s cancelled your meeting of %(when)s.") % facts
    if row.mine is not None and meeting.created_by_id == row.mine.person_id:
        return _("%(name)s cannot come at the time you proposed: %(when)s.") % facts
    return _("%(name)s took back the proposal of %(when)s.") % facts


@dataclass(frozen=True)
class Letters:
    """Unread messages of one mentorship."""

    names: str
    url: str
    number: int


def letters(user: User, places: list[Membership], unread: dict[int, int]) -> list[Letters]:
    """Those of these places, with the people who wrote."""
    return [
        Letters(
            names_in(place.mentorship, besides=user),
            reverse("sessions:thread", args=[place.mentorship.key]),
            unread[place.mentorship_id],
        )
        for place in places
        if unread.get(place.mentorship_id)
    ]
