"""The expert's board as it stands: what is left where, who suits whom, what it costs others."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, When

from matching.judging import Judge, in_words
from matching.models import ExpertCase, MatchPair, MatchRun, Membership
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Enrollment

SHOWN = 10
FIRST = 3
"""A mentor among so many of the best is one whom a student would miss."""


@dataclass(frozen=True)
class Entry:
    """A student on the board, in one shape."""

    pair: int
    student: int
    shape: str
    column: int | None
    best: list[tuple[int, int]]


@dataclass(frozen=True)
class Effect:
    """What it does to others who wait when a place is given: whom they would miss."""

    among_first: int
    only: int


@dataclass(frozen=True)
class Candidate:
    """Where a student can be placed: who leads there, what speaks for it, what is left."""

    column: int
    leaders: list[Enrollment]
    points: int
    reasons: list[str]
    left: int
    places: int
    here: bool
    effect: Effect


@dataclass(frozen=True)
class Choice:
    """The ten best for one student, and the better ones that are full."""

    candidates: list[Candidate]
    full: list[str]


@dataclass
class Board:
    """Everything that was placed so far; five questions to the database, however many students."""

    run: MatchRun
    entries: dict[int, Entry] = field(default_factory=dict)
    taken: Counter[int] = field(default_factory=Counter)
    gone: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, run: MatchRun) -> "Board":
        board = cls(run, gone=gone_since(run))
        rows = MatchPair.objects.filter(run=run).order_by("pk")
        for pk, student, shape, column, best in rows.values_list(
            "pk", "student_id", "shape", "column", "best"
        ):
            board.entries[pk] = Entry(pk, student, shape, column, best)
            if column is not None:
                board.taken[column] += 1
        return board

    def left(self, column: int) -> int:
        """Places that nobody has been given yet, here or elsewhere."""
        return places(self.run, column, self.gone) - self.taken[column]

    @property
    def placed(self) -> int:
        return sum(self.taken.values())

    @property
    def waiting(self) -> int:
        return len(self.entries) - self.placed

    @cached_property
    def wanted(self) -> tuple[Counter[int], Counter[int]]:
        """Of those who wait: for how many each column is among the first, and the only one."""
        first, only = Counter[int](), Counter[int]()
        for entry in self.entries.values():
            if entry.column is None:
                open_ = self._open(entry)
                first.update(open_[:FIRST])
                if len(open_) == 1:
                    only.update(open_)
        return first, only

    def _open(self, entry: Entry) -> list[int]:
        return [column for column, _score in entry.best if self.left(column) > 0]

    def effect(self, entry: Entry, column: int) -> Effect:
        """Whom else this column would suit, besides her."""
        first, only = self.wanted
        mine = self._open(entry) if entry.column is None else []
        return Effect(
            first[column] - (column in mine[:FIRST]),
            only[column] - (mine == [column]),
        )

    def choice(self, entry: Entry, student: Enrollment) -> Choice:
        """The ten best columns with a place left, with hers among them, in words."""
        leaders = self._leaders({column for column, _score in entry.best})
        judge = Judge(student.cohort)
        me = judge.facts(student)
        found: list[Candidate] = []
        full: list[str] = []
        for column, score in entry.best:
            people = [leaders[who] for who in self.run.columns[column]["mentors"] if who in leaders]
            here = column == entry.column
            if len(found) == SHOWN and not here:
                continue
            if self.left(column) <= 0 and not here:
                full.append(" · ".join(one.person.full_name for one in people))
                continue
            nearest = max(people, key=lambda one: _points(judge, me, one), default=None)
            parts = judge.parts(me, judge.facts(nearest)) if nearest else []
            found.append(
                Candidate(
                    column=column,
                    leaders=people,
                    points=score,
                    reasons=in_words(parts),
                    left=self.left(column),
                    places=places(self.run, column, self.gone),
                    here=here,
                    effect=self.effect(entry, column),
                )
            )
        return Choice(found, full)

    def _leaders(self, wanted: set[int]) -> dict[int, Enrollment]:
        ids = {who for column in wanted for who in self.run.columns[column]["mentors"]}
        return Enrollment.objects.select_related("person").in_bulk(ids)


def gone_since(run: MatchRun) -> Counter[int]:
    """By leader: students who came to her in another way since the board began."""
    seats = Membership.objects.filter(
        mentorship__cohort=run.cohort_id,
        mentorship__memberships__role=Role.STUDENT,
        mentorship__memberships__started_at__gt=run.created_at,
        mentorship__memberships__ended_at=None,
        role__in=MENTOR_ROLES,
        ended_at=None,
    )
    found = seats.order_by().values_list("enrollment").annotate(Count("mentorship__memberships"))
    return Counter(dict(found))


def places(run: MatchRun, column: int, gone: Mapping[int, int]) -> int:
    """What a column offers, without the places that were given elsewhere in the meantime."""
    leaders = run.columns[column]["mentors"]
    lost = gone.get(leaders[0], 0) if leaders else 0
    return max(0, int(run.columns[column]["places"]) - lost)


def _points(judge: Judge, me: Any, mentor: Enrollment) -> int:
    return sum(part.points for part in judge.parts(me, judge.facts(mentor)))


def students(run: MatchRun) -> QuerySet[MatchPair]:
    """The students of a board; first those who wait, of these those for whom somebody looks."""
    looked = ExpertCase.objects.filter(student=OuterRef("student"))
    return (
        MatchPair.objects.filter(run=run)
        .select_related("student__person", "mentor__person", "placed_by")
        .defer("best", "reasons")
        .annotate(
            is_placed=Case(When(column=None, then=0), default=1),
            is_case=Case(When(Exists(looked), then=0), default=1),
        )
    )
