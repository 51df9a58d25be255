"""Mentors with a place left for one student, the best first, with reasons."""

from dataclasses import dataclass, replace

from matching import notes, presenters, queries
from matching.engine.criteria import Person
from matching.judging import Judge, in_words
from matching.models import Membership, PairRule
from programs.models import Enrollment

SHOWN = 12
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
    judge = Judge(cohort)
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
    me = judge.facts(student)
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
            found.append(_candidate(judge, me, mentor, left))
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


def _candidate(judge: Judge, me: Person, mentor: Enrollment, left: int) -> Candidate:
    parts = judge.parts(me, judge.facts(mentor))
    points = presenters.percent(sum(part.points for part in parts))
    return Candidate(mentor, points, in_words(parts), left)
