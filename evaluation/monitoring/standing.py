"""Which mentorships have a meeting booked that still stands."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from matching.models import Membership
from sessions.models import Meeting, MeetingState

# A booked meeting that is over but not recorded yet counts as standing for so long: people are
# asked how it went, and most record it within days.
UNRECORDED_DAYS = 7


def standing(now: datetime) -> QuerySet[Meeting]:
    """Booked meetings to come, or lately past and not recorded."""
    return Meeting.objects.filter(
        state=MeetingState.BOOKED, ends_at__gt=now - timedelta(days=UNRECORDED_DAYS)
    )


def standing_bookings(now: datetime, live: QuerySet[Membership]) -> set[int]:
    """The mentorships, among those of these memberships, that have one; one query."""
    rows = standing(now).filter(mentorship__in=live.values("mentorship"))
    return set(rows.values_list("mentorship_id", flat=True))
