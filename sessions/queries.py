"""A person's meetings and places, and what waits for her."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES
from sessions.circle import Circle, circle, seats_of
from sessions.models import (
    Meeting,
    MeetingState,
    Message,
    Participant,
    Side,
    ThreadRead,
)

OPEN = (MeetingState.PROPOSED, MeetingState.BOOKED)
# How long the other side is asked to confirm; silence then means consent.
CONFIRMABLE = timedelta(days=14)


def meetings_of(user: User) -> QuerySet[Meeting]:
    """The meetings that are this person's."""
    return Meeting.objects.filter(pk__in=seats_of(user).values("meeting"))


def as_left(mentorship: Mentorship, person: User) -> tuple[Circle, datetime]:
    """Who was in it when this person's last place ended, and when that was."""
    ended = mentorship.memberships.filter(person=person).aggregate(at=Max("ended_at"))["at"]
    then = circle(mentorship, at=ended - timedelta(microseconds=1)).members
    known = tuple(member for member in then if member.started_at < ended)
    return Circle(mentorship, known), ended


def waiting_for(user: User) -> QuerySet[Participant, Any]:
    """The ids of meetings that wait for this person: an answer, a record, a confirmation."""
    now = clock.now()
    # Trainings and supervisions wait for whoever leads them, not for those who come.
    seats = seats_of(user).filter(meeting__series=None)
    answer = Q(meeting__state__in=OPEN, answer=Participant.Answer.OPEN, meeting__starts_at__gt=now)
    record = Q(meeting__state=MeetingState.BOOKED, holds=True, meeting__starts_at__lte=now)
    unsettled = Q(
        meeting__state__in=[MeetingState.HELD, MeetingState.MISSED],
        meeting__confirmed_at=None,
        meeting__disputed_at=None,
        meeting__recorded_at__gt=now - CONFIRMABLE,
    ) & ~Q(answer=Participant.Answer.DECLINED)
    mentors = Q(role__in=MENTOR_ROLES)
    of_the_others = (mentors & ~Q(meeting__recorded_side=Side.MENTOR)) | (
        ~mentors & ~Q(meeting__recorded_side=Side.STUDENT)
    )
    return seats.filter(answer | record | (unsettled & of_the_others)).values("meeting_id")


def live_memberships(user: User) -> QuerySet[Membership]:
    """The places this person has today, with what pages say about them."""
    return (
        Membership.objects.filter(person=user, ended_at=None, mentorship__state__in=Mentorship.LIVE)
        .select_related("mentorship__cohort", "enrollment__cohort")
        .prefetch_related("mentorship__memberships__person")
        .order_by("pk")
    )


def unread(user: User) -> dict[int, int]:
    """How many messages wait unread in each mentorship of this person, in one query."""
    mine = Membership.objects.filter(
        person=user, mentorship=OuterRef("mentorship"), ended_at=None
    ).order_by("pk")
    seen = ThreadRead.objects.filter(person=user, mentorship=OuterRef("mentorship"))
    rows = (
        Message.objects.exclude(author=user)
        .annotate(
            joined=Subquery(mine.values("started_at")[:1]),
            seen=Subquery(seen.values("read_at")[:1]),
        )
        .filter(Q(seen=None) | Q(sent_at__gt=F("seen")), sent_at__gte=F("joined"))
    )
    counted = rows.order_by().values("mentorship").annotate(n=Count("pk"))
    return {row["mentorship"]: row["n"] for row in counted}
