"""Versions of a policy, and what differs between two of them, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from programs.models import Policy, PolicyVersion

# So many unchanged lines stay around a change.
AROUND = 2


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line that came, went or stayed; ``gap`` stands for unchanged lines left out."""

    kind: Literal["added", "removed", "same", "gap"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A published version with its difference from the one before."""

    version: PolicyVersion
    changes: list[DiffLine]
    is_current: bool


def versions(policy: Policy) -> list[VersionRow]:
    """The published versions, the newest first."""
    rows = list(
        policy.versions.filter(published_at__isnull=False)
        .select_related("published_by")
        .order_by("number")
    )
    found = [
        VersionRow(row, difference(rows[at - 1], row) if at else [], at == len(rows) - 1)
        for at, row in enumerate(rows)
    ]
    return found[::-1]


def difference(before: PolicyVersion, after: PolicyVersion) -> list[DiffLine]:
    """What became of the text; empty where nothing changed."""
    old, new = before.text.splitlines(), after.text.splitlines()
    return list(_lines(old, new)) if old != new else []


def _lines(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    end = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if group[0][1] > end:
            yield DiffLine("gap")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (DiffLine("same", line) for line in old[i1:i2])
                continue
            yield from (DiffLine("removed", line) for line in old[i1:i2])
            yield from (DiffLine("added", line) for line in new[j1:j2])
        end = group[-1][2]
    if end < len(old):
        yield DiffLine("gap")
