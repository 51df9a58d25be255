"""Whom each student wants most while prices rise, without looking at all mentors again.

As prices only rise, no mentor who is not on a student's list can become worth more than the last
one on it was when it was made. Only where that could matter is a list made anew.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from matching.engine.greatest import FAR, OUT, WIDE, Above, Floats, greatest, places, sorted_out
from matching.engine.problem import BLOCK, Ints, Problem

LISTED = 64
STRIDE, OFFSETS = 7919, 4096


class Favorites:
    """A list for each student, made at some prices and good for all that are no lower.

    Were equal worth not told apart by a mark, all students would want the same few mentors.
    ``mark`` is the greatest one; marks are pseudo-random and always the same.
    """

    def __init__(self, problem: Problem, prices: Floats, mark: float) -> None:
        students, mentors = problem.weights.shape
        self.problem = problem
        self.length = min(LISTED, mentors)
        self.listed = np.zeros((students, self.length), np.int32)
        self._worth = np.zeros((students, self.length), np.float32)
        # What nobody who is not listed can be worth more than.
        self._others = np.zeros(students, np.float32)
        self._closed = np.flatnonzero(problem.capacity == 0)
        self._marks = np.random.default_rng(0).random(mentors + OFFSETS, np.float32)
        self._marks *= np.float32(mark)
        self._greatest_mark = self._marks.max()
        self._renew(np.arange(students), prices)

    def two_best(self, students: Ints, prices: Floats) -> tuple[Ints, Floats, Floats]:
        """The best mentor of each student; what that one and the second best are worth to her
        beyond the price.

        Mentors who are out of the question are worth minus infinity.
        """
        mentors, first, second = self._two_listed(students, prices)
        stale = np.flatnonzero(second < self._others[students])
        if stale.size:
            self._renew(students[stale], prices)
            mentors[stale], first[stale], second[stale] = self._two_listed(students[stale], prices)
        return mentors, first, second

    def _two_listed(self, students: Ints, prices: Floats) -> tuple[Ints, Floats, Floats]:
        """As ``two_best``, of those listed."""
        listed = self.listed[students]
        values = self._worth[students] - prices[listed]
        rows = np.arange(len(students))
        best = values.argmax(axis=1)
        first = values[rows, best]
        values[rows, best] = -np.inf
        return listed[rows, best], first, values.max(axis=1)

    def _values_listed(self, students: Ints, prices: Floats, count: int) -> Floats:
        """What the listed mentors are worth beyond the price; the ``count`` best are listed."""
        values: Floats = self._worth[students] - prices[self.listed[students]]
        last = self.length - count
        if last <= 0:
            return values
        worst = np.partition(values, last, axis=1)[:, last]
        stale = students[worst < self._others[students]]
        if stale.size:
            self._renew(stale, prices)
            values = self._worth[students] - prices[self.listed[students]]
        return values

    def pairs(self, students: Ints, prices: Floats, count: int) -> Ints:
        """The best pairs of each student, as flat places."""
        values = self._values_listed(students, prices, count)
        rows, at = places(values, count)
        pairs: Ints = students[rows] * len(prices) + self.listed[students[rows], at]
        return pairs

    def among(self, students: Ints, mentors: Ints, prices: Floats, count: int) -> Ints:
        """The best pairs of each student with these mentors, as flat places."""
        values = self._values(students, mentors, prices)
        rows, at = places(values, count)
        pairs: Ints = students[rows] * len(prices) + mentors[at]
        return pairs

    def _renew(self, students: Ints, prices: Floats) -> None:
        mentors = self.problem.weights.shape[1]
        size = max(1, BLOCK // max(1, mentors))
        for at in range(0, len(students), size):
            some = students[at : at + size]
            rest = self._renew_above(some, prices) if mentors >= WIDE * self.length else some
            if rest.size:
                self._renew_slowly(rest, prices)

    def _renew_above(self, students: Ints, prices: Floats) -> Ints:
        """As ``_renew``, for whoever has enough that is worth something; returns who has not.

        What is forbidden is below nothing, and marks are looked at for few: that saves half of it.
        """
        dear = prices.copy()
        dear[self._closed] = FAR
        values: Floats = np.subtract(
            self.problem.weights[students], dear, dtype=np.float32, casting="unsafe"
        )
        above = Above.of(values, self.length)
        sure = above.enough & (above.mark > 0)
        columns, values = above.columns, above.values
        values += self._marks[columns + (students * STRIDE % OFFSETS)[:, None]]
        best = sorted_out(values, self.length)
        worth = np.take_along_axis(values, best, axis=1)
        listed = np.take_along_axis(columns, best, axis=1)
        others = np.maximum(worth.min(axis=1), above.mark + self._greatest_mark)
        self._list(students[sure], listed[sure], worth[sure] + prices[listed[sure]], others[sure])
        return students[~sure]

    def _renew_slowly(self, students: Ints, prices: Floats) -> None:
        values = self._values(students, None, prices)
        best = greatest(values, self.length)
        worth = np.take_along_axis(values, best, axis=1)
        worth = np.where(worth > OUT, worth, np.float32(-np.inf))
        others = worth.min(axis=1)
        if self.length == values.shape[1]:
            others = np.full(len(students), -np.inf, np.float32)
        self._list(students, best, worth + prices[best], others)

    def _list(self, students: Ints, listed: Ints, worth: Floats, others: Floats) -> None:
        self.listed[students] = listed
        self._worth[students] = worth
        self._others[students] = others

    def _values(self, students: Ints, mentors: Ints | None, prices: Floats) -> Floats:
        """What all or some mentors are worth to these students beyond the price, with marks; for
        those who are out of the question no more than ``OUT``.
        """
        chosen = students if mentors is None else np.ix_(students, mentors)
        weights = self.problem.weights[chosen]
        marks = sliding_window_view(self._marks, len(prices))[students * STRIDE % OFFSETS]
        if mentors is not None:
            prices, marks = prices[mentors], marks[:, mentors]
        values: Floats = np.subtract(weights, prices, dtype=np.float32, casting="unsafe")
        values += marks
        # To put something in some places of an array takes ten times as long.
        values -= (weights < 0) * FAR
        if mentors is None:
            values[:, self._closed] = -FAR
        return values
