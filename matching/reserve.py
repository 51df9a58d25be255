"""Who could stand in: those in reserve first, then mentors with a place left; with reasons."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from matching import presenters, queries
from matching.judging import Judge, in_words
from matching.models import Membership, Mentorship, PairRule
from matching.suggestions import BARRED, SHOWN
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Absence, Cohort, Enrollment


@dataclass(frozen=True)
class Candidate:
    """Somebody who could stand in, and what speaks for her."""

    enrollment: Enrollment
    in_reserve: bool
    points: int
    reasons: list[str]
    places_left: int


@dataclass(frozen=True)
class Bank:
    """Who is shown, how many more there are, and how many are in reserve at all."""

    reserve: list[Candidate]
    others: list[Candidate]
    more: int
    in_reserve: int


def in_reserve(cohort: Cohort) -> QuerySet[Enrollment]:
    """Mentors of the reserve who have nobody now."""
    busy = Membership.objects.filter(enrollment=OuterRef("pk"), ended_at=None)
    rows = Enrollment.objects.filter(
        cohort=cohort, role__in=MENTOR_ROLES, state__in=Enrollment.PRESENT, reserve=True
    )
    return (
        rows.filter(~Exists(busy))
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "pk")
    )


def bank(mentorship: Mentorship, starts: date, ends: date) -> Bank:
    """Those who could stand in here on these days, the best first.

    Left out are those who are away themselves, in the group already, or kept apart from one of
    its students by a rule.
    """
    cohort = mentorship.cohort
    seats = list(mentorship.memberships.filter(ended_at=None).select_related("enrollment"))
    students = [seat.enrollment for seat in seats if seat.role == Role.STUDENT]
    away = set(
        Absence.objects.filter(
            enrollment__cohort=cohort, starts__lte=ends, ends__gte=starts
        ).values_list("enrollment_id", flat=True)
    )
    barred = set(
        PairRule.objects.filter(student__in=students, kind__in=BARRED).values_list(
            "mentor_id", flat=True
        )
    )
    out, here = away | barred, {seat.person_id for seat in seats}
    bench = _Bench(cohort, students)
    reserve = [row for row in in_reserve(cohort) if row.pk not in out and row.person_id not in here]
    free = [
        row
        for row in queries.with_places(cohort)
        if row.places_left > 0 and row.pk not in out and row.person_id not in here
    ]
    first = sorted((bench.of(row, in_reserve=True, left=0) for row in reserve), key=_order)
    then = sorted(
        (bench.of(row, in_reserve=False, left=row.places_left) for row in free), key=_order
    )
    rest = max(0, len(first) - SHOWN) + max(0, len(then) - SHOWN)
    return Bank(first[:SHOWN], then[:SHOWN], rest, len(reserve))


def _order(one: Candidate) -> tuple[int, str, int]:
    return -one.points, one.enrollment.person.family_name, one.enrollment.pk


class _Bench:
    """Scores somebody against the students of a group: the mean; reasons where there is one."""

    def __init__(self, cohort: Cohort, students: list[Enrollment]) -> None:
        self.judge = Judge(cohort)
        self.students = [self.judge.facts(row) for row in students]

    def of(self, row: Enrollment, *, in_reserve: bool, left: int) -> Candidate:
        her = self.judge.facts(row)
        found = [self.judge.parts(student, her) for student in self.students]
        total = sum(part.points for parts in found for part in parts)
        points = presenters.percent(total / len(found)) if found else 0
        reasons = in_words(found[0]) if len(found) == 1 else []
        return Candidate(row, in_reserve, points, reasons, left)
