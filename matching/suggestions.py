"""Mentors with a place left for one student, the best first, with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from matching import notes, presenters, queries
from matching.engine.criteria import Criteria, Criterion, Person, explain
from matching.models import MatchPair, Membership, PairRule
from matching.services import asked
from matching.services.inputs import class_years, default_weights
from programs.models import Enrollment

SHOWN = 12
# What everybody is asked; what a cohort asks besides counts as its form says.
PROFILE = [criterion for criterion in Criterion if criterion != Criterion.EXPECTATION]
BARRED = (PairRule.Kind.FORBID, PairRule.Kind.ASSESSES)


@dataclass(frozen=True)
class Candidate:
    """A mentor, what speaks for her, and her places."""

    mentor: Enrollment
    points: int
    reasons: list[str]
    places_left: int
    note: str = ""


@dataclass(frozen=True)
class Suggestions:
    """Who could be her mentor; and whoever could with one more place, the least loaded first."""

    shown: list[Candidate]
    others: int
    full: list[Enrollment]
    free: int


def for_student(student: Enrollment, wanted: str = "") -> Suggestions:
    """The best mentors for her, of those whose names hold ``wanted``; how many more there are.

    Left out are those without a place, those a rule keeps apart from her, her own mentor, and
    herself.
    """
    cohort = student.cohort
    years = class_years(cohort)
    weights = default_weights(cohort.planned_spec) or dict.fromkeys(PROFILE, 1.0)
    form = asked.compared(cohort)
    criteria = Criteria(weights | asked.weights(form))
    said = asked.of(form)
    barred = set(
        PairRule.objects.filter(student=student, kind__in=BARRED).values_list(
            "mentor_id", flat=True
        )
    )
    own = set(
        Membership.objects.filter(
            mentorship__memberships__enrollment=student,
            mentorship__memberships__ended_at=None,
            ended_at=None,
        ).values_list("enrollment_id", flat=True)
    )
    me = person_facts(student, years, said)
    words = wanted.casefold().split()
    found, full, free = [], [], 0
    others = queries.mentors(cohort).exclude(person=student.person_id)
    for mentor in queries.with_places(cohort, others):
        left = mentor.places_left
        name = f"{mentor.person.full_name} {mentor.person.email}".casefold()
        free += max(0, left)
        if mentor.pk in barred or mentor.pk in own or not all(word in name for word in words):
            continue
        if left > 0:
            found.append(_candidate(me, mentor, person_facts(mentor, years, said), criteria, left))
        else:
            full.append(mentor)
    found.sort(key=lambda c: (-c.points, c.mentor.person.family_name, c.mentor.pk))
    full.sort(key=lambda m: (m.students_now, m.person.family_name, m.pk))
    said_otherwise = notes.about([(student, one.mentor) for one in found[:SHOWN]])
    shown = [
        replace(one, note=said_otherwise.get((student.pk, one.mentor.pk), ""))
        for one in found[:SHOWN]
    ]
    return Suggestions(shown, max(0, len(found) - SHOWN), full[:SHOWN], free)


def _candidate(
    me: Person, mentor: Enrollment, her: Person, criteria: Criteria, left: int
) -> Candidate:
    parts = [part for part in explain(me, her, criteria) if part.points]
    codes = [{"code": str(part.criterion), **part.data} for part in parts]
    points = presenters.percent(sum(part.points for part in parts))
    return Candidate(mentor, points, presenters.reasons(MatchPair(reasons=codes)), left)


def person_facts(
    row: Enrollment, years: dict[int, int], said: Mapping[int, Any] | None = None
) -> Person:
    facts = (said or {}).get(row.pk, {})
    return Person(
        id=str(row.pk),
        interests=frozenset(row.interests),
        languages=frozenset(row.languages),
        campus=row.campus,
        track=row.track,
        gender=row.gender,
        free_hours=int(row.free_time[::-1] or "0", 2),
        class_year=years.get(row.pk),
        expectation=facts.get("expectation", ""),
        choices={name: frozenset(chosen) for name, chosen in facts.get("choices", {}).items()},
    )
