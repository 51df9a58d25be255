"""The greatest values of each row.

To sort out the best of thousands takes long; so a sample of the row says first what most of its
values are below.
"""

from __future__ import annotations

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
        return _sorted_out(values, count)
    mark = _mark(values, count)
    above = values >= mark[:, None]
    many = np.count_nonzero(above, axis=1)
    enough = (many >= count) & (many <= MOST * count)
    if enough.all():
        return _sorted_out_above(values, above, count)
    found = np.empty((len(values), count), np.int64)
    found[~enough] = _sorted_out(values[~enough], count)
    if enough.any():
        found[enough] = _sorted_out_above(values[enough], above[enough], count)
    return found


def _sorted_out(values: Floats, count: int) -> Ints:
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


def _sorted_out_above(values: Floats, above: NDArray[np.bool_], count: int) -> Ints:
    """As ``_sorted_out``, where enough of each row are among those marked."""
    flat = np.flatnonzero(above)
    rows, columns = np.divmod(flat, values.shape[1])
    many = np.count_nonzero(above, axis=1)
    at = np.arange(len(flat)) - np.repeat(np.cumsum(many) - many, many)
    candidates = np.full((len(values), int(many.max(initial=count))), -np.inf, np.float32)
    candidates[rows, at] = values.reshape(-1)[flat]
    column = np.zeros(candidates.shape, np.int64)
    column[rows, at] = columns
    return np.take_along_axis(column, _sorted_out(candidates, count), axis=1)
