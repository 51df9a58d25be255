"""Read a roster file into entries, rejections and warnings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from programs.roster import cells
from programs.roster.decoding import NotATableError, decode
from programs.roster.headers import FIELDS, Columns, assign, guess
from programs.roster.table import Row, Table, tabulate

SHOWN = 200


@dataclass(frozen=True)
class Remark:
    """A rejection or a warning: the spreadsheet's line, the field, the value, the problem.

    ``who`` is the name (else the address) in that line, for a person who reads the list.
    """

    row: int
    field: str
    value: str
    problem: str
    who: str = ""

    def as_json(self) -> dict[str, Any]:
        """In the shape of `import_roster --json`."""
        return {
            "row": self.row,
            "field": self.field,
            "value": self.value,
            "problem": self.problem,
        }


@dataclass(frozen=True)
class Entry:
    """One accepted row. ``given`` names the optional fields that the row fills."""

    row: int
    email: str
    given_name: str
    family_name: str
    role: str
    year: int | None = None
    campus: str = ""
    track: str = ""
    gender: str = ""
    languages: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    capacity: int | None = None
    student_number: str = ""

    @property
    def given(self) -> frozenset[str]:
        """The optional fields that hold something."""
        return frozenset(
            name for name in FIELDS[4:] if getattr(self, name) not in (None, "", (), [])
        )


@dataclass
class Roster:
    """What a file says. ``problems`` has all of each refused row, ``rejected`` its first."""

    encoding: str
    delimiter: str
    columns: Columns
    read: int = 0
    entries: list[Entry] = field(default_factory=list)
    rejected: list[Remark] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


READERS: dict[str, Callable[[str], Any]] = {
    "email": cells.email,
    "given_name": partial(cells.name, "given_name"),
    "family_name": partial(cells.name, "family_name"),
    "role": cells.role,
    "year": partial(cells.number, low=1, high=10),
    "campus": partial(cells.text, "campus"),
    "track": partial(cells.text, "track"),
    "gender": partial(cells.text, "gender"),
    "languages": cells.languages,
    "interests": cells.interests,
    "capacity": partial(cells.number, low=0, high=100),
    "student_number": partial(cells.text, "student_number"),
}


def read(
    data: bytes,
    mapping: Mapping[str, str] | None = None,
    *,
    encoding: str = "",
    country: str = "",
) -> Roster:
    """Everything a roster file says; ``encoding`` and ``country`` as in ``decode``.

    Raises ``NotATableError`` for a file that cannot be read, a required column that is missing
    and two columns for one field.
    """
    text = decode(data, encoding, country)
    table = tabulate(text.content)
    columns = assign(table.header.cells, mapping)
    _refuse(columns, table)
    roster = Roster(text.encoding, table.delimiter, columns)
    for name in columns.unread:
        roster.warnings.append(
            Remark(table.header.number, "", name, "This column is not known and was not read")
        )
    first_rows: dict[str, int] = {}
    for row in table.rows:
        roster.read += 1
        values, problems = _values(row, columns, len(table.header.cells))
        first = first_rows.setdefault(values.get("email") or f"\n{row.number}", row.number)
        if first != row.number:
            problem = f"stands in row {first} already"
            problems.insert(0, Remark(row.number, "email", str(values["email"]), problem))
        if problems:
            named = _named(row, columns)
            problems = [replace(problem, who=named) for problem in problems]
            # One rejection a row, so that rows read = rows taken + rejections.
            roster.rejected.append(problems[0])
            roster.problems += problems
        else:
            roster.entries.append(Entry(row=row.number, **values))
            roster.warnings += _formulas(row, columns)
    return roster


@dataclass(frozen=True)
class Preview:
    """The headers of a file, the field each is taken for, its first five rows, its encoding."""

    headers: list[str]
    guessed: dict[str, str]
    sample: list[list[str]]
    encoding: str


def preview(data: bytes, *, encoding: str = "", country: str = "") -> Preview:
    """What a person needs to say which column is which."""
    text = decode(data, encoding, country)
    table = tabulate(text.content)
    headers = [header.strip() for header in table.header.cells]
    taken: dict[str, str] = {}
    for header in headers:
        found = guess(header) or ""
        taken[header] = found if found not in taken.values() else ""
    return Preview(headers, taken, [row.cells for row in table.rows[:5]], text.encoding)


def _refuse(columns: Columns, table: Table) -> None:
    if columns.doubled:
        names = ", ".join(columns.doubled)
        raise NotATableError(f"More than one column could be {names}. Remove or rename one.")
    if columns.missing:
        missing = ", ".join(columns.missing)
        found = ", ".join(cell.strip()[:40] for cell in table.header.cells[:20])
        what = "A required column is" if len(columns.missing) == 1 else "Required columns are"
        raise NotATableError(f"{what} missing: {missing}. The first line names: {found}.")


def _values(row: Row, columns: Columns, width: int) -> tuple[dict[str, Any], list[Remark]]:
    values: dict[str, Any] = {}
    problems = []
    surplus = next((cell for cell in row.cells[width:] if cell.strip()), None)
    if surplus is not None:
        problem = "The row has more cells than the header; put a value with a separator in quotes"
        problems.append(Remark(row.number, "", surplus[:SHOWN], problem))
    for name in FIELDS:
        if name not in columns.places:
            continue
        cell = _cell(row, columns.places[name])
        try:
            value = READERS[name](cell)
        except cells.CellError as error:
            problems.append(Remark(row.number, name, cell[:SHOWN], str(error)))
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    return values, problems


def _formulas(row: Row, columns: Columns) -> list[Remark]:
    found = []
    for name, index in columns.places.items():
        cell = _cell(row, index)
        looks = cells.parts(cell) if name in ("languages", "interests") else [cell]
        if any(cells.formula(part) for part in looks):
            problem = "looks like a formula; kept as typed, and made harmless in every export"
            found.append(Remark(row.number, name, cell[:SHOWN], problem))
    return found


def _named(row: Row, columns: Columns) -> str:
    name = " ".join(
        cells.clean(_cell(row, columns.places[part])) for part in ("given_name", "family_name")
    ).strip()
    return (name or cells.clean(_cell(row, columns.places["email"])))[:SHOWN]


def _cell(row: Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""
