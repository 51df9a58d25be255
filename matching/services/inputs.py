"""What a run starts from, read from the database once and kept with the run."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Count, Q

from matching.engine.criteria import Criterion
from matching.models import Membership, PairRule
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Cohort, Enrollment, EnrollmentYear
from programs.spec import ProgramSpec, Shape

STRATA = {"class_year", "campus", "track", "gender"}


def the_shape(spec: ProgramSpec) -> Shape:
    """The kind of group that this cohort forms; a cohort opens only with exactly one."""
    return spec.shapes[0]


def places_per_group(shape: Shape) -> int:
    """How many students one mentorship of this shape holds at most; 0 says no limit."""
    people = shape.people(Role.STUDENT)
    return int(people.max) if people is not None and people.max else 0


def default_weights(spec: ProgramSpec) -> dict[str, float]:
    """What the program weighs, as far as the engine knows it."""
    weights = {str(w.criterion): w.weight for w in spec.matching.criteria}
    return {name: weights[name] for name in _known(weights)}


@dataclass(frozen=True)
class Snapshot:
    """Plain data, ready to be stored: people with their facts, rules, weights."""

    data: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The same for the same inputs, on every machine."""
        text = json.dumps(self.data, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def snapshot(cohort: Cohort, weights: Mapping[str, float], required: list[str]) -> Snapshot:
    """Everyone who waits for a place, every place that is left, and what must or must not be."""
    spec = cohort.spec
    shape = the_shape(spec)
    students = [_facts(row) for row in unplaced(cohort)]
    mentors = [_facts(row) | {"places": row.places_left} for row in with_places(cohort)]
    years = class_years(cohort)
    for person in [*students, *mentors]:
        person["class_year"] = years.get(person["id"])
    present = {person["id"] for person in [*students, *mentors]}
    rules = [
        [student, mentor, kind]
        for student, mentor, kind in [*_rules(cohort), *former_pairs(cohort)]
        if student in present and mentor in present
    ]
    return Snapshot(
        {
            "shape": shape.slug,
            "students": students,
            "mentors": mentors,
            "rules": rules,
            "weights": {name: weights[name] for name in _known(weights) if weights[name] > 0},
            "required": _known(required),
            "differ": _known(r.criterion for r in spec.matching.rules if r.must == "differ"),
            "assessor_allowed": spec.matching.assessor == "allowed",
            "balanced_by": [name for name in spec.matching.balanced_by if name in STRATA],
        }
    )


def _known(criteria: Iterable[str]) -> list[str]:
    """Those that the engine can judge; a program may name others for its experts."""
    return sorted({str(name) for name in criteria} & {str(c) for c in Criterion})


def _rules(cohort: Cohort) -> list[tuple[int, int, str]]:
    rows = PairRule.objects.filter(cohort=cohort).order_by("pk")
    return list(rows.values_list("student_id", "mentor_id", "kind"))


def former_pairs(cohort: Cohort) -> list[tuple[int, int, str]]:
    """Pairs that were and have ended: no procedure makes them again."""
    ended = Membership.objects.filter(
        mentorship__cohort=cohort, role=Role.STUDENT, ended_at__isnull=False
    )
    mentors: dict[int, list[int]] = {}
    for group, mentor in Membership.objects.filter(
        mentorship__in=ended.values("mentorship_id"), role__in=MENTOR_ROLES
    ).values_list("mentorship_id", "enrollment_id"):
        mentors.setdefault(group, []).append(mentor)
    pairs = {
        (student, mentor, "former")
        for student, group in ended.values_list("enrollment_id", "mentorship_id")
        for mentor in mentors.get(group, [])
    }
    return sorted(pairs)


def unplaced(cohort: Cohort) -> list[Enrollment]:
    """Students of the cohort who have no mentorship now."""
    placed = Membership.objects.filter(
        mentorship__cohort=cohort, role=Role.STUDENT, ended_at=None
    ).values("enrollment_id")
    return list(
        Enrollment.objects.filter(cohort=cohort, role=Role.STUDENT, state__in=Enrollment.PRESENT)
        .exclude(pk__in=placed)
        .order_by("pk")
    )


def with_places(cohort: Cohort) -> list[Any]:
    """Mentors of the cohort, each with ``students_now`` and ``places_left``."""
    mentors = list(
        Enrollment.objects.filter(
            cohort=cohort, role__in=MENTOR_ROLES, state__in=Enrollment.PRESENT
        ).order_by("pk")
    )
    loads = students_per_mentor(cohort)
    for mentor in mentors:
        mentor.students_now = loads.get(mentor.pk, 0)  # type: ignore[attr-defined]
        mentor.places_left = max(0, mentor.capacity - loads.get(mentor.pk, 0))  # type: ignore[attr-defined]
    return mentors


def students_per_mentor(cohort: Cohort, mentor: Enrollment | None = None) -> dict[int, int]:
    """Students that each mentor has now, over all her mentorships; without those who have none."""
    rows = Membership.objects.filter(
        mentorship__cohort=cohort, role__in=MENTOR_ROLES, ended_at=None
    )
    if mentor is not None:
        rows = rows.filter(enrollment=mentor)
    students = Count(
        "mentorship__memberships",
        filter=Q(
            mentorship__memberships__role=Role.STUDENT,
            mentorship__memberships__ended_at=None,
        ),
    )
    counted = rows.order_by().values("enrollment_id").annotate(students=students)
    return dict(counted.values_list("enrollment_id", "students"))


def class_years(cohort: Cohort) -> dict[int, int]:
    """The class year of each enrollment in the current edition, as far as known."""
    rows = EnrollmentYear.objects.filter(
        enrollment__cohort=cohort, academic_year__lte=cohort.edition.starts.year
    ).order_by("academic_year")
    return dict(rows.values_list("enrollment_id", "class_year"))


def _facts(row: Enrollment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "person": row.person_id,
        "interests": sorted(row.interests),
        "languages": sorted(row.languages),
        "campus": row.campus,
        "track": row.track,
        "gender": row.gender,
        "free_time": hex(int(row.free_time[::-1] or "0", 2)),
    }
