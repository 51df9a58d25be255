"""Rows and words while students and mentors rank."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from matching.choices import TOLD
from matching.judging import Judge, in_words
from matching.models import ChoosingRound, MentorWish, StudentRank
from matching.presenters_choosing import Text, told_of
from matching.wish_lists import Order
from programs.models import Enrollment

NAMED = 8


@dataclass(frozen=True)
class Progress:
    """How far a round of lists has come; ``wanted``: who is named most, with how often."""

    lists: int
    without: int
    named: int
    have_ranked: int
    wanted: list[tuple[Enrollment, int]]


def progress(round_: ChoosingRound, waiting: Sequence[int]) -> Progress:
    """``waiting``: who has no mentor now."""
    rows = MentorWish.objects.filter(round=round_)
    students = set(rows.order_by().values_list("student_id", flat=True).distinct())
    counted = rows.order_by().values_list("mentor").annotate(n=Count("student", distinct=True))
    by_mentor = sorted(counted, key=lambda one: (-one[1], one[0]))
    shown = by_mentor[:NAMED]
    people = Enrollment.objects.select_related("person").in_bulk([pk for pk, _n in shown])
    ranked = StudentRank.objects.filter(round=round_).order_by().values("mentor").distinct()
    return Progress(
        lists=len(students),
        without=len(set(waiting) - students),
        named=len(by_mentor),
        have_ranked=ranked.count() if round_.mentors_turn_at else 0,
        wanted=[(people[pk], n) for pk, n in shown if pk in people],
    )


@dataclass(frozen=True)
class Suitor:
    """A student who named this mentor, as the mentor reads her."""

    student: Enrollment
    facts: list[tuple[Text, str]]
    reasons: list[str]
    place: int | None
    rather_not: bool


def suitors(round_: ChoosingRound, mentor: Enrollment) -> list[Suitor]:
    """Those who named her and still wait, as she ranked them; not where she is on their lists."""
    order = Order.of(round_, mentor)
    judge = Judge(mentor.cohort)
    mine = judge.facts(mentor)
    places = {one.pk: place for place, one in enumerate(order.ranked, 1)}
    found = []
    for row in order.everybody:
        parts = judge.parts(judge.facts(row), mine)
        found.append(
            Suitor(
                student=row,
                facts=told_of(row, judge.years.get(row.pk))[1:],
                reasons=in_words([part for part in parts if part.criterion in TOLD]),
                place=places.get(row.pk),
                rather_not=row in order.rather_not,
            )
        )
    return found
