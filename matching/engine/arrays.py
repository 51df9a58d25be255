"""The scores of all pairs at once: the same whole numbers as ``criteria.explain``, pair by pair.

A criterion gives ``share * part // whole`` points for ``part`` of ``whole`` things in common. As
parts are small, that is a sum of steps: the first thing in common adds so much, the second so much.
A few hundred thousand pairs are worked on at a time, so that no large temporary arrays arise.
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

Counts = NDArray[np.float32] | NDArray[np.uint8] | NDArray[np.int32]
PAIRS_AT_ONCE = 200_000


@dataclass(frozen=True)
class Parts:
    """How much of a criterion each pair has: ``counts`` of some students with all mentors.

    More than the student's ``whole`` counts as that.
    """

    counts: Callable[[slice], Counts]
    whole: NDArray[np.int64]

    def steps(self, share: int) -> list[NDArray[np.int32]]:
        """What the first, second, … thing in common adds, for each student."""
        most = range(int(self.whole.max(initial=0)) + 1)
        points = [share * np.minimum(part, self.whole) // self.whole for part in most]
        return [step.astype(np.int32)[:, None] for step in np.diff(points, axis=0)]


def score(
    students: Sequence[Person], mentors: Sequence[Person], criteria: Criteria
) -> NDArray[np.int32]:
    """The score of every pair in millionths, ``FORBIDDEN`` where a rule forbids it."""
    total = np.zeros((len(students), len(mentors)), np.int32)
    shares = criteria.shares
    rules = []
    for criterion in c.in_order({*shares, *criteria.required, *criteria.differ}):
        parts = _parts_of(criterion)(students, mentors)
        hard = criterion in criteria.required or criterion in criteria.differ
        steps = parts.steps(shares[criterion]) if criterion in shares else []
        rules.append((parts.counts, steps, hard, criterion in criteria.differ))
    size = max(1, PAIRS_AT_ONCE // max(1, len(mentors)))
    for at in range(0, len(students), size):
        block = slice(at, min(at + size, len(students)))
        forbidden = np.zeros(total[block].shape, np.bool_)
        for counts_of, steps, hard, differ in rules:
            counts = counts_of(block)
            for part, step in enumerate(steps, 1):
                total[block] += (counts >= part) * step[block]
            if hard:
                forbidden |= (counts > 0) == differ
        np.copyto(total[block], FORBIDDEN, where=forbidden)
    return total


def _shared(mine: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]], enough: int) -> Parts:
    """How many entries each pair has in common: one bit an entry."""
    names = {name: at for at, name in enumerate(sorted(frozenset().union(*mine, *theirs)))}

    def bits(of: Sequence[frozenset[str]]) -> list[int]:
        return [sum(1 << names[name] for name in entries) for entries in of]

    return _in_common(bits(mine), bits(theirs), len(names), _whole(map(len, mine), enough))


def _in_common(
    mine: Sequence[int], theirs: Sequence[int], width: int, whole: NDArray[np.int64]
) -> Parts:
    """The bits that are set on both sides, counted. No library of linear algebra is asked: its
    threads would wait for each other where other work is done.
    """
    left, right = _words(mine, width), _words(theirs, width)
    kind = np.uint8 if width < 256 else np.int32

    def counts(block: slice) -> Counts:
        found = np.zeros((len(left[block]), len(right)), kind)
        for word in range(left.shape[1]):
            found += np.bitwise_count(left[block, word, None] & right[None, :, word])
        return found

    return Parts(counts, whole)


def _words(of: Sequence[int], width: int) -> NDArray[np.uint64]:
    """Whole numbers of any size as rows of 64 bits each."""
    words = max(1, -(-width // 64))
    raw = b"".join(number.to_bytes(8 * words, "little") for number in of)
    return np.frombuffer(raw, "<u8").reshape(len(of), words)


def _whole(sizes: Any, enough: int) -> NDArray[np.int64]:
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

    def counts(block: slice) -> Counts:
        ahead = theirs - mine[block]
        # Who has no year is ahead of nobody: a comparison with NaN is false.
        return np.where(ahead > 0, np.maximum(0, c.FAR_YEARS + 1 - ahead), 0)

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

        def counts(block: slice) -> Counts:
            table = np.zeros((block.stop - block.start, len(mentors)), np.float32)
            here = (rows >= block.start) & (rows < block.stop)
            table[rows[here] - block.start, columns[here]] = found[here, 2]
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
