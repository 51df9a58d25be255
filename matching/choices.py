"""Whom a student can choose from while mentors are chosen: reads, never writes.

What she reads of a mentor is what the mentor was told that students read: no score, no percentage,
and nothing that was answered to a question of the form.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from django.db.models import QuerySet

from matching import queries, shapes
from matching.engine.criteria import Contribution, Criterion
from matching.judging import Judge, in_words
from matching.models import (
    ChoosingRound,
    EndReason,
    Membership,
    MentorRequest,
    PairRule,
    RequestPause,
    RequestState,
    Way,
)
from matching.services.barring import barred_kinds
from matching.services.seating import Seating
from matching.trial_arms import way_of
from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES
from programs.models import Absence, Cohort, Enrollment

# Of what somebody said for the matching, only this is told to students who choose.
TOLD = frozenset(
    {
        Criterion.INTERESTS,
        Criterion.LANGUAGES,
        Criterion.CAMPUS,
        Criterion.TRACK,
        Criterion.FREE_TIME,
        Criterion.CLASS_YEAR,
    }
)


class Can(StrEnum):
    """Whether a mentor can be asked now, and why not."""

    ASK = "ask"
    FULL = "full"
    AWAY = "away"
    PAUSED = "paused"


@dataclass(frozen=True)
class Choice:
    """A mentor as one student sees her. ``points`` decide the order and are never shown."""

    mentor: Enrollment
    class_year: int | None
    points: int
    reasons: list[str]
    can: Can
    request: MentorRequest | None = None
    busy: bool = False

    @property
    def standing(self) -> bool:
        return self.request is not None and self.request.is_standing

    @property
    def refused(self) -> bool:
        return self.request is not None and self.request.state in MentorRequest.REFUSED

    @property
    def askable(self) -> bool:
        return self.can == Can.ASK and not self.standing and not self.refused


def choosable(cohort: Cohort) -> list[dict[str, object]]:
    """The shapes in which a student can choose: one mentor leads, and nobody is sorted by kind."""
    listed = shapes.described(cohort.planned_spec)
    return [shape for shape in listed if not shape["team"] and not shape["alike"]]


def open_shapes(student: Enrollment, seating: Seating) -> list[str]:
    """In which shapes this student still lacks a mentor whom she could choose herself."""
    cohort = student.cohort
    hers = shapes.belongs(
        seating.shapes.values(), cohort.planned_spec, seating.years.get(student.pk)
    )
    able = {shape["slug"] for shape in choosable(cohort)}
    return [slug for slug in hers if slug in able and (student.pk, slug) not in seating.placed]


@dataclass
class Here:
    """How mentors stand today: who is away, who takes no requests, who is asked how often."""

    away: set[int] = field(default_factory=set)
    paused: set[int] = field(default_factory=set)
    asked: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, cohort: Cohort) -> "Here":
        today = clock.today(cohort.zone)
        absent = Absence.objects.filter(
            enrollment__cohort=cohort, starts__lte=today, ends__gte=today
        )
        paused = RequestPause.objects.filter(enrollment__cohort=cohort)
        asked = MentorRequest.objects.filter(round__cohort=cohort, state=RequestState.OPEN)
        return cls(
            set(absent.values_list("enrollment_id", flat=True)),
            set(paused.values_list("enrollment_id", flat=True)),
            Counter(asked.values_list("mentor_id", flat=True)),
        )

    def can(self, seating: Seating, student: Enrollment, mentor: Enrollment, shape: str) -> Can:
        """Whether this mentor can be asked for this student now."""
        if seating.problem(student, mentor, shape):
            return Can.FULL
        if mentor.pk in self.away:
            return Can.AWAY
        return Can.PAUSED if mentor.pk in self.paused else Can.ASK


class Choices:
    """Everybody one student could have in one shape, the best first; so many queries always."""

    def __init__(self, round_: ChoosingRound, student: Enrollment, shape: str = "") -> None:
        self.round, self.student = round_, student
        self.cohort = student.cohort
        self.seating = Seating(self.cohort, shapes.described(self.cohort.planned_spec))
        self.way = way_of(round_, student)
        self.shapes = open_shapes(student, self.seating) if self.way else []
        self.shape = shape if shape in self.shapes else next(iter(self.shapes), "")
        self.here = Here.of(self.cohort)
        self.requests = list(
            MentorRequest.objects.filter(round=round_, student=student, shape=self.shape)
            .select_related("mentor__person")
            .order_by("position")
        )
        self.judge = Judge(self.cohort)

    @property
    def line(self) -> list[MentorRequest]:
        """Whom she asks, in order."""
        return [row for row in self.requests if row.is_standing]

    def everybody(self) -> list[Choice]:
        """Every mentor whom nothing forbids."""
        if not self.shape:
            return []
        latest = {row.mentor_id: row for row in self.requests}
        me, found = self.judge.facts(self.student), []
        for mentor in self._candidates():
            facts = self.judge.facts(mentor)
            if not self.judge.allows(me, facts):
                continue
            parts = self.judge.parts(me, facts)
            can = self.here.can(self.seating, self.student, mentor, self.shape)
            left = self.seating.standing.places_left(mentor, [self.seating.shapes[self.shape]])
            found.append(
                Choice(
                    mentor=mentor,
                    class_year=self.judge.years.get(mentor.pk),
                    points=sum(part.points for part in parts),
                    reasons=told(parts),
                    can=can,
                    request=latest.get(mentor.pk),
                    busy=can == Can.ASK and self.here.asked[mentor.pk] >= max(1, left),
                )
            )
        return sorted(found, key=self._place)

    def suggested(self) -> list[Choice]:
        """The best she can ask, with those she asked: as many as the round suggests, if there are.

        Who has no place, or is away, makes room for the next; who said no does not.
        """
        ranked = self.everybody()
        asked = [one for one in ranked if one.standing or one.refused]
        room = max(0, self.round.suggestions - len(asked))
        fresh = [one for one in ranked if one.askable][:room]
        return sorted([*asked, *fresh], key=self._place)

    def one(self, key: str) -> Choice | None:
        """The mentor of that key, if she is among those whom this student is shown."""
        shown = self.suggested() if self.way == Way.SUGGESTIONS else None
        listed = self.everybody() if shown is None else shown
        return next((one for one in listed if one.mentor.key == key), None)

    def _place(self, one: Choice) -> tuple[int, bytes]:
        # Equals come in an order that favors no name and stays the same for her.
        mark = f"{self.round.pk}:{self.student.pk}:{one.mentor.pk}".encode()
        return -one.points, blake2b(mark, digest_size=8).digest()

    def _candidates(self) -> Sequence[Enrollment]:
        """Mentors of the shape, without whom rules, the past or she herself keep apart."""
        roles = {seat["role"] for seat in self.seating.shapes[self.shape]["seats"]}
        rows = queries.mentors(self.cohort).filter(role__in=roles)
        rows = rows.exclude(person=self.student.person_id)
        return list(_allowed_by_rules(rows, self.student))


def _allowed_by_rules(rows: QuerySet[Enrollment], student: Enrollment) -> QuerySet[Enrollment]:
    rules = PairRule.objects.filter(student=student)
    only = rules.filter(kind__in=[PairRule.Kind.PIN, PairRule.Kind.MUST])
    barred = rules.filter(kind__in=barred_kinds(student.cohort))
    named = list(only.values_list("mentor_id", flat=True))
    if named:
        rows = rows.filter(pk__in=named)
    return rows.exclude(pk__in=barred.values("mentor_id")).exclude(pk__in=_former(student))


def _former(student: Enrollment) -> QuerySet[Membership, int]:
    """Who mentored her once: she does not choose whom she had."""
    ended = Membership.objects.filter(enrollment=student, ended_at__isnull=False).exclude(
        mentorship__end_reason=EndReason.UNDONE
    )
    return Membership.objects.filter(
        mentorship__in=ended.values("mentorship_id"), role__in=MENTOR_ROLES, ends_at=None
    ).values_list("enrollment_id", flat=True)


def told(parts: Iterable[Contribution]) -> list[str]:
    """What the two have in common, as far as students are told."""
    return in_words([part for part in parts if part.criterion in TOLD])
