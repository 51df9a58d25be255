"""What the exact procedures solve: weights, places and a bonus for each student placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Weights = NDArray[np.int64] | NDArray[np.int32]

BLOCK = 400_000


@dataclass(frozen=True)
class Problem:
    """Weights of the allowed pairs (−1: forbidden) and a bonus that each placed student adds.

    ``bonus`` exceeds what all weights together can make good; 0 asks for the total alone.
    """

    weights: Weights
    capacity: Ints
    bonus: int

    @property
    def places_most(self) -> bool:
        """Whether placing one more student is worth more than any total."""
        return self.bonus >= placing_bonus(self.weights, self.capacity)

    def blocks(self) -> list[slice]:
        """Slices of students small enough to work on without large temporary arrays."""
        students, mentors = self.weights.shape
        step = max(1, BLOCK // max(1, mentors))
        return [slice(at, min(at + step, students)) for at in range(0, students, step)]


@dataclass(frozen=True)
class Solution:
    """``chosen[i]``: the mentor of student i or −1. ``prices[j]``: what a place there is worth."""

    chosen: Ints
    prices: Ints


def placing_bonus(weights: Weights, capacity: Ints) -> int:
    """A bonus that makes one more student placed worth more than any total."""
    most: int = min(weights.shape[0], int(capacity.sum()))
    greatest: int = weights.max(initial=0).item()
    return (most + 1) * (greatest + 1)


def out_of_reach(problem: Problem, prices: Ints) -> Ints:
    """A mentor without a place is too dear for everybody, which costs the bound nothing."""
    dear = int(problem.weights.max(initial=0)) + problem.bonus
    return np.where(problem.capacity == 0, dear, prices)
