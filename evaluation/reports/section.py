"""What a section of the report is: how its figures are computed, and the words for them.

A section's figures are plain JSON made of blocks; words stand beside them and not inside, so that
an issued report can be read in any language.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation.reports.basis import Basis
from evaluation.reports.disclosure import FEWEST, Figure, Move, Table, fold
from evaluation.surveys.scoring import proportion

Text = str | Promise
Block = dict[str, Any]
Needs = Literal["", "counts", "facts"]
MEETS: dict[str, frozenset[str]] = {
    "": frozenset({"open", "counts", "strict"}),
    "counts": frozenset({"open", "counts"}),
    "facts": frozenset({"open"}),
}

NOTHING = _("There was nothing to count by that day.")


@dataclass(frozen=True, slots=True)
class Words:
    """What a block is called and how it is counted. ``item`` names a cell by its key."""

    title: Text
    counted: Text
    item: Callable[[str], Text] = str
    total: Text = ""
    # How a single fact is written.
    value: Callable[[str, Any], Text] = lambda _key, value: str(value)
    # How a count is written that is not in ones: minutes as hours.
    amount: Callable[[int], Text] | None = None


@dataclass(frozen=True)
class Section:
    """A part of the report. ``needs`` is what must be let out of the pair for it to exist."""

    slug: str
    title: Text
    intro: Text
    figures: Callable[[Basis], Iterable[Block]]
    words: Callable[[str], Words]
    needs: Needs = ""
    # What is said where a cohort has nothing of the kind.
    empty: Text = NOTHING


def parts(
    basis: Basis,
    slug: str,
    moves: Iterable[Move],
    cells: Sequence[str] = (),
    *,
    events: bool = False,
) -> Block:
    """A count in parts, with its total.

    ``events``: one person or pair may stand behind many of the things. Then a number that is
    kept back may be large, and no bound of it follows from the others.
    """
    return parts_of(slug, fold(moves, basis.closings, cells=cells), cells, events=events)


def parts_of(slug: str, table: Table, cells: Sequence[str] = (), *, events: bool = False) -> Block:
    """The same of a table that has been folded; cells as given, then others in their order."""
    keys = [*cells, *sorted(set(table.cells) - set(cells))]
    return {
        "slug": slug,
        "kind": "parts",
        **({"events": True} if events else {}),
        "total": _figure(table.total),
        "cells": [
            {
                "key": key,
                **_figure(table.cells[key]),
                **({} if events else _at_least(table, key)),
            }
            for key in keys
        ],
    }


def share(basis: Basis, slug: str, moves: Iterable[Move], *, events: bool = False) -> Block:
    """The things in the cell "yes" as a share of "yes" and "no", with its 95 % interval."""
    table = fold(moves, basis.closings, cells=("yes", "no"))
    found: Block = {"slug": slug, "kind": "share"}
    if table.bounded is not None and not events:
        return found | _bounded(*table.bounded)
    if table.whole is not None:
        day, values = table.whole
        part, whole = values["yes"], values["yes"] + values["no"]
        found |= {"state": "shown", "since": day.isoformat(), "value": part, "of": whole}
        if whole:
            told = proportion(part, whole)
            found |= {
                name: round(value or 0.0, 4)
                for name, value in (("share", told.value), ("low", told.low), ("high", told.high))
            }
        # Before there was anything to count, a complete nothing was shown.
        if whole or not _some(table):
            return found
    return {"slug": slug, "kind": "share", "state": "hidden", **({} if events else _bounds(table))}


def facts(slug: str, **values: Any) -> Block:
    """Single facts about a procedure; nothing about a person or pair."""
    return {
        "slug": slug,
        "kind": "facts",
        "facts": [{"key": k, "value": values[k]} for k in values],
    }


def _some(table: Table) -> bool:
    return any(cell.value != 0 or cell.state != "shown" for cell in table.cells.values())


def _figure(figure: Figure) -> Block:
    found: Block = {"state": figure.state}
    if figure.value is not None:
        found["value"] = figure.value
    if figure.since is not None:
        found["since"] = figure.since.isoformat()
    return found


def _at_least(table: Table, key: str) -> Block:
    """A bound that anyone can compute from the rest: saying it tells nothing more."""
    others = [figure for name, figure in table.cells.items() if name != key]
    small = [figure for figure in others if figure.state == "few"]
    rest = [figure for figure in others if figure.state == "shown"]
    exact = len(small) + len(rest) == len(others) and table.total.state == "shown" and table.fresh
    if table.cells[key].state != "hidden":
        return {}
    if not exact:
        return {"at_least": FEWEST}
    known = sum(figure.value or 0 for figure in rest)
    bound = (table.total.value or 0) - known - (FEWEST - 1) * len(small)
    return {"at_least": max(FEWEST, bound)}


def _bounded(day: date, few: str, whole: int) -> Block:
    """What is known since a part became few: better than an older number that was complete."""
    bound = {"at_most": FEWEST - 1} if few == "yes" else {"at_least": whole - (FEWEST - 1)}
    return {"state": "hidden", "of": whole, "since": day.isoformat(), **bound}


def _bounds(table: Table) -> Block:
    yes, no, total = table.cells["yes"], table.cells["no"], table.total
    if total.state != "shown" or not total.value or not table.fresh:
        return {}
    if no.state == "few":
        return {"of": total.value, "at_least": total.value - (FEWEST - 1)}
    if yes.state == "few":
        return {"of": total.value, "at_most": FEWEST - 1}
    return {"of": total.value}
