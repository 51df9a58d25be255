"""What became of meetings, one side at a time: came, or did not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from django.db.models import Case, Count, DateTimeField, F, Max, Q, QuerySet, When

from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.world import World
from matching.models import MentorshipState
from mentoring.accounts.permissions import Role
from sessions.models import Meeting, MeetingState, Participant, ParticipantAttendance, Side

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


def let_down_twice(rows: QuerySet[Meeting], missed: Q, at: Case | F) -> dict[int, datetime | None]:
    """Mentorships with two such meetings or more and none held since, and when they last met."""
    counted = rows.values("mentorship").annotate(
        times=Count("pk", filter=missed),
        last=Max(at, filter=missed),
        held=Max("starts_at", filter=Q(state=MeetingState.HELD)),
    )
    found = counted.filter(Q(held=None) | Q(last__gt=F("held")), times__gte=2)
    return {row["mentorship"]: row["held"] for row in found.order_by()}


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


def student_stories(
    rows: QuerySet[Meeting], held: dict[int, datetime | None], groups: Iterable[int]
) -> dict[tuple[int, int], Story]:
    """By mentorship and enrollment; excuses are no misses, and prove nothing either.

    ``held`` says when mentorships last met; in groups it is looked up for each student.
    """
    stories: dict[tuple[int, int], Story] = {}
    groups = set(groups)
    for mentorship, enrollment, at, meeting in _student_misses(rows, held, groups):
        came_last = None if mentorship in groups else held.get(mentorship)
        story = stories.setdefault((mentorship, enrollment), Story(came=came_last))
        story.misses.append(Miss(at, meeting))
    came = Participant.objects.filter(
        AnyOf("meeting__mentorship_id", groups),
        meeting__in=rows.filter(state=MeetingState.HELD),
        role=Role.STUDENT,
        attendance=ParticipantAttendance.PRESENT,
    )
    who = ("meeting__mentorship", "enrollment")
    last = came.values(*who).annotate(last=Max("starts_at")).order_by()
    for mentorship, enrollment, at in last.values_list(*who, "last"):
        if (mentorship, enrollment) in stories:
            stories[mentorship, enrollment].came = at
    return stories


def _student_misses(
    rows: QuerySet[Meeting], pairs: Iterable[int], groups: Iterable[int]
) -> Iterator[tuple[int, int, datetime, int]]:
    """Mentorship, enrollment, time and meeting of each miss, in order of time; two queries."""
    let_down = rows.filter(BY_STUDENT & AnyOf("mentorship_id", [*pairs, *groups]))
    without_her = rows.filter(AnyOf("mentorship_id", groups), state=MeetingState.HELD)
    ids = let_down.order_by().values_list("pk", flat=True)
    missed = [ParticipantAttendance.ABSENT, ParticipantAttendance.UNKNOWN]
    places = Participant.objects.filter(role=Role.STUDENT)
    found = [
        *places.filter(AnyOf("meeting_id", ids), attendance__in=missed).values_list(*MISS),
        *places.filter(
            meeting__in=without_her, attendance=ParticipantAttendance.ABSENT
        ).values_list(*MISS),
    ]
    yield from sorted(found, key=lambda miss: (miss[2], miss[3]))


MISS = ("meeting__mentorship", "enrollment", "starts_at", "meeting_id")

MENTOR_MOMENT = Case(
    When(state=MeetingState.CANCELLED, then=F("cancelled_at")),
    default=F("starts_at"),
    output_field=DateTimeField(),
)


def mentor_stories(rows: QuerySet[Meeting], held: dict[int, datetime | None]) -> dict[int, Story]:
    """By mentorship: what the mentor's side let fall, and when they last met."""
    stories = {mentorship: Story(came=at) for mentorship, at in held.items()}
    misses = rows.filter(AnyOf("mentorship_id", held) & (BY_MENTOR | CALLED_OFF))
    for mentorship, at, meeting in (
        misses.annotate(moment=MENTOR_MOMENT)
        .order_by("moment", "pk")
        .values_list("mentorship_id", "moment", "pk")
    ):
        if mentorship is not None:
            stories[mentorship].misses.append(Miss(at, meeting))
    return stories
