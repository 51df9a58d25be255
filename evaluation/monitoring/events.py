"""What became of meetings, one side at a time: came, or did not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from django.db.models import Case, Count, DateTimeField, F, Max, Q, QuerySet, When

from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.world import World
from matching.models import MentorshipState
from mentoring.accounts.permissions import Role
from sessions.models import Meeting, MeetingState, Participant, ParticipantAttendance, Side

DECIDED = (MeetingState.HELD, MeetingState.MISSED)
BY_STUDENT = Q(state=MeetingState.MISSED, missed_by__in=[Side.STUDENT, Side.BOTH])
BY_MENTOR = Q(state=MeetingState.MISSED, missed_by__in=[Side.MENTOR, Side.BOTH])
# Only what had been booked can be let down; a proposal that is withdrawn harms nobody.
CALLED_OFF = Q(state=MeetingState.CANCELLED, cancelled_by=Side.MENTOR, booked_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Miss:
    """A meeting that one side let fall."""

    at: datetime
    meeting: int


@dataclass(slots=True)
class Story:
    """One side's misses, in order of time, and when it last came."""

    misses: list[Miss] = field(default_factory=list)
    came: datetime | None = None


def meetings(world: World, cohorts: Iterable[int]) -> QuerySet[Meeting]:
    """Meetings of active mentorships since the current editions began."""
    begins = [world.scopes[cohort].edition[0] for cohort in cohorts]
    rows = Meeting.objects.filter(
        mentorship__state=MentorshipState.ACTIVE, cohort__in=list(cohorts)
    )
    if not begins:
        return rows.none()
    # A day's slack: each cohort's own dates are looked at afterwards.
    first = datetime.combine(min(begins), time.min, tzinfo=UTC) - timedelta(days=1)
    return rows.filter(starts_at__gte=first)


def let_down_twice(rows: QuerySet[Meeting], missed: Q, at: Case | F) -> list[int]:
    """Mentorships with two such meetings or more, and none held since the last of them."""
    counted = rows.values("mentorship").annotate(
        times=Count("pk", filter=missed),
        last=Max(at, filter=missed),
        held=Max("starts_at", filter=Q(state=MeetingState.HELD)),
    )
    found = counted.filter(Q(held=None) | Q(last__gt=F("held")), times__gte=2)
    return list(found.order_by().values_list("mentorship", flat=True))


def absent_twice(world: World, rows: QuerySet[Meeting]) -> list[int]:
    """Groups in which one student stayed away from two meetings that were held, or more."""
    places = Participant.objects.filter(
        meeting__in=rows.filter(AnyOf("mentorship_id", world.groups), state=MeetingState.HELD),
        role=Role.STUDENT,
        attendance=ParticipantAttendance.ABSENT,
    )
    counted = places.values("meeting__mentorship", "person").annotate(times=Count("pk"))
    found = counted.filter(times__gte=2).order_by()
    return list(found.values_list("meeting__mentorship", flat=True))


def student_stories(rows: QuerySet[Meeting]) -> dict[tuple[int, int], Story]:
    """By mentorship and enrollment; excuses are no misses, and prove nothing either."""
    places = Participant.objects.filter(
        meeting__in=rows.filter(state__in=DECIDED), role=Role.STUDENT
    )
    who = ("meeting__mentorship", "enrollment")
    stories: dict[tuple[int, int], Story] = {}
    missed = Q(attendance=ParticipantAttendance.ABSENT) & ~Q(meeting__missed_by=Side.MENTOR)
    # An older record may say which side missed the meeting, and nothing of each person.
    missed |= Q(
        attendance=ParticipantAttendance.UNKNOWN,
        meeting__state=MeetingState.MISSED,
        meeting__missed_by__in=[Side.STUDENT, Side.BOTH],
    )
    misses = places.filter(missed).order_by("starts_at", "meeting_id")
    for mentorship, enrollment, at, meeting in misses.values_list(*who, "starts_at", "meeting_id"):
        story = stories.setdefault((mentorship, enrollment), Story())
        story.misses.append(Miss(at, meeting))
    came = places.filter(attendance=ParticipantAttendance.PRESENT, meeting__state=MeetingState.HELD)
    last = came.values(*who).annotate(last=Max("starts_at")).order_by()
    for mentorship, enrollment, at in last.values_list(*who, "last"):
        stories.setdefault((mentorship, enrollment), Story()).came = at
    return stories


MENTOR_MOMENT = Case(
    When(state=MeetingState.CANCELLED, then=F("cancelled_at")),
    default=F("starts_at"),
    output_field=DateTimeField(),
)


def mentor_stories(rows: QuerySet[Meeting]) -> dict[int, Story]:
    """By mentorship: what the mentor's side let fall, and when they last met."""
    stories: dict[int, Story] = {}
    misses = rows.filter(BY_MENTOR | CALLED_OFF).annotate(moment=MENTOR_MOMENT)
    for mentorship, at, meeting in misses.order_by("moment", "pk").values_list(
        "mentorship_id", "moment", "pk"
    ):
        if mentorship is not None:
            stories.setdefault(mentorship, Story()).misses.append(Miss(at, meeting))
    held = rows.filter(state=MeetingState.HELD).values("mentorship").order_by()
    for mentorship, at in held.annotate(last=Max("starts_at")).values_list("mentorship", "last"):
        stories.setdefault(mentorship, Story()).came = at
    return stories
