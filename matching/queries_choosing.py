"""Lists for students who choose, mentors who are asked, and whoever looks for the rest."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When

from matching.models import (
    ChoosingRound,
    ExpertCase,
    Membership,
    MentorRequest,
    MentorWish,
    Way,
)
from matching.queries import coordinated_ids, unplaced
from matching.trial_arms import drawn
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Cohort, Enrollment


def looked_for(cohort: Cohort) -> QuerySet[Enrollment]:
    """Students without a mentor; first those for whom a coordinator looks, the longest first."""
    cases = ExpertCase.objects.filter(student=OuterRef("pk")).order_by("-since")
    return unplaced(cohort).annotate(
        case_since=Subquery(cases.values("since")[:1]),
        case_why=Subquery(cases.values("why")[:1]),
        case_rank=Case(When(case_since=None, then=1), default=0),
    )


def cases_waiting(user: User) -> QuerySet[Cohort]:
    """Cohorts this person coordinates in which students wait for a coordinator, with ``count``."""
    placed = Membership.objects.filter(enrollment=OuterRef("student"), ended_at=None)
    cases = (
        ExpertCase.objects.filter(
            round__cohort=OuterRef("pk"), student__state__in=Enrollment.PRESENT
        )
        .filter(~Exists(placed))
        .order_by()
        .values("round__cohort")
        .annotate(n=Count("student", distinct=True))
        .values("n")
    )
    return (
        Cohort.objects.filter(pk__in=coordinated_ids(user))
        .annotate(count=Subquery(cases))
        .filter(count__gt=0)
        .order_by("name")
    )


def tried(students: Iterable[Enrollment]) -> dict[int, list[MentorRequest]]:
    """Whom these students have asked, in order; one query."""
    found: dict[int, list[MentorRequest]] = {}
    rows = MentorRequest.objects.filter(student__in=list(students)).select_related("mentor__person")
    for row in rows.order_by("position"):
        found.setdefault(row.student_id, []).append(row)
    return found


def alone(user: User) -> list[Any]:
    """Places of this person in which nobody has been found for her yet.

    ``chooses``: she may choose a mentor now, and no trial leaves that to others;
    ``ranks``: by a list, on which ``named`` mentors stand; ``case_since``: since when a
    coordinator looks.
    """
    placed = Membership.objects.filter(enrollment=OuterRef("pk"), ended_at=None)
    cases = ExpertCase.objects.filter(student=OuterRef("pk")).order_by("-since")
    wishes = (
        MentorWish.objects.filter(student=OuterRef("pk"), round__closed_at=None)
        .order_by()
        .values("student")
        .annotate(n=Count("pk"))
    )
    rounds = ChoosingRound.objects.filter(cohort=OuterRef("cohort"), closed_at=None)
    elsewhere = drawn().filter(student=OuterRef("pk")).exclude(arm__in=Way.values)
    rows = (
        Enrollment.objects.filter(
            person=user,
            role__in=[Role.STUDENT, *MENTOR_ROLES],
            state__in=Enrollment.PRESENT,
        )
        .filter(~Exists(placed))
        .annotate(
            chooses=Case(
                When(Q(Exists(rounds), ~Exists(elsewhere), role=Role.STUDENT), then=True),
                default=False,
            ),
            ranks=Exists(rounds.filter(way=Way.RANKED)),
            named=Subquery(wishes.values("n")[:1]),
            case_since=Subquery(cases.values("since")[:1]),
        )
        .filter(Q(chooses=True) | Q(cohort__state=Cohort.State.RUNNING))
        .select_related("cohort")
        .order_by("cohort__name", "pk")
    )
    return list(rows)


def lines_of(places: Iterable[Enrollment]) -> dict[int, list[MentorRequest]]:
    """Whom these students ask now, in order; no query without students."""
    wanted, found = list(places), dict[int, list[MentorRequest]]()
    if not wanted:
        return found
    rows = MentorRequest.objects.filter(student__in=wanted, state__in=MentorRequest.STANDING)
    for row in rows.select_related("mentor__person", "round__cohort").order_by("position"):
        found.setdefault(row.student_id, []).append(row)
    return found


def asking(user: User) -> list[MentorRequest]:
    """The requests that wait for this mentor, the most urgent first."""
    rows = MentorRequest.objects.filter(mentor__person=user, state=MentorRequest.State.OPEN)
    return list(rows.select_related("student__person", "round__cohort").order_by("answer_by", "pk"))
