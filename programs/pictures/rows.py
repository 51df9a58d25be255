"""People in rows: one figure for each, filled, hollow or dashed."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from programs.pictures.marks import CHIP, WIDE, Canvas
from programs.pictures.structure import Circle, People

MOST_DRAWN: Final = 60
ROW: Final = 12

# How a person is drawn: look and state; dots stand for the rest.
Cell = tuple[str, str]
DOTS: Final[Cell] = ("dots", "")


def cells(people: People) -> list[Cell]:
    """One cell for each person: filled for sure, hollow for perhaps, dashed where not stated."""
    look = people.look
    if people.open and not people.sure:
        return [(look, "open")] * (1 if look != "student" else 3) + [DOTS]
    sure = min(people.sure, MOST_DRAWN)
    there, perhaps = ("assumed", "possible assumed") if people.assumed else ("sure", "possible")
    found: list[Cell] = [(look, there)] * sure
    for number in range(people.leading):
        found[min(int((number + 0.5) * sure / people.leading), sure - 1)] = ("peer", there)
    found += [(look, perhaps)] * min(people.possible, MOST_DRAWN - sure)
    if people.open or people.sure + people.possible > MOST_DRAWN:
        found.append(DOTS)
    return found


@dataclass(frozen=True, slots=True)
class Block:
    """The students of a group in rows, as tall as there is room for."""

    rows: tuple[tuple[int | None, bool, tuple[Cell, ...]], ...]
    size: float

    @property
    def step(self) -> float:
        return _step(self.size)

    @property
    def row_step(self) -> float:
        high = self.size * 1.16
        return max(high, CHIP[1] + 3) if self.labelled else high

    @property
    def labelled(self) -> bool:
        return any(year is not None for year, _paused, _cells in self.rows)

    @property
    def gutter(self) -> float:
        return CHIP[0] + 6 if self.labelled else 0

    @property
    def wide(self) -> float:
        rows = [row_wide(row, self.size) for _year, _paused, row in self.rows]
        return self.gutter + max(rows, default=0)

    @property
    def high(self) -> float:
        return len(self.rows) * self.row_step


def block(circle: Circle, *, beside: int = 1) -> Block:
    """The students of a group; ``beside`` says how many such groups share the width."""
    if circle.vertical:
        rows = [
            (people.class_year if start == 0 else None, people.paused, part)
            for people in circle.students
            for start, part in _wrapped(cells(people), ROW)
        ]
        return Block(tuple(rows), 15)
    everyone = [cell for people in circle.students for cell in cells(people)]
    many = len(everyone)
    size = 30 if many <= 4 else 21 if many <= 14 else 16
    if beside > 1 and many > 4:
        size = 16 if many <= 20 else 13
    in_a_row = many if many <= 5 else _even(many)
    return Block(tuple((None, False, part) for _start, part in _wrapped(everyone, in_a_row)), size)


def _even(many: int) -> int:
    """So many in a row that the rows are full and the block is some three times as wide as high."""
    return min(
        range(3, ROW + 1),
        key=lambda most: ceil(many / most) * most - many + abs(most / ceil(many / most) - 2.6),
    )


def _wrapped(row: list[Cell], most: int) -> list[tuple[int, tuple[Cell, ...]]]:
    return [(start, tuple(row[start : start + most])) for start in range(0, len(row), most)]


def _step(size: float) -> float:
    return size * WIDE + max(size / 10, 2)


def row_wide(row: tuple[Cell, ...], size: float) -> float:
    """How wide a row is."""
    return sum(20 if cell == DOTS else _step(size) for cell in row)


def draw_row(canvas: Canvas, row: tuple[Cell, ...], x: float, y: float, size: float) -> float:
    """People side by side; the place after the last."""
    step = _step(size)
    for look, state in row:
        if look == "dots":
            canvas.dots(x, y + size * 0.6)
            x += 20
        else:
            canvas.figure(look, state, x, y, size)
            x += step
    return x


def hollow(students: Block) -> Block:
    """The same people, none of them sure."""
    emptied = {"sure": "possible", "assumed": "possible assumed"}
    rows = tuple(
        (year, paused, tuple((look, emptied.get(state, state)) for look, state in row))
        for year, paused, row in students.rows
    )
    return Block(rows, students.size)
