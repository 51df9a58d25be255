"""Who is asked: the denominator of a response rate, fixed when the survey opens."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from evaluation.surveys.models import Survey, SurveySide
from mentoring.accounts.permissions import MENTOR_ROLES, STAFF_ROLES, Role
from programs.models import Cohort, CohortState, Enrollment
from sessions.models import MeetingState, Participant

ROLES: dict[str, list[Role]] = {
    SurveySide.STUDENT: [Role.STUDENT],
    SurveySide.MENTOR: sorted(MENTOR_ROLES),
    SurveySide.STAFF: sorted(STAFF_ROLES),
}
BEFORE = (CohortState.PLANNING, CohortState.RECRUITING, CohortState.MATCHING)
EXPECTED = (
    Enrollment.State.APPLIED,
    Enrollment.State.WAITLISTED,
    Enrollment.State.ACCEPTED,
    Enrollment.State.ACTIVE,
)


@dataclass(frozen=True, slots=True)
class Audience:
    """The people to ask, each once, and how many are left out by the plan."""

    people: list[int]
    left_out: int = 0


def eligible(cohort: Cohort, side: str) -> QuerySet[Enrollment]:
    """Everyone active on that side of the cohort.

    Before it runs, all who want to take part; once it closes, those who were active until then.
    """
    states = EXPECTED if cohort.state in BEFORE else [Enrollment.State.ACTIVE]
    there = Q(state__in=states)
    if cohort.closed_at is not None:
        there |= Q(state=Enrollment.State.COMPLETED, left_at=cohort.closed_at)
    return Enrollment.objects.filter(
        there,
        cohort=cohort,
        role__in=ROLES[side],
        person__is_active=True,
        person__erased_at=None,
    )


def of(survey: Survey) -> Audience:
    """Those eligible now, less those who never met anybody where the plan leaves them out."""
    rows = eligible(survey.cohort, survey.side)
    everyone = set(rows.values_list("person", flat=True))
    if not survey.leaves_out_unmet:
        return Audience(sorted(everyone))
    met = Participant.objects.filter(
        meeting__cohort=survey.cohort_id,
        meeting__mentorship__isnull=False,
        meeting__state=MeetingState.HELD,
        person=OuterRef("person"),
        attendance=Participant.Attendance.PRESENT,
    )
    people = set(rows.filter(Exists(met)).values_list("person", flat=True))
    return Audience(sorted(people), len(everyone) - len(people))
