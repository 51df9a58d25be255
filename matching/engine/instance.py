"""What a matching starts from and what it ends in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Scores = NDArray[np.int32]
    Ranks = NDArray[np.int16]

MICRO = 1_000_000
"""Scores are whole millionths, so that sums, bounds and comparisons are exact."""

FORBIDDEN = -1
"""The score of a pair that may not be made."""

ROWS_AT_ONCE = 64


class Procedure(StrEnum):
    OPTIMAL = "optimal"
    FAIR = "fair"
    STABLE = "stable"
    RANDOM = "random"
    GREEDY = "greedy"
    WISHES = "wishes"
    KEEPING = "keeping"


class InvalidInput(ValueError):  # noqa: N818 - it names what is wrong, as people say it
    """The input says something impossible; the message says what and where."""


@dataclass(frozen=True)
class Instance:
    """Students, mentors with places, and the score of every allowed pair.

    ``scores[i, j]`` is in millionths, ``FORBIDDEN`` where the pair may not be made. ``pinned``
    pairs are part of every result; ``current`` pairs are kept where that costs nothing, and by the
    procedure of fewest changes before the total counts.
    ``wishes[i, j]`` says how much the student wants this mentor, ``likes[i, j]`` how much the
    mentor wants her, more being more; where they are equal or absent the score decides. They matter
    to procedures that go by preferences.
    """

    students: Sequence[str]
    mentors: Sequence[str]
    capacity: Sequence[int]
    scores: Scores
    pinned: Sequence[tuple[int, int]] = ()
    current: Sequence[tuple[int, int]] = ()
    strata: Sequence[str] = ()
    wishes: Ranks | None = None
    likes: Ranks | None = None

    def shuffled(self, seed: int) -> Instance:
        """The same instance in an order that depends on the seed and the names alone.

        Whatever a procedure does with ties then depends neither on the order of the input nor on
        the alphabet.
        """
        rows = shuffled_order(self.students, seed, "student")
        columns = shuffled_order(self.mentors, seed, "mentor")
        row_of = {old: new for new, old in enumerate(rows)}
        column_of = {old: new for new, old in enumerate(columns)}
        return Instance(
            students=[self.students[i] for i in rows],
            mentors=[self.mentors[j] for j in columns],
            capacity=[self.capacity[j] for j in columns],
            scores=_rearranged(self.scores, rows, columns),
            pinned=sorted((row_of[i], column_of[j]) for i, j in self.pinned),
            current=sorted((row_of[i], column_of[j]) for i, j in self.current),
            strata=[self.strata[i] for i in rows] if self.strata else (),
            wishes=None if self.wishes is None else self.wishes[rows][:, columns],
            likes=None if self.likes is None else self.likes[rows][:, columns],
        )


@dataclass(frozen=True)
class Result:
    """A matching and what is known about it. Totals are in millionths.

    ``bound`` limits the total of every matching that holds the pins and places as many students;
    ``optimal`` says that nothing places more students and that the bound is reached.
    """

    procedure: Procedure
    seed: int
    pairs: list[tuple[str, str]]
    unmatched: list[str]
    total: int
    bound: int
    optimal: bool
    minimum: int | None
    prices: dict[str, int] = field(default_factory=dict)


def _rearranged(scores: Scores, rows: list[int], columns: list[int]) -> Scores:
    """Rows and columns in another order, a few rows at a time: one copy of all is enough."""
    import numpy as np  # noqa: PLC0415 - what an instance is can be said without arrays

    found = np.empty((len(rows), len(columns)), scores.dtype)
    for at in range(0, len(rows), ROWS_AT_ONCE):
        some = slice(at, at + ROWS_AT_ONCE)
        # Every position is right, so nothing is clipped; to check each takes three times as long.
        np.take(scores[rows[some]], columns, axis=1, out=found[some], mode="clip")
    return found


def shuffled_order(names: Sequence[str], seed: int, kind: str) -> list[int]:
    """Positions in an order that depends on the seed and the names alone."""
    salt = f"{seed}:{kind}:".encode()

    def place(index: int) -> tuple[bytes, str]:
        name = names[index]
        return blake2b(salt + name.encode("utf-8", "surrogatepass"), digest_size=12).digest(), name

    return sorted(range(len(names)), key=place)
