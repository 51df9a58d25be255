"""One student or one place more: the shortest way to a new optimum from the prices of an old one.

The prices of an optimum say what each student would lose with any other mentor. A student comes in
along the chain of moves that loses least in sum (a shortest path over those losses), and the prices
along it change by what it costs. A place that falls vacant is filled, if that gains, along the best
chain that ends in it. Between calls all of this holds:

- whoever has a mentor would have it nowhere better at these prices, nor better without any;
- whoever has none, and is not awaited, would be worth nothing to any mentor beyond the price;
- a mentor with a vacant place has the price zero.

That makes what is found optimal for all who are in, as ``certificate`` proves on its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.beyond import NEVER, beyond
from matching.engine.problem import Ints, Problem, Solution, out_of_reach

NOBODY = -1


@dataclass(frozen=True)
class _Ways:
    """The shortest ways found so far: how far, how far among those yet to be looked at, and from.

    For ``_insert`` to each mentor and who moves there, for ``_fill`` from each student and who
    leaves the place that she would take.
    """

    distance: Ints
    ahead: Ints
    via: Ints

    @classmethod
    def of(cls, count: int) -> _Ways:
        nothing = np.full(count, NEVER)
        return cls(nothing, nothing.copy(), np.full(count, NOBODY))

    def improve(self, distance: Ints, limit: int) -> Ints:
        """Take what is nearer than before and within the limit; returns where ``via`` is new."""
        nearer = np.flatnonzero(distance < np.minimum(self.distance, limit))
        self.distance[nearer] = self.ahead[nearer] = distance[nearer]
        return nearer


class Market:
    """Who is with whom at which prices; ``settle`` changes it in place."""

    def __init__(self, problem: Problem, chosen: Ints, prices: Ints) -> None:
        self.problem = problem
        self.chosen = chosen.copy()
        # Whoever has chosen[i] == NOBODY == -1 pays the last of these: nothing.
        self.paid = np.append(prices, 0)
        self.prices = self.paid[:-1]
        self.loads = np.bincount(chosen[chosen >= 0], minlength=len(prices))
        self.own = problem.weights[np.arange(len(chosen)), chosen].astype(np.int64)
        self.own[chosen < 0] = -problem.bonus
        self._closed = np.flatnonzero(problem.capacity == 0)
        self.prices[self._closed] = 0
        self.awaited = np.zeros(len(chosen), np.bool_)

    def solution(self) -> Solution:
        """As it stands; a mentor without a place is too dear for everybody."""
        return Solution(self.chosen, out_of_reach(self.problem, self.prices))

    def settle(self, awaited: Ints) -> None:
        """Bring these students in, each of whom leaves first the place she may have."""
        self.awaited[awaited] = True
        left = self.chosen[awaited]
        self.chosen[awaited] = NOBODY
        self.own[awaited] = -self.problem.bonus
        for j in left[left >= 0].tolist():
            self.loads[j] -= 1
        # Most ways end in a place that one of them has left; the others are given away then.
        for i in awaited.tolist():
            self._insert(i)
        for j in np.unique(left[left >= 0]).tolist():
            while self.loads[j] < self.problem.capacity[j] and self.prices[j] > 0:
                self._fill(j)

    def _insert(self, i: int) -> None:
        """Bring in one student along the way that loses least; somebody may end without a place."""
        self.awaited[i] = False
        offers = beyond(self.problem, self.prices, np.array([i]))[0]
        offers[self._closed] = -NEVER
        limit = max(0, int(offers.max(initial=0)))
        ways = _Ways.of(len(offers))
        ways.via[ways.improve(limit - offers, limit)] = i
        vacant = np.flatnonzero(self.loads < self.problem.capacity)
        last, loser = NOBODY, i
        while True:
            # A place is taken as soon as it is found: what is as far away need not be looked at.
            nearest = int(ways.distance[vacant].argmin()) if vacant.size else NOBODY
            if vacant.size and ways.distance[vacant[nearest]] < limit:
                last, loser = int(vacant[nearest]), NOBODY
                limit = int(ways.distance[last])
            j = int(ways.ahead.argmin())
            here = int(ways.ahead[j])
            if here >= limit:
                break
            ways.ahead[j] = NEVER
            held = np.flatnonzero(self.chosen == j)
            profit = self._profit(held)
            poorest = int(profit.argmin())
            if here + profit[poorest] < limit:
                limit, last, loser = here + int(profit[poorest]), j, int(held[poorest])
            self._move_on(ways, held, here, limit)
        reached = ways.distance < limit
        self.prices[reached] += limit - ways.distance[reached]
        self._move_along(ways.via, i, last, loser)

    def _move_on(self, ways: _Ways, held: Ints, here: int, limit: int) -> None:
        """The ways on by a move of one of these students, who have the place so far away."""
        weights = self.problem.weights[held]
        more = weights - (self.own[held] - self.paid[self.chosen[held]])[:, None]
        more[weights < 0] = -NEVER
        distance = here + self.prices - more.max(axis=0)
        distance[self._closed] = NEVER
        nearer = ways.improve(distance, limit)
        ways.via[nearer] = held[more[:, nearer].argmax(axis=0)]

    def _move_along(self, via: Ints, i: int, last: int, loser: int) -> None:
        """Everybody on the way to ``last`` moves one on; there the loser goes or a place is."""
        if last == NOBODY:
            return
        if loser == NOBODY:
            self.loads[last] += 1
        else:
            self._put(loser, NOBODY)
        to = last
        while True:
            mover = int(via[to])
            before = int(self.chosen[mover])
            self._put(mover, to)
            if mover == i:
                return
            to = before

    def _fill(self, vacant: int) -> None:
        """Give a vacant place away along the best way that ends in it, or lower its price to 0."""
        limit, end = int(self.prices[vacant]), NOBODY
        ways = _Ways.of(len(self.chosen))
        reached = {vacant: 0}
        # What keeps each student where she is; of no use to whoever is awaited.
        keeps = self._profit(slice(None)) - self.problem.bonus
        keeps[self.awaited] = NEVER // 2
        self._offer(ways, keeps, vacant, limit)
        while True:
            i = int(ways.ahead.argmin())
            here = int(ways.ahead[i])
            if here >= limit:
                break
            ways.ahead[i] = NEVER
            k = int(self.chosen[i])
            if here + int(self.paid[k]) < limit:
                limit, end = here + int(self.paid[k]), i
            if k != NOBODY and k not in reached:
                reached[k] = here
                ways.via[self._offer(ways, keeps, k, limit, here)] = i
        for k, at in reached.items():
            self.prices[k] -= max(0, limit - at)
        if end != NOBODY:
            self.loads[vacant] += 1
            if self.chosen[end] != NOBODY:
                self.loads[self.chosen[end]] -= 1
        while end != NOBODY:
            leaver = int(ways.via[end])
            self._put(end, vacant if leaver == NOBODY else int(self.chosen[leaver]))
            end = leaver

    def _offer(self, ways: _Ways, keeps: Ints, k: int, limit: int, here: int = 0) -> Ints:
        """Who would come to mentor k for a place so far away, and less far than before."""
        weights = self.problem.weights[:, k]
        loss = keeps - weights
        loss += here + self.prices[k]
        loss[(weights < 0) | (self.chosen == k)] = NEVER
        return ways.improve(loss, limit)

    def _profit(self, students: Ints | slice) -> Ints:
        """What these students have beyond the price of their place; without one nothing."""
        chosen = self.chosen[students]
        profit: Ints = np.add(self.own[students], self.problem.bonus) - self.paid[chosen]
        return profit

    def _put(self, i: int, j: int) -> None:
        self.chosen[i] = j
        self.own[i] = self.problem.weights[i, j] if j != NOBODY else -self.problem.bonus
