"""The greatest values of each row.

To sort out the best of thousands takes long; so a sample of the row says first what most of its
values are below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Ints

Floats = NDArray[np.float32]

WIDE = 8  # times as many columns as are wanted make a sample worth it
SAMPLE = 400  # columns
SPARE = 3  # times as many values as are wanted should be above the mark
LEAST = 3  # of the sample above the mark; fewer say too little
MOST = 8  # times as many above the mark, alike or out of the question, are sorted as a whole
FAR = np.float32(1e30)
OUT = np.float32(-1e29)
"""What is worth no more than this is out of the question."""


def places(values: Floats, count: int) -> tuple[Ints, Ints]:
    """Rows and columns of the ``count`` greatest of each row; nothing out of the question."""
    best = greatest(values, count)
    real = np.take_along_axis(values, best, axis=1) > OUT
    return np.nonzero(real)[0], best[real]


def greatest(values: Floats, count: int) -> Ints:
    """The columns of the ``count`` greatest of each row, or of all, in no order."""
    columns = values.shape[1]
    if count >= columns:
        return np.broadcast_to(np.arange(columns), values.shape)
    if columns < WIDE * count:
        return sorted_out(values, count)
    above = Above.of(values, count)
    found: Ints = np.take_along_axis(above.columns, sorted_out(above.values, count), axis=1)
    rest = ~above.enough
    if rest.any():
        found[rest] = sorted_out(values[rest], count)
    return found


@dataclass(frozen=True)
class Above:
    """Of each row the values that are not below a mark of its own, and their columns.

    Rows are filled up with minus infinity. Where they are ``enough`` the ``count`` greatest are
    among them.
    """

    mark: Floats
    values: Floats
    columns: Ints
    enough: NDArray[np.bool_]

    @classmethod
    def of(cls, values: Floats, count: int) -> Above:
        mark = _mark(values, count)
        above = values >= mark[:, None]
        many = np.count_nonzero(above, axis=1)
        enough = (many >= count) & (many <= MOST * count)
        if not enough.all():
            above[~enough] = False
            many[~enough] = 0
        flat = np.flatnonzero(above)
        ends = np.cumsum(many)
        width = int(many.max(initial=count))
        to = np.arange(len(flat)) + np.repeat(np.arange(len(many)) * width - ends + many, many)
        found = np.full((len(values), width), -np.inf, np.float32)
        found.reshape(-1)[to] = values.reshape(-1)[flat]
        columns = np.zeros(found.shape, np.int64)
        columns.reshape(-1)[to] = flat - np.repeat(np.arange(len(many)) * values.shape[1], many)
        return cls(mark, found, columns, enough)


def sorted_out(values: Floats, count: int) -> Ints:
    """As ``greatest``, by looking at every value; there are at least ``count`` columns."""
    last = values.shape[1] - count
    found: Ints = np.argpartition(values, last, axis=1)[:, last:]
    return found


def _mark(values: Floats, count: int) -> Floats:
    """For each row a value that about ``SPARE`` times ``count`` of its values are not below."""
    sample = values[:, :: max(1, values.shape[1] // SAMPLE)]
    above = max(LEAST, SPARE * count * sample.shape[1] // values.shape[1])
    at = sample.shape[1] - min(above, sample.shape[1])
    mark: Floats = np.partition(sample, at, axis=1)[:, at]
    return mark
