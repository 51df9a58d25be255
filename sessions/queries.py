"""Facts about meetings, contacts and answers: set-based, a fixed number of queries per cohort.

Nothing here reads what was said; times, states and counts only.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Cohort
from sessions.circle import Circle, circle, seats_of
from sessions.models import (
    Contact,
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
    seats = seats_of(user)
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


def last_held(cohort: Cohort) -> dict[int, datetime]:
    """When each mentorship last met (those that never did are absent)."""
    rows = _held(cohort).values("mentorship").annotate(at=Max("starts_at"))
    return {row["mentorship"]: row["at"] for row in rows.order_by()}


def last_held_by_student(cohort: Cohort) -> dict[int, datetime]:
    """When each student (by enrollment) was last present: a group may meet without her."""
    rows = Participant.objects.filter(
        meeting__cohort=cohort,
        meeting__state=MeetingState.HELD,
        meeting__mentorship__isnull=False,
        role=Role.STUDENT,
        attendance=Participant.Attendance.PRESENT,
    )
    found = rows.values("enrollment").annotate(at=Max("starts_at")).order_by()
    return {row["enrollment"]: row["at"] for row in found}


def held_counts(cohort: Cohort, *, since: datetime | None = None) -> dict[int, int]:
    """How often each mentorship has met."""
    rows = _held(cohort)
    if since is not None:
        rows = rows.filter(starts_at__gte=since)
    counted = rows.values("mentorship").annotate(n=Count("pk")).order_by()
    return {row["mentorship"]: row["n"] for row in counted}


def next_booked(cohort: Cohort) -> dict[int, datetime]:
    """When each mentorship will next meet."""
    rows = Meeting.objects.filter(
        cohort=cohort, state=MeetingState.BOOKED, starts_at__gt=clock.now()
    ).exclude(mentorship=None)
    found = rows.values("mentorship").annotate(at=Min("starts_at")).order_by()
    return {row["mentorship"]: row["at"] for row in found}


def last_contact(cohort: Cohort) -> dict[int, datetime]:
    """When each mentorship was last in touch: a meeting held or a contact noted."""
    latest = last_held(cohort)
    rows = Contact.objects.filter(mentorship__cohort=cohort).values("mentorship")
    for row in rows.annotate(latest=Max("at")).order_by():
        known = latest.get(row["mentorship"])
        latest[row["mentorship"]] = max(known, row["latest"]) if known else row["latest"]
    return latest


@dataclass(frozen=True)
class Misses:
    """What one side of a mentorship let fall: meetings not come to, and bookings it cancelled."""

    missed: int = 0
    cancelled: int = 0


def misses(cohort: Cohort, side: Side, *, since: datetime | None = None) -> dict[int, Misses]:
    """Misses of one side per mentorship. A declined proposal was never booked and counts not."""
    rows = Meeting.objects.filter(cohort=cohort, mentorship__isnull=False)
    if since is not None:
        rows = rows.filter(starts_at__gte=since)
    missed = Q(state=MeetingState.MISSED, missed_by__in=[side, Side.BOTH])
    cancelled = Q(state=MeetingState.CANCELLED, cancelled_by=side, booked_at__isnull=False)
    counted = (
        rows.filter(missed | cancelled)
        .values("mentorship")
        .annotate(m=Count("pk", filter=missed), c=Count("pk", filter=cancelled))
        .order_by()
    )
    return {row["mentorship"]: Misses(row["m"], row["c"]) for row in counted}


def first_unanswered(cohort: Cohort, side: Side = Side.MENTOR) -> dict[int, datetime]:
    """Since when each live mentorship waits for an answer of ``side`` (who wait not are absent).

    A request is a message of the other side, or a proposed time that is still open. Answered by
    any later sign of life of ``side``: a message, a noted contact, a proposal, an agreement, a
    change, a record; and by a meeting held. Nine queries, whatever the size of the cohort.
    """
    signs = _last_signs(cohort, side)
    other = Side.STUDENT if side == Side.MENTOR else Side.MENTOR
    live = {pk for (pk,) in cohort.mentorships.filter(state__in=Mentorship.LIVE).values_list("pk")}
    waiting: dict[int, datetime] = {}
    requests = Message.objects.filter(mentorship__cohort=cohort, side=other)
    for mentorship, at in requests.order_by("sent_at").values_list("mentorship", "sent_at"):
        if mentorship in live and at > signs[mentorship]:
            waiting.setdefault(mentorship, at)
    # An open proposal is itself unanswered, whatever else was said since.
    proposals = Participant.objects.filter(
        meeting__cohort=cohort,
        meeting__state=MeetingState.PROPOSED,
        meeting__created_side=other,
        answer=Participant.Answer.OPEN,
        role__in=_roles(side),
    ).values_list("meeting__mentorship", "meeting__created_at")
    for mentorship, at in proposals:
        if mentorship in live:
            waiting[mentorship] = min(waiting.get(mentorship, at), at)
    return waiting


def _last_signs(cohort: Cohort, side: Side) -> defaultdict[int, datetime]:
    signs: defaultdict[int, datetime] = defaultdict(lambda: _EVER)

    def note(rows: Iterable[tuple[int, datetime | None]]) -> None:
        for mentorship, at in rows:
            if at is not None and at > signs[mentorship]:
                signs[mentorship] = at

    by_side = {"mentorship__cohort": cohort, "side": side}
    note(_latest(Message.objects.filter(**by_side), "sent_at"))
    note(_latest(Contact.objects.filter(**by_side), "created_at"))
    answers = Participant.objects.filter(
        meeting__cohort=cohort, meeting__mentorship__isnull=False, role__in=_roles(side)
    )
    note(_latest(answers, "answered_at", "meeting__mentorship"))
    meetings = Meeting.objects.filter(cohort=cohort, mentorship__isnull=False)
    note(_latest(meetings.filter(created_side=side), "created_at"))
    note(_latest(meetings.filter(recorded_side=side), "recorded_at"))
    note(_latest(meetings.filter(state=MeetingState.HELD), "ends_at"))
    return signs


_EVER = datetime.min.replace(tzinfo=UTC)


def _roles(side: Side) -> Iterable[Role]:
    return MENTOR_ROLES if side == Side.MENTOR else [Role.STUDENT]


def _latest(
    rows: QuerySet[Any], field: str, per: str = "mentorship"
) -> list[tuple[int, datetime | None]]:
    return list(rows.order_by().values_list(per).annotate(latest=Max(field)))


def _held(cohort: Cohort) -> QuerySet[Meeting]:
    return Meeting.objects.filter(cohort=cohort, state=MeetingState.HELD, mentorship__isnull=False)


def live_memberships(user: User) -> QuerySet[Membership]:
    """The places this person has today, with what pages say about them."""
    return (
        Membership.objects.filter(person=user, ended_at=None, mentorship__state__in=Mentorship.LIVE)
        .select_related("mentorship__cohort", "enrollment")
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
