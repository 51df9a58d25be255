"""Rough prices by a short auction: they tell which few pairs are worth solving on first.

It starts from what mentors are worth to everybody alike, as far as scores are alike. Then all
students without a place bid at once for their favorite at the present prices, up to where their
second choice would do as well; a full mentor keeps the highest bids. Nothing depends on how good
the prices are but the time the exact solution takes.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from matching.engine.problem import Ints, Problem

ROUNDS = 60
STEP = 50  # each bid raises by at least one fiftieth of the greatest weight
MARK = 0.05  # the greatest mark, as a part of that raise
STRIDE, OFFSETS = 7919, 4096
SAMPLE = 500
PAIRS_AT_ONCE = 200_000

Floats = NDArray[np.float32]


def rough_prices(problem: Problem) -> tuple[Floats, NDArray[np.bool_]]:
    """What a place at each mentor is roughly worth, in the unit of the weights; who has one left.

    A mentor without places is infinitely dear.
    """
    limits = problem.capacity.tolist()
    greatest = float(problem.weights.max(initial=0))
    marks = marks_of(problem)
    prices = _common_prices(problem)
    prices[problem.capacity == 0] = np.inf
    held: list[list[tuple[float, int]]] = [[] for _ in limits]
    waiting = np.arange(len(problem.weights))
    for _ in range(ROUNDS):
        if not waiting.size:
            break
        touched = set()
        for i, j, bid in _bids(problem, waiting, prices, marks, greatest):
            heapq.heappush(held[j], (float(prices[j]) + bid, i))
            touched.add(j)
        waiting = np.array(_outbid(held, limits, prices, sorted(touched)), np.int64)
    vacant = np.array([len(h) < limit for h, limit in zip(held, limits, strict=True)], np.bool_)
    return prices, vacant


def _common_prices(problem: Problem) -> Floats:
    """How much dearer a mentor is than the last one needed, judged by a sample of students.

    Only as much of it as students agree on: where tastes differ, the start is at nothing.
    """
    students = len(problem.weights)
    sample = problem.weights[:: max(1, students // SAMPLE)].astype(np.float64)
    allowed = sample >= 0
    count = allowed.sum(axis=0)
    sample[~allowed] = 0
    mean = sample.sum(axis=0) / np.maximum(1, count)
    spread = (sample**2).sum() / max(1, count.sum()) - (mean**2 * count).sum() / max(1, count.sum())
    common = mean[count > 0].var() if count.any() else 0.0
    agreed = common / (common + spread) if common > 0 else 0.0
    dearest = np.argsort(-mean, kind="stable")
    enough = int(np.searchsorted(np.cumsum(problem.capacity[dearest]), students))
    last = mean[dearest[min(enough, len(mean) - 1)]]
    common_worth: Floats = np.round(agreed * np.maximum(0, mean - last)).astype(np.float32)
    return common_worth


def _bids(
    problem: Problem, waiting: Ints, prices: Floats, marks: Floats, greatest: float
) -> list[tuple[int, int, float]]:
    """Student, favorite and how much above its price she bids, of all who have a favorite."""
    found: list[tuple[int, int, float]] = []
    size = max(1, PAIRS_AT_ONCE // problem.weights.shape[1])
    for at in range(0, len(waiting), size):
        students = waiting[at : at + size]
        values = values_of(problem, students, prices, marks)
        rows = np.arange(len(students))
        favorites = values.argmax(axis=1)
        first = values[rows, favorites]
        values[rows, favorites] = -np.inf
        # Who has no second choice would bid without end.
        second = np.maximum(values.max(axis=1), first - greatest)
        bids = first - second + greatest / STEP
        able = np.isfinite(first)
        found += zip(
            students[able].tolist(), favorites[able].tolist(), bids[able].tolist(), strict=True
        )
    return found


def values_of(problem: Problem, students: Ints, prices: Floats, marks: Floats) -> Floats:
    """What each mentor is worth to these students beyond a rough price, never twice the same.

    Were equal worth not told apart by a mark, all students would want the same few mentors.
    """
    weights = problem.weights[students]
    values = np.subtract(weights, prices, dtype=np.float32, casting="unsafe")
    values += sliding_window_view(marks, len(prices))[students * STRIDE % OFFSETS]
    values[weights < 0] = -np.inf
    return values


def marks_of(problem: Problem) -> Floats:
    """Always the same pseudo-random numbers, small beside a bid; each student starts elsewhere."""
    chance = np.random.default_rng(0)
    greatest = float(problem.weights.max(initial=0))
    marks: Floats = chance.random(problem.weights.shape[1] + OFFSETS, np.float32)
    marks *= np.float32(max(1.0, greatest / STEP * MARK))
    return marks


def _outbid(
    held: list[list[tuple[float, int]]], limits: list[int], prices: Floats, touched: list[int]
) -> list[int]:
    """Who loses her place to a higher bid; raises the price of what is full."""
    out = []
    for j in touched:
        while len(held[j]) > limits[j]:
            out.append(heapq.heappop(held[j])[1])
        if len(held[j]) == limits[j]:
            prices[j] = max(float(prices[j]), held[j][0][0])
    return sorted(out)
