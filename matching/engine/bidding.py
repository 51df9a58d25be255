"""Rough prices by an auction: they tell which few pairs are worth solving on first.

It starts from what mentors are worth to everybody alike, as far as scores are alike. Then all
students without a place bid at once for their favorite at the present prices, up to where their
second choice would do as well; a full mentor keeps the highest bids. Nothing depends on how good
the prices are but the time the exact solution takes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.favorites import Favorites
from matching.engine.greatest import Floats
from matching.engine.problem import Ints, Problem

ROUNDS = 2000
MOST_BIDS = 45  # for each student, on average
PATIENCE = 30  # after so many of them the raise doubles with each further one
STEP = 40  # each bid raises by at least one fortieth of how far tastes differ
ALIKE, FINER = 0.8, 2  # by half of that where so much of what is wanted is wanted by everybody
MARK = 0.05  # the greatest mark, as a part of that raise
AGREED = 1.2  # tried out: between too low, with much to bid for, and too high for some
SAMPLE = 500
WAITING, OUT = -1, -2


class Auction:
    """Rough prices in the unit of the weights, and what students want at them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        students = len(problem.weights)
        self.greatest = float(problem.weights.max(initial=0))
        self.prices, differ, agreed = _common_prices(problem)
        self.step = max(1.0, differ / (STEP * FINER if agreed > ALIKE else STEP))
        self.favorites = Favorites(problem, self.prices, self.step * MARK)
        self._with = np.full(students, WAITING)
        self._paid = np.zeros(students, np.float32)
        bids = 0
        for _ in range(ROUNDS):
            waiting = np.flatnonzero(self._with == WAITING)
            if not waiting.size or bids > MOST_BIDS * students:
                break
            before, bids = bids, bids + len(waiting)
            if bids // students > max(PATIENCE, before // students):
                self.step *= 2
            self._keep_highest(self._bid(waiting))

    def pairs(self) -> Ints:
        """Who has whom when the bidding ends, as flat places."""
        having = np.flatnonzero(self._with >= 0)
        places: Ints = having * len(self.prices) + self._with[having]
        return places

    @property
    def everybody(self) -> bool:
        """Whether nobody was left without a place."""
        return bool((self._with >= 0).all())

    def vacant(self) -> NDArray[np.bool_]:
        """Who has a place left."""
        loads = np.bincount(self._with[self._with >= 0], minlength=len(self.prices))
        return loads < self.problem.capacity

    def _bid(self, waiting: Ints) -> Ints:
        """Each of them bids for her favorite; the mentors who got a bid."""
        mentors, first, second = self.favorites.two_best(waiting, self.prices)
        able = np.isfinite(first)
        self._with[waiting[~able]] = OUT
        bidders, mentors = waiting[able], mentors[able]
        # Who has no second choice would bid without end.
        above = np.minimum(first[able] - second[able], self.greatest)
        self._with[bidders] = mentors
        self._paid[bidders] = self.prices[mentors] + above + self.step
        return mentors

    def _keep_highest(self, mentors: Ints) -> None:
        """Of these mentors the places go to the highest bids; the lowest of a full one is the
        price.
        """
        asked = np.zeros(len(self.prices) + 2, np.bool_)
        asked[mentors] = True
        holders = np.flatnonzero(asked[self._with])
        of, paid = self._with[holders], self._paid[holders].astype(np.float64)
        # One key for both, as that is sorted sooner than two.
        highest_first = np.argsort(of * (paid.max(initial=0) + 1) - paid, kind="stable")
        holders, of = holders[highest_first], of[highest_first]
        begins = np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
        place = np.arange(len(of)) - np.repeat(begins, np.diff(np.append(begins, len(of))))
        limit = self.problem.capacity[of]
        self._with[holders[place >= limit]] = WAITING
        last = place == limit - 1
        self.prices[of[last]] = np.maximum(self.prices[of[last]], self._paid[holders[last]])


def _common_prices(problem: Problem) -> tuple[Floats, float, float]:
    """How much dearer a mentor is than the last one needed, judged by a sample of students; how
    far students differ about a mentor; and which part of what they want all of them want.

    Only as much of it as students agree on: where tastes differ, the start is at nothing.
    """
    students = len(problem.weights)
    sample = problem.weights[:: max(1, students // SAMPLE)].astype(np.float64)
    allowed = sample >= 0
    count = allowed.sum(axis=0)
    sample[~allowed] = 0
    mean = sample.sum(axis=0) / np.maximum(1, count)
    sample -= mean
    sample[~allowed] = 0
    spread = (sample**2).sum() / max(1, count.sum())
    common = mean[count > 0].var() if count.any() else 0.0
    agreed = float(common / (common + spread)) if common > 0 else 0.0
    dearest = np.argsort(-mean, kind="stable")
    enough = int(np.searchsorted(np.cumsum(problem.capacity[dearest]), students))
    last = mean[dearest[min(enough, len(mean) - 1)]]
    part = min(1.0, AGREED * agreed)
    common_worth: Floats = np.round(part * np.maximum(0, mean - last)).astype(np.float32)
    return common_worth, float(np.sqrt(spread)), agreed
