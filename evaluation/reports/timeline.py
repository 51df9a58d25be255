"""States of one person or pair through time, as moves between the cells of tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from evaluation.reports.disclosure import NOWHERE, Move

# By table: how many things stand in each cell.
Standing = Mapping[str, Mapping[str, int]]
Moves = dict[str, list[Move]]


def walk(
    unit: int, instants: Iterable[datetime], stands: Callable[[datetime], Standing]
) -> Iterator[tuple[str, Move]]:
    """What changes in each table at each of these instants, given how the unit stands at one.

    ``stands`` is asked for the instant itself: what happened at it counts.
    """
    before: Standing = {}
    for at in sorted(set(instants)):
        now = stands(at)
        for table in [*now, *(slug for slug in before if slug not in now)]:
            yield from ((table, move) for move in _changes(unit, at, before, now, table))
        before = now


def _changes(
    unit: int, at: datetime, before: Standing, now: Standing, table: str
) -> Iterator[Move]:
    old, new = before.get(table, {}), now.get(table, {})
    for cell in [*old, *(cell for cell in new if cell not in old)]:
        more = new.get(cell, 0) - old.get(cell, 0)
        if more > 0:
            yield Move(at, unit, NOWHERE, cell, more)
        elif more < 0:
            yield Move(at, unit, cell, NOWHERE, -more)
