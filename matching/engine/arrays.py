"""The scores of all pairs at once: the same whole numbers as ``criteria.explain``, pair by pair.

A criterion gives ``share * part // whole`` points for ``part`` of ``whole`` things in common, found
by a multiplication and a shift. What only a few students differ in, a language or a campus, is
looked up. A few hundred thousand pairs are worked on at a time, so that no large temporary arrays
arise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine import criteria as c
from matching.engine.criteria import Criteria, Criterion, Person
from matching.engine.instance import FORBIDDEN

Counts = NDArray[np.uint8] | NDArray[np.int32]
Points = NDArray[np.int32]
Rows = NDArray[np.int64]
Judge = Callable[[slice | Rows], Points]
PAIRS_AT_ONCE = 200_000
FEW = 256
SHIFT = 10
LARGEST_WHOLE = 31
"""Its square is below two to the ``SHIFT``, so that no fraction is rounded to the next number."""
BROKEN = -(2**22)
"""What a broken rule adds: no points make it good, and 500 of them still fit in 32 bits."""


@dataclass(frozen=True)
class Parts:
    """How much of a criterion each pair has: ``counts`` of some students with all mentors.

    More than the student's ``whole`` counts as that. Students with the same ``profile`` (counted
    from 0) have the same counts and the same whole.
    """

    counts: Callable[[slice | Rows], Counts]
    whole: Rows
    profile: Rows | None = None

    def points(self, share: int, forbids: Callable[[Counts], Any] | None) -> Judge:
        """What some students have with all mentors: points, and far below where it is forbidden."""
        if self.whole.max(initial=0) > LARGEST_WHOLE:
            raise ValueError(f"a criterion of more than {LARGEST_WHOLE} parts")
        whole = self.whole[:, None]
        factor = -(-(share << SHIFT) // whole).astype(np.int32)

        def judge(some: slice | Rows) -> Points:
            counts = self.counts(some)
            found: Points = np.minimum(counts, whole[some].astype(counts.dtype)) * factor[some]
            found >>= SHIFT
            if forbids:
                found += forbids(counts) * np.int32(BROKEN)
            return found

        if self.profile is None:
            return judge
        _, first = np.unique(self.profile, return_index=True)
        if len(first) > FEW:
            return judge
        table, profile = judge(first), self.profile
        return lambda some: table[profile[some]]


def score(
    students: Sequence[Person], mentors: Sequence[Person], criteria: Criteria
) -> NDArray[np.int32]:
    """The score of every pair in millionths, ``FORBIDDEN`` where a rule forbids it."""
    total = np.zeros((len(students), len(mentors)), np.int32)
    shares = criteria.shares
    judges = [
        _parts_of(criterion)(students, mentors).points(
            shares.get(criterion, 0), _forbidden(criterion, criteria)
        )
        for criterion in c.in_order({*shares, *criteria.required, *criteria.differ})
    ]
    size = max(1, PAIRS_AT_ONCE // max(1, len(mentors)))
    for at in range(0, len(students), size):
        block = slice(at, min(at + size, len(students)))
        for judge in judges:
            total[block] += judge(block)
        np.maximum(total[block], FORBIDDEN, out=total[block])
    return total


def _forbidden(criterion: str, criteria: Criteria) -> Callable[[Counts], Any] | None:
    """Which counts a hard rule forbids, if there is one."""
    if criterion in criteria.differ:
        return lambda counts: counts > 0
    return (lambda counts: counts == 0) if criterion in criteria.required else None


def _shared(mine: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]], enough: int) -> Parts:
    """How many entries each pair has in common: one bit an entry."""
    names = {name: at for at, name in enumerate(sorted(frozenset().union(*mine, *theirs)))}

    def bits(of: Sequence[frozenset[str]]) -> list[int]:
        return [sum(1 << names[name] for name in entries) for entries in of]

    return _in_common(bits(mine), bits(theirs), len(names), _whole(map(len, mine), enough))


def _in_common(mine: Sequence[int], theirs: Sequence[int], width: int, whole: Rows) -> Parts:
    """The bits that are set on both sides, counted. No library of linear algebra is asked: its
    threads would wait for each other where other work is done.
    """
    left, right = _words(mine, width), _words(theirs, width)
    kind = np.uint8 if width < 256 else np.int32

    def counts(some: slice | Rows) -> Counts:
        found: Counts = np.bitwise_count(left[some, 0, None] & right[:, 0]).astype(kind, copy=False)
        for word in range(1, left.shape[1]):
            found += np.bitwise_count(left[some, word, None] & right[:, word])
        return found

    number: dict[int, int] = {}
    profile = np.array([number.setdefault(bits, len(number)) for bits in mine], np.int64)
    return Parts(counts, whole, profile)


def _words(of: Sequence[int], width: int) -> NDArray[np.uint64]:
    """Whole numbers of any size as rows of 64 bits each."""
    words = max(1, -(-width // 64))
    raw = b"".join(number.to_bytes(8 * words, "little") for number in of)
    return np.frombuffer(raw, "<u8").reshape(len(of), words)


def _whole(sizes: Any, enough: int) -> Rows:
    return np.array([max(1, min(enough, size)) for size in sizes], np.int64)


Build = Callable[[Sequence[Person], Sequence[Person]], Parts]


def _interests(students: Sequence[Person], mentors: Sequence[Person]) -> Parts:
    mine, theirs = [p.interests for p in students], [p.interests for p in mentors]
    return _shared(mine, theirs, c.ENOUGH_INTERESTS)


def _languages(students: Sequence[Person], mentors: Sequence[Person]) -> Parts:
    mine, theirs = [p.languages for p in students], [p.languages for p in mentors]
    return _shared(mine, theirs, c.ENOUGH_LANGUAGES)


def _same(criterion: Criterion) -> Build:
    def values(people: Sequence[Person]) -> list[frozenset[str]]:
        found = [str(getattr(person, criterion)) for person in people]
        return [frozenset((value,)) if value else frozenset() for value in found]

    return lambda students, mentors: _shared(values(students), values(mentors), 1)


def _choices(criterion: str) -> Build:
    def values(people: Sequence[Person]) -> list[frozenset[str]]:
        return [person.choices.get(criterion, frozenset()) for person in people]

    return lambda students, mentors: _shared(values(students), values(mentors), c.ENOUGH_CHOICES)


def _free_time(students: Sequence[Person], mentors: Sequence[Person]) -> Parts:
    mine, theirs = [p.free_hours for p in students], [p.free_hours for p in mentors]
    whole = np.full(len(students), c.ENOUGH_HOURS, np.int64)
    return _in_common(mine, theirs, c.HOURS_OF_A_WEEK, whole)


def _class_year(students: Sequence[Person], mentors: Sequence[Person]) -> Parts:
    def years(people: Sequence[Person]) -> NDArray[np.float32]:
        known = [p.class_year if p.class_year is not None else np.nan for p in people]
        return np.array(known, np.float32)

    mine, theirs = years(students)[:, None], years(mentors)[None, :]

    def counts(some: slice | Rows) -> Counts:
        ahead = theirs - mine[some]
        # Who has no year is ahead of nobody: a comparison with NaN is false.
        return np.where(ahead > 0, np.maximum(0, c.FAR_YEARS + 1 - ahead), 0).astype(np.int32)

    return Parts(counts, np.full(len(students), c.FAR_YEARS, np.int64))


def _ranked(*, by_students: bool) -> Build:
    """What ranks count: few of all pairs, so that they are kept as lists."""

    def build(students: Sequence[Person], mentors: Sequence[Person]) -> Parts:
        row = {person.id: at for at, person in enumerate(students)}
        column = {person.id: at for at, person in enumerate(mentors)}
        here, there = (row, column) if by_students else (column, row)
        entries = [
            (here[person.id], there[who], c.tenths(place))
            for person in (students if by_students else mentors)
            for place, who in enumerate(person.wishes)
            if who in there
        ]
        found = np.array(entries, np.int64).reshape(-1, 3)
        rows, columns = (found[:, 0], found[:, 1]) if by_students else (found[:, 1], found[:, 0])

        def counts(some: slice | Rows) -> Counts:
            asked = np.arange(len(students))[some]
            row_of = np.full(len(students), -1)
            row_of[asked] = np.arange(len(asked))
            here = row_of[rows] >= 0
            table = np.zeros((len(asked), len(mentors)), np.int32)
            table[row_of[rows[here]], columns[here]] = found[here, 2]
            return table

        return Parts(counts, np.full(len(students), c.MOST_RANKS, np.int64))

    return build


ARRAYS: dict[Criterion, Build] = {
    Criterion.INTERESTS: _interests,
    Criterion.LANGUAGES: _languages,
    Criterion.CAMPUS: _same(Criterion.CAMPUS),
    Criterion.TRACK: _same(Criterion.TRACK),
    Criterion.GENDER: _same(Criterion.GENDER),
    Criterion.FREE_TIME: _free_time,
    Criterion.CLASS_YEAR: _class_year,
    Criterion.EXPECTATION: _same(Criterion.EXPECTATION),
    Criterion.WISH: _ranked(by_students=True),
    Criterion.LIKING: _ranked(by_students=False),
}


def _parts_of(criterion: str) -> Build:
    if criterion.startswith(c.QUESTION):
        return _choices(criterion)
    return ARRAYS[Criterion(criterion)]
