"""From text to numbered rows, whatever separates the cells."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from programs.roster.decoding import NotATableError
from programs.roster.headers import recognized

DELIMITERS = (",", ";", "\t")
# A cell of a roster is short; more means that a quote was opened and never closed.
LONGEST_CELL = 100_000


@dataclass(frozen=True)
class Row:
    """The cells of one line of the spreadsheet; ``number`` is the line's (header = 1)."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A header and the rows below it. Blank rows are left out but counted."""

    delimiter: str
    header: Row
    rows: list[Row]


def tabulate(content: str) -> Table:
    """The table in a text; ``NotATableError`` when there is none."""
    content = content.removeprefix("\ufeff")
    delimiter, content = _announced(content)
    delimiter = delimiter or _best(content)
    rows = [row for row in _rows(content, delimiter) if any(cell.strip() for cell in row.cells)]
    if not rows:
        raise NotATableError("The file holds no text. Its first line must name the columns.")
    return Table(delimiter, rows[0], rows[1:])


def _announced(content: str) -> tuple[str | None, str]:
    """Excel's own ``sep=;`` line, which its spreadsheet does not show."""
    first, _, rest = content.partition("\n")
    name, _, delimiter = first.strip("\r\"' ").partition("=")
    if name.strip().casefold() == "sep" and (
        delimiter in DELIMITERS or first.rstrip("\r") == "sep="
    ):
        return delimiter or None, rest
    return None, content


def _best(content: str) -> str:
    """The separator that makes the most sense of the first line that says anything."""
    scored = []
    for delimiter in DELIMITERS:
        header = _first(content, delimiter)
        scored.append((len(recognized(header)), len(header), delimiter))
    best = max(scored, key=lambda score: score[:2])
    return best[2]


def _first(content: str, delimiter: str) -> list[str]:
    for row in _rows(content, delimiter):
        if any(cell.strip() for cell in row.cells):
            return row.cells
    return []


def _rows(content: str, delimiter: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=False)
    number = 0
    while True:
        number += 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error:
            raise _unclosed(number) from None
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise _unclosed(number)
        if _runs_to_the_end(cells, content) and _is_unclosed(content, delimiter):
            raise _unclosed(number)
        yield Row(number, cells)


def _runs_to_the_end(cells: list[str], content: str) -> bool:
    return (
        bool(cells)
        and "\n" in cells[-1]
        and content.rstrip("\r\n").endswith(cells[-1].rstrip("\r\n")[-50:])
    )


def _is_unclosed(content: str, delimiter: str) -> bool:
    try:
        for _cells in csv.reader(
            io.StringIO(content, newline=""), delimiter=delimiter, strict=True
        ):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _unclosed(number: int) -> NotATableError:
    return NotATableError(
        f"A quotation mark is opened in line {number} and never closed, "
        "so the rest of the file cannot be read. Close or remove it."
    )
