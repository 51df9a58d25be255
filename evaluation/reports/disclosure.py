"""What of a table of counts may be shown, now and after what was shown earlier. Pure.

A table is a partition: each thing that is counted stands in one of its cells, and belongs to a
person or a pair (its *unit*). Two promises, for every closing up to the last:

1. No shown number speaks of one to four units, nor can it be had from the others and the total
   of its table (primary and complementary suppression).
2. Two shown numbers of a cell, from whatever two closings, are the same or differ for at least
   five units. A number therefore stands, with its date, until so many have changed: whoever asks
   for two dates learns nothing about the few who changed between them.

Two exceptions, so that a report is of use. A zero turns into "few" at once: that somebody is there
is told, not how many, nor who. And once a year is over, a number that has stood for four weeks is
brought up to date whatever changed: what differs then may be few, but not when they changed.

See Hundepool et al., Statistical Disclosure Control (2012), chapters 4 and 5, and the differencing
attack of Dinur and Nissim (2003).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from evaluation.reports.closings import Closing

# Fewer than so many people or pairs are never told apart.
FEWEST = 5
# How long a number must have stood to be brought up to date at the end of a year.
REST = timedelta(weeks=4)

NOWHERE = ""

State = Literal["shown", "few", "hidden"]


@dataclass(frozen=True, slots=True)
class Move:
    """At that instant things of a unit go from a cell to another; "" is outside."""

    at: datetime
    unit: int
    leaves: str
    enters: str
    things: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be shown of a cell: its number and since when it is that; few; or nothing."""

    state: State
    value: int | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A partition as it may be shown; ``whole`` is its last state that was shown completely.

    ``fresh``: every number that is shown is of the last closing. ``bounded``: since which day
    which cell is taken back as few, of which total shown that day; nothing newer was whole.
    """

    cells: dict[str, Figure]
    total: Figure
    whole: tuple[date, dict[str, int]] | None
    fresh: bool
    bounded: tuple[date, str, int] | None = None


@dataclass(eq=False)
class _Cell:
    units: Counter[int] = field(default_factory=Counter)
    # How each unit differs from what was shown last.
    changed: Counter[int] = field(default_factory=Counter)
    figure: Figure | None = None

    def add(self, unit: int, number: int) -> None:
        for counter in (self.units, self.changed):
            counter[unit] += number
            if not counter[unit]:
                del counter[unit]

    def small(self, fewest: int, closing: Closing) -> bool:
        """Speaks of too few, or changed for too few."""
        if 0 < len(self.units) < fewest:
            return True
        since = self.figure.since if self.figure else None
        rested = since is not None and since + REST <= closing.day
        return 0 < len(self.changed) < fewest and not (closing.year_over and rested)

    @property
    def at_risk(self) -> int:
        return len(self.changed) or len(self.units)

    def show(self, day: date) -> None:
        if self.changed or self.figure is None or self.figure.state != "shown":
            self.figure = Figure("shown", self.units.total(), day)
            self.changed.clear()

    def keep(self, day: date, fewest: int) -> None:
        """Stay with what was shown; but a number that has become small is taken back."""
        if len(self.changed) >= fewest and 0 < len(self.units) < fewest:
            self.figure = Figure("few", None, day)
            self.changed.clear()

    def result(self, fewest: int) -> Figure:
        none_was_shown = self.figure is None or (self.figure.value == 0 and bool(self.changed))
        if self.figure is not None and not none_was_shown:
            return self.figure
        return Figure("few" if len(self.units) < fewest else "hidden")


def _is_shown(cell: _Cell) -> bool:
    return cell.figure is not None and cell.figure.state == "shown"


def fold(
    moves: Iterable[Move],
    closings: Sequence[Closing],
    *,
    cells: Sequence[str] = (),
    fewest: int = FEWEST,
) -> Table:
    """Go through the closings in order; what may be shown at the last of them.

    ``cells`` are shown even when nothing ever stood in them.
    """
    table = _Folding(cells, fewest)
    waiting = sorted(moves, key=lambda move: move.at)
    at = 0
    for closing in closings:
        while at < len(waiting) and waiting[at].at < closing.over:
            table.move(waiting[at])
            at += 1
        table.close(closing)
    return table.result()


class _Folding:
    def __init__(self, cells: Sequence[str], fewest: int) -> None:
        self.fewest = fewest
        self.cells: dict[str, _Cell] = defaultdict(_Cell)
        self.total = _Cell()
        self.whole: tuple[date, dict[str, int]] | None = None
        self.bounded: tuple[date, str, int] | None = None
        for key in cells:
            self.cells[key] = _Cell()

    def move(self, move: Move) -> None:
        for key, number in ((move.leaves, -move.things), (move.enters, move.things)):
            if key != NOWHERE:
                self.cells[key].add(move.unit, number)
                self.total.add(move.unit, number)

    def close(self, closing: Closing) -> None:
        day, kept = closing.day, self._kept_back(closing)
        for cell in [*self.cells.values(), self.total]:
            if cell in kept:
                cell.keep(day, self.fewest)
            else:
                cell.show(day)
        if not kept:
            values = {key: cell.units.total() for key, cell in self.cells.items()}
            if self.whole is None or self.whole[1] != values:
                self.whole = day, values
            self.bounded = None
        elif self.total not in kept and _is_shown(self.total):
            self._bound(day)

    def _bound(self, day: date) -> None:
        """Anyone can say so who sees the total and that the cell is few: it tells nothing more."""
        for key, cell in self.cells.items():
            if cell.figure == Figure("few", None, day):
                self.bounded = day, key, self.total.units.total()

    def _kept_back(self, closing: Closing) -> list[_Cell]:
        """The cells that do not move to their present number at this closing.

        The total goes first: an older total hides as well as a cell, and is missed less.
        """
        everything = [*self.cells.values(), self.total]
        kept = [cell for cell in everything if cell.small(self.fewest, closing)]
        moving = sorted(
            (cell for cell in everything if cell.changed and cell not in kept),
            key=lambda cell: (cell is not self.total or cell.figure is None, len(cell.changed)),
        )
        for cell in moving:
            if not self._can_be_had(kept):
                break
            kept.append(cell)
        if self._can_be_had(kept):
            kept += self._taken_back(kept, closing.day)
        return kept

    def _taken_back(self, kept: list[_Cell], day: date) -> list[_Cell]:
        """The smallest cell, shown so far: with it, what is kept back could be worked out."""
        others = [cell for cell in self.cells.values() if cell.units and cell not in kept]
        found = sorted(others, key=lambda cell: (_is_shown(cell), len(cell.units)))[:1]
        for cell in found:
            if _is_shown(cell):
                cell.figure = Figure("hidden", None, day)
        return found

    def _can_be_had(self, kept: list[_Cell]) -> bool:
        """Whether the total and the other cells tell what is kept back, or of how few it is."""
        if not kept:
            return False
        known_total = self.total not in kept
        few = sum(cell.at_risk for cell in kept) < self.fewest
        return len(kept) == 1 or (known_total and few)

    def result(self) -> Table:
        cells = {key: cell.result(self.fewest) for key, cell in self.cells.items()}
        fresh = all(
            not cell.changed or cell.figure is None or cell.figure.value in {None, 0}
            for cell in [*self.cells.values(), self.total]
        )
        return Table(cells, self.total.result(self.fewest), self.whole, fresh, self.bounded)
