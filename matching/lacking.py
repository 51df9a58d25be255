"""People who have nothing on record in what is a must: they can be matched with nobody. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matching.engine.criteria import QUESTION

Side = Literal["students", "mentors"]
NO_HOURS = "0x0"


@dataclass(frozen=True)
class Lack:
    """How many of one side have nothing on record for a must."""

    criterion: str
    side: Side
    missing: int
    people: int

    @property
    def everybody(self) -> bool:
        return self.missing == self.people


def lacking(data: Mapping[str, Any]) -> list[Lack]:
    """For each must of a run's inputs, who has nothing there; those without gaps are left out."""
    sides: tuple[Side, Side] = ("students", "mentors")
    found = [_lack(criterion, side, data[side]) for criterion in data["required"] for side in sides]
    return [lack for lack in found if lack.missing]


def _lack(criterion: str, side: Side, people: Sequence[Mapping[str, Any]]) -> Lack:
    return Lack(criterion, side, sum(not _known(one, criterion) for one in people), len(people))


def _known(facts: Mapping[str, Any], criterion: str) -> bool:
    if criterion.startswith(QUESTION):
        return bool(facts.get("choices", {}).get(criterion))
    value = facts.get(criterion)
    return bool(value) and value != NO_HOURS


def plain(found: Iterable[Lack]) -> list[list[Any]]:
    """To be kept with a run; ``of_plain`` reads it."""
    return [[one.criterion, one.side, one.missing, one.people] for one in found]


def of_plain(rows: Iterable[Sequence[Any]]) -> list[Lack]:
    return [Lack(*row) for row in rows]
