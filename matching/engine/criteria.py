"""What makes two people a good pair, as whole numbers that add up and can be said in words.

A score is the sum of what each criterion contributes, in millionths. The weights are first made
into whole shares of a million, and each criterion is a fraction of small whole numbers, so the
score of the arrays and the explanation of one pair can never disagree by a rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from matching.engine.instance import MICRO

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HOURS_OF_A_WEEK = 168
ENOUGH_INTERESTS = 3
ENOUGH_LANGUAGES = 2
ENOUGH_HOURS = 4
ENOUGH_CHOICES = 3
FAR_YEARS = 6
MOST_RANKS = 10
"""As many people as anybody may rank; the first counts ten tenths, the second nine, and so on."""


class Criterion(StrEnum):
    INTERESTS = "interests"
    LANGUAGES = "languages"
    CAMPUS = "campus"
    TRACK = "track"
    GENDER = "gender"
    FREE_TIME = "free_time"
    CLASS_YEAR = "class_year"
    EXPECTATION = "expectation"
    WISH = "wish"
    LIKING = "liking"


# A cohort may ask questions of its own, each with choices: this and its name is the criterion.
QUESTION = "question:"


def in_order(names: Iterable[str]) -> list[str]:
    """Criteria in the order in which they are judged: ours, then questions by their name."""
    wanted = set(names)
    ours = [str(criterion) for criterion in Criterion if criterion in wanted]
    return ours + sorted(name for name in wanted if name.startswith(QUESTION))


@dataclass(frozen=True)
class Person:
    """What the criteria know about somebody. Bit h of ``free_hours`` is hour h of the week.

    ``choices`` holds what was chosen in the questions of the cohort, by criterion; ``wishes`` the
    ids of those whom she ranked, the most wanted first.
    """

    id: str
    interests: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    campus: str = ""
    track: str = ""
    gender: str = ""
    free_hours: int = 0
    class_year: int | None = None
    expectation: str = ""
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criteria:
    """Weights (any scale; 0 leaves out) and hard rules.

    Without something of what is ``required`` in common there is no pair, nor with anything in
    common of what must ``differ``.
    """

    weights: Mapping[str, float]
    required: frozenset[str] = frozenset()
    differ: frozenset[str] = frozenset()

    @cached_property
    def shares(self) -> dict[str, int]:
        """The weights as whole millionths that sum to one million, by largest remainder."""
        used = {c: w for c in in_order(self.weights) if (w := self.weights[c]) > 0}
        total = sum(used.values())
        exact = {c: w * MICRO / total for c, w in used.items()}
        shares = {c: int(value) for c, value in exact.items()}
        by_remainder = sorted(exact, key=lambda c: (shares[c] - exact[c], c))
        for c in by_remainder[: MICRO - sum(shares.values())] if used else []:
            shares[c] += 1
        return shares


@dataclass(frozen=True)
class Contribution:
    """What one criterion adds to one pair, of at most ``share``, and the facts to say it with."""

    criterion: str
    points: int
    share: int
    data: dict[str, object] = field(default_factory=dict)


def explain(student: Person, mentor: Person, criteria: Criteria) -> list[Contribution]:
    """What each criterion contributes to this pair, the greatest first; sums to its score."""
    found = []
    for criterion, share in criteria.shares.items():
        part, whole, data = _fact_of(criterion)(student, mentor)
        found.append(Contribution(criterion, share * part // whole, share, data))
    return sorted(found, key=lambda c: (-c.points, c.criterion))


def score(
    students: Sequence[Person], mentors: Sequence[Person], criteria: Criteria
) -> NDArray[np.int32]:
    """The score of every pair in millionths, ``FORBIDDEN`` where a required criterion is unmet."""
    from matching.engine import arrays  # noqa: PLC0415 - explaining a pair needs no arrays

    return arrays.score(students, mentors, criteria)


def broken(student: Person, mentor: Person, criteria: Criteria) -> list[str]:
    """The criteria that forbid this pair."""
    return [
        criterion
        for criterion in sorted(criteria.required | criteria.differ)
        if (_fact_of(criterion)(student, mentor)[0] > 0) == (criterion in criteria.differ)
    ]


Fact = tuple[int, int, dict[str, object]]


def _interests(student: Person, mentor: Person) -> Fact:
    shared = sorted(student.interests & mentor.interests)
    whole = max(1, min(ENOUGH_INTERESTS, len(student.interests)))
    return min(whole, len(shared)), whole, {"shared": shared}


def _languages(student: Person, mentor: Person) -> Fact:
    shared = sorted(student.languages & mentor.languages)
    whole = max(1, min(ENOUGH_LANGUAGES, len(student.languages)))
    return min(whole, len(shared)), whole, {"shared": shared}


def _same(criterion: Criterion) -> Callable[[Person, Person], Fact]:
    """For a fact that two people either have in common or not."""

    def fact(student: Person, mentor: Person) -> Fact:
        mine, theirs = getattr(student, criterion), getattr(mentor, criterion)
        same = bool(mine) and mine == theirs
        return int(same), 1, {"same": mine if same else ""}

    return fact


def _free_time(student: Person, mentor: Person) -> Fact:
    hours = (student.free_hours & mentor.free_hours).bit_count()
    return min(ENOUGH_HOURS, hours), ENOUGH_HOURS, {"hours": hours}


def _class_year(student: Person, mentor: Person) -> Fact:
    """Best is a mentor one year ahead; each further year counts less, and fewer years nothing."""
    if student.class_year is None or mentor.class_year is None:
        return 0, FAR_YEARS, {"ahead": None}
    ahead = mentor.class_year - student.class_year
    return max(0, FAR_YEARS + 1 - ahead) if ahead > 0 else 0, FAR_YEARS, {"ahead": ahead}


def _choices(criterion: str) -> Callable[[Person, Person], Fact]:
    """For a question of the cohort: what both chose."""

    def fact(student: Person, mentor: Person) -> Fact:
        mine = student.choices.get(criterion, frozenset())
        shared = sorted(mine & mentor.choices.get(criterion, frozenset()))
        whole = max(1, min(ENOUGH_CHOICES, len(mine)))
        return min(whole, len(shared)), whole, {"shared": shared}

    return fact


def tenths(place: int) -> int:
    """What a rank counts, from 10 for the first; ``place`` from 0."""
    return max(1, MOST_RANKS - place)


def _rank(wishing: Person, other: Person) -> tuple[int, int | None]:
    if other.id not in wishing.wishes:
        return 0, None
    place = wishing.wishes.index(other.id)
    return tenths(place), place + 1


def _wish(student: Person, mentor: Person) -> Fact:
    """Where the student has ranked this mentor. The length of her list does not matter."""
    part, rank = _rank(student, mentor)
    return part, MOST_RANKS, {"rank": rank}


def _liking(student: Person, mentor: Person) -> Fact:
    """Where the mentor has ranked this student."""
    part, rank = _rank(mentor, student)
    return part, MOST_RANKS, {"rank": rank}


FACTS: dict[Criterion, Callable[[Person, Person], Fact]] = {
    Criterion.INTERESTS: _interests,
    Criterion.LANGUAGES: _languages,
    Criterion.CAMPUS: _same(Criterion.CAMPUS),
    Criterion.TRACK: _same(Criterion.TRACK),
    Criterion.GENDER: _same(Criterion.GENDER),
    Criterion.FREE_TIME: _free_time,
    Criterion.CLASS_YEAR: _class_year,
    Criterion.EXPECTATION: _same(Criterion.EXPECTATION),
    Criterion.WISH: _wish,
    Criterion.LIKING: _liking,
}


def _fact_of(criterion: str) -> Callable[[Person, Person], Fact]:
    return _choices(criterion) if criterion.startswith(QUESTION) else FACTS[Criterion(criterion)]
