"""A bound that does not trust the solver.

For any prices on the rules no assignment is worth more than the rules at their price plus, for
every block, the best it could have beyond the prices. All of it is summed in whole numbers: the
prices of the linear program are rounded, which costs the bound next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.groups.model import Floats, Model
from matching.engine.groups.traits import Ints

FINE = 1024
"""Prices are whole 1/1024 of a millionth."""


@dataclass(frozen=True)
class Proof:
    """``bound`` in millionths. ``loss[b, j]``: what the bound falls by, at least, in 1/1024 of a
    millionth, if block b is in group j; huge where that is forbidden."""

    bound: int
    loss: Ints


def prove(model: Model, prices: Floats) -> Proof:
    """The bound for all pairs of the task, also those that the model leaves out.

    A model with hours, and blocks that are to be apart, must hold all their pairs.
    """
    price = np.rint(np.clip(prices, -1e15 / FINE, 1e15 / FINE) * FINE).astype(np.int64)
    least, most = np.array(model.rows.least), np.array(model.rows.most)
    price = np.where((price > 0) & np.isinf(most), 0, price)
    price = np.where((price < 0) & np.isinf(least), 0, price)
    blocks = int(model.placeable.sum())
    first = _rows_before_blocks(model)
    price[first : first + blocks] = 0  # the best price of a block is found below
    sides = np.where(price > 0, most, least)
    sides[price == 0] = 0
    bound = sum(int(p) * int(s) for p, s in zip(price, sides, strict=True))
    paid = model.matrix().T.astype(np.int64) @ price
    bound += _beyond(model, paid)
    beyond = _beyond_of_pairs(model, price, paid)
    forbidden = ~model.task.allowed
    beyond[forbidden] = np.iinfo(np.int64).min // 2
    best = beyond.max(axis=1, initial=np.iinfo(np.int64).min // 2)
    if not model.goal.full:
        best = np.maximum(best, 0)
    bound += sum(int(one) for one in best[model.placeable])
    return Proof(bound // FINE, best[:, None] - beyond)


def _rows_before_blocks(model: Model) -> int:
    return len({int(j) for j in model.z_group})


def _beyond(model: Model, paid: Ints) -> int:
    """What variables other than the pairs can add at most within their own limits."""
    rest = slice(len(model.block), None)
    worth = model.worth[rest] * FINE - paid[rest]
    ends = np.where(worth > 0, np.array(model.upper)[rest], np.array(model.lower)[rest])
    return sum(int(w) * int(e) for w, e in zip(worth, ends, strict=True))


def _beyond_of_pairs(model: Model, price: Ints, paid: Ints) -> Ints:
    """What each pair is worth beyond the prices of the rules it counts for."""
    task = model.task
    of_feature = np.zeros((len(task.features), len(task.able)), np.int64)
    for row, j, f in model.of_feature:
        of_feature[f, j] += price[row]
    beyond: Ints = task.weights * FINE - task.counts @ of_feature
    for row, counts in model.of_all:
        beyond -= (price[row] * counts)[:, None]
    # Pairs of the model also pay for being apart and for hours.
    worth = task.weights[model.block, model.group] * FINE
    beyond[model.block, model.group] = worth - paid[: len(model.block)]
    return beyond
