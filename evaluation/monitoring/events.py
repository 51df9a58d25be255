"""What became of meetings, one side at a time: came, or did not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, DateTimeField, F, Max, Q, QuerySet, When

from evaluation.monitoring.world import World
from matching.models import MentorshipState
from mentoring.accounts.permissions import Role
from sessions.models import Meeting, MeetingState, Participant, ParticipantAttendance, Side

DECIDED = (MeetingState.HELD, MeetingState.MISSED)
BY_STUDENT = Q(state=MeetingState.MISSED, missed_by__in=[Side.STUDENT, Side.BOTH])
BY_MENTOR = Q(state=MeetingState.MISSED, missed_by__in=[Side.MENTOR, Side.BOTH])
# Only what had been booked can be let down; a proposal that is withdrawn harms nobody.
CALLED_OFF = Q(state=MeetingState.CANCELLED, cancelled_by=Side.MENTOR, booked_at__isnull=False)
CAME, MISSED, NEUTRAL = "came", "missed", "neutral"


@dataclass(frozen=True, slots=True)
class Event:
    """One meeting as it went for one side."""

    at: datetime
    meeting: int
    came: bool


def meetings(world: World, cohorts: Iterable[int]) -> QuerySet[Meeting]:
    """Meetings of active mentorships since the current editions began."""
    begins = [world.scopes[cohort].edition[0] for cohort in cohorts]
    rows = Meeting.objects.filter(
        mentorship__state=MentorshipState.ACTIVE, cohort__in=list(cohorts)
    )
    return rows.filter(starts_at__date__gte=min(begins)) if begins else rows.none()


def let_down_twice(rows: QuerySet[Meeting], missed: Q, at: Case | F) -> list[int]:
    """Mentorships with two such meetings or more, and none held since the last of them."""
    counted = rows.values("mentorship").annotate(
        times=Count("pk", filter=missed),
        last=Max(at, filter=missed),
        held=Max("starts_at", filter=Q(state=MeetingState.HELD)),
    )
    found = counted.filter(Q(held=None) | Q(last__gt=F("held")), times__gte=2)
    return [row["mentorship"] for row in found.order_by("mentorship")]


def absent_twice(world: World, cohorts: Iterable[int]) -> list[int]:
    """Mentorships in which one student stayed away from two meetings of her group, or more."""
    rows = Participant.objects.filter(
        meeting__in=meetings(world, cohorts).filter(state=MeetingState.HELD),
        role=Role.STUDENT,
        attendance=ParticipantAttendance.ABSENT,
    )
    counted = rows.values("meeting__mentorship", "person").annotate(times=Count("pk"))
    found = counted.filter(times__gte=2).order_by("meeting__mentorship")
    return [row["meeting__mentorship"] for row in found]


def student_events(rows: QuerySet[Meeting]) -> dict[tuple[int, int], list[Event]]:
    """By mentorship and enrollment, in order of time: did the student come? Excuses are neither."""
    found: dict[tuple[int, int], list[Event]] = {}
    places = Participant.objects.filter(
        meeting__in=rows.filter(state__in=DECIDED), role=Role.STUDENT
    ).order_by("starts_at", "meeting_id")
    for mentorship, enrollment, at, meeting, state, missed_by, attendance in places.values_list(
        "meeting__mentorship",
        "enrollment",
        "starts_at",
        "meeting",
        "meeting__state",
        "meeting__missed_by",
        "attendance",
    ):
        how = _student_came(state, missed_by, attendance)
        if how != NEUTRAL:
            found.setdefault((mentorship, enrollment), []).append(Event(at, meeting, how == CAME))
    return found


def _student_came(state: str, missed_by: str, attendance: str) -> str:
    if attendance == ParticipantAttendance.EXCUSED:
        return NEUTRAL
    if state == MeetingState.HELD:
        # Who was invited to a group and never answered is not known to have come or not.
        known = {ParticipantAttendance.PRESENT: CAME, ParticipantAttendance.ABSENT: MISSED}
        return known.get(ParticipantAttendance(attendance), NEUTRAL)
    if missed_by == Side.MENTOR or attendance == ParticipantAttendance.PRESENT:
        # She was there, and the mentor was not: nothing to her credit or debit.
        return NEUTRAL
    return MISSED


MENTOR_MOMENT = Case(
    When(state=MeetingState.CANCELLED, then=F("cancelled_at")),
    default=F("starts_at"),
    output_field=DateTimeField(),
)


def mentor_events(rows: QuerySet[Meeting]) -> dict[int, list[Event]]:
    """By mentorship, in order of time: held, or let down by the mentor's side."""
    found: dict[int, list[Event]] = {}
    chosen = rows.filter(Q(state=MeetingState.HELD) | BY_MENTOR | CALLED_OFF)
    for mentorship, at, meeting, state in chosen.annotate(moment=MENTOR_MOMENT).values_list(
        "mentorship_id", "moment", "pk", "state"
    ):
        event = Event(at, meeting, state == MeetingState.HELD)
        found.setdefault(mentorship, []).append(event)
    for events in found.values():
        events.sort(key=lambda event: (event.at, event.meeting))
    return found


def last_run(events: list[Event]) -> Iterator[Event]:
    """The misses since somebody last came, oldest first."""
    run: list[Event] = []
    for event in reversed(events):
        if event.came:
            break
        run.append(event)
    return reversed(run)
