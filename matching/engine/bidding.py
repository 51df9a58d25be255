"""Rough prices by a short auction: they tell which few pairs are worth solving on first.

All students without a place bid at once for their favorite at the present prices, up to where
their second choice would do as well; a full mentor keeps the highest bids. Nothing depends on how
good the prices are but the time the exact solution takes.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

ROUNDS = 60
STEP = 50  # each bid raises by at least one fiftieth of the greatest weight


def rough_prices(
    weights: NDArray[np.int64] | NDArray[np.int32], capacity: NDArray[np.int64]
) -> NDArray[np.int64]:
    """What a place at each mentor is roughly worth, in the unit of the weights."""
    greatest = float(weights.max(initial=0))
    worth = weights.astype(np.float32)
    worth[weights < 0] = -np.inf
    worth[:, capacity == 0] = -np.inf
    prices = np.zeros(len(capacity), np.float32)
    held: list[list[tuple[float, int]]] = [[] for _ in capacity]
    waiting = np.nonzero(np.isfinite(worth).any(axis=1))[0]
    limits = capacity.tolist()
    for _ in range(ROUNDS):
        if not waiting.size:
            break
        favorites, bids = _bids(worth[waiting] - prices, greatest)
        touched = set()
        for i, j, bid in zip(waiting.tolist(), favorites.tolist(), bids.tolist(), strict=True):
            heapq.heappush(held[j], (float(prices[j]) + bid, i))
            touched.add(j)
        waiting = np.array(_outbid(held, limits, prices, sorted(touched)), np.int64)
    return prices.astype(np.int64)


def _bids(
    values: NDArray[np.float32], greatest: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    rows = np.arange(len(values))
    favorites = values.argmax(axis=1)
    first = values[rows, favorites]
    values[rows, favorites] = -np.inf
    # Who has no second choice would bid without end.
    second = np.maximum(values.max(axis=1), first - greatest)
    return favorites, first - second + greatest / STEP


def _outbid(
    held: list[list[tuple[float, int]]],
    limits: list[int],
    prices: NDArray[np.float32],
    touched: list[int],
) -> list[int]:
    """Who loses her place to a higher bid; raises the price of what is full."""
    out = []
    for j in touched:
        while len(held[j]) > limits[j]:
            out.append(heapq.heappop(held[j])[1])
        if len(held[j]) == limits[j]:
            prices[j] = held[j][0][0]
    return sorted(out)
