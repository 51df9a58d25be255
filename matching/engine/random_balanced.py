"""Random, with loads as even as the places and the rules allow."""

from __future__ import annotations

from collections import deque
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.engine.instance import Instance
from matching.engine.problem import Ints, Problem


class _Board:
    """Who sits where, while students are dealt and moved."""

    def __init__(self, problem: Problem, loads: Ints) -> None:
        self.allowed: NDArray[np.bool_] = (problem.weights >= 0) & (problem.capacity > 0)
        self.capacity = problem.capacity
        self.loads = loads
        self.chosen = np.full(problem.weights.shape[0], -1, np.int64)
        self.held: list[set[int]] = [set() for _ in problem.capacity]

    def seat(self, student: int, mentor: int) -> None:
        before = int(self.chosen[student])
        if before >= 0:
            self.held[before].discard(student)
            self.loads[before] -= 1
        self.chosen[student] = mentor
        self.held[mentor].add(student)
        self.loads[mentor] += 1


def choose(instance: Instance, problem: Problem, seed: int) -> Ints:
    """Most students placed, loads even, chance (from the seed) decides the rest.

    Pinned students count in their mentor's load. Each stratum is spread over the mentors as well,
    as far as the loads allow. Everybody's chances are the same: the order of the instance, which
    the procedure starts from, comes from the seed too.
    """
    loads = np.zeros(len(instance.mentors), np.int64)
    for _, j in instance.pinned:
        loads[j] += 1
    # Places are what the pins left; loads here count them in, so the limit does as well.
    board = _Board(Problem(problem.weights, problem.capacity + loads, problem.bonus), loads)
    board.allowed &= problem.capacity > 0
    digest = blake2b(f"deal:{seed}".encode(), digest_size=8).digest()
    chance = np.random.default_rng(int.from_bytes(digest, "big"))
    _deal(board, list(instance.strata) or [""] * len(board.chosen), chance)
    _place_the_rest(board)
    _even_out(board)
    return board.chosen


def _deal(board: _Board, strata: list[str], chance: np.random.Generator) -> None:
    """Stratum by stratum, to whoever has the fewest, and the fewest of that stratum."""
    for stratum in sorted(set(strata)):
        members = np.array([i for i, name in enumerate(strata) if name == stratum])
        of_stratum = np.zeros(len(board.capacity), np.int64)
        for i in chance.permutation(members).tolist():
            open_ = np.nonzero(board.allowed[i] & (board.loads < board.capacity))[0]
            if not open_.size:
                continue
            keys = board.loads[open_] * (len(strata) + 1) + of_stratum[open_]
            least = open_[keys == keys.min()]
            j = int(least[chance.integers(least.size)])
            board.seat(i, j)
            of_stratum[j] += 1


def _place_the_rest(board: _Board) -> None:
    """Makes room along chains of moves for students whose mentors are all full."""
    # From where no place was reached once none ever will be.
    dead = np.zeros(len(board.capacity), np.bool_)
    for i in np.nonzero(board.chosen < 0)[0].tolist():
        starts = np.nonzero(board.allowed[i] & ~dead)[0].tolist()
        chain = _chain(board, starts, board.loads < board.capacity, dead)
        if chain:
            _move_along(board, chain)
            board.seat(i, chain[0][0])


def _even_out(board: _Board) -> None:
    """Moves students from a mentor to one with at least two fewer, along chains, until none is.

    Loads are then as even as they can be: an uneven assignment always has such a chain.
    """
    moved = True
    while moved:
        moved = False
        for j in np.argsort(-board.loads, kind="stable").tolist():
            lower = (board.loads <= board.loads[j] - 2) & (board.loads < board.capacity)
            if not lower.any():
                continue
            chain = _chain(board, [j], lower, np.zeros(len(lower), np.bool_))
            if chain:
                _move_along(board, chain)
                moved = True


def _chain(
    board: _Board, starts: list[int], goal: NDArray[np.bool_], dead: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Mentors from a start to a goal, with the student who moves on to the next (−1 at the end).

    Leaves out those marked as ``dead``; marks all it has seen where it found no goal.
    """
    came: dict[int, tuple[int, int]] = dict.fromkeys(starts, (-1, -1))
    queue = deque(starts)
    seen = dead.copy()
    seen[starts] = True
    while queue:
        j = queue.popleft()
        if goal[j]:
            return _walk_back(came, j)
        for i in sorted(board.held[j]):
            for k in np.nonzero(board.allowed[i] & ~seen)[0].tolist():
                seen[k] = True
                came[k] = (j, i)
                queue.append(k)
    dead |= seen
    return []


def _walk_back(came: dict[int, tuple[int, int]], end: int) -> list[tuple[int, int]]:
    chain = [(end, -1)]
    while came[chain[-1][0]][0] >= 0:
        chain.append(came[chain[-1][0]])
    return chain[::-1]


def _move_along(board: _Board, chain: list[tuple[int, int]]) -> None:
    for (_, student), (mentor, _) in reversed(list(pairwise(chain))):
        board.seat(student, mentor)
