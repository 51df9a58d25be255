"""Shapes of the account pages."""

import io
import json
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import Promise

from mentoring.accounts import permissions as rights
from mentoring.accounts.visibility import Content, Level, Sight, Viewer, sight

TONES = {
    Sight.FULL: "success",
    Sight.NOTHING: "quiet",
    Sight.COUNTS: "info",
    Sight.DEIDENTIFIED: "info",
    Sight.EXISTS: "info",
    Sight.DATES: "info",
    Sight.STATUS: "info",
    Sight.RESPONSE_TIME: "info",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of the table."""

    viewer: str
    answer: str
    tone: str


@dataclass(frozen=True, slots=True)
class LevelTable:
    """What is visible at one confidentiality level."""

    slug: str
    title: str
    viewers: list[str]
    rows: list[tuple[str, list[Cell]]]
    own: bool = False


def visibility(own: Collection[str] = ()) -> list[LevelTable]:
    """The table of who sees what, once per confidentiality level; the reader's own ones first."""
    viewers = list(Viewer)
    levels = sorted(Level, key=lambda level: level.value not in own)
    return [
        LevelTable(
            slug=level.value,
            title=str(level.label),
            viewers=[str(viewer.label) for viewer in viewers],
            rows=[
                (str(content.label), [_cell(content, viewer, level) for viewer in viewers])
                for content in Content
            ],
            own=level.value in own,
        )
        for level in levels
    ]


def _cell(content: Content, viewer: Viewer, level: Level) -> Cell:
    seen = sight(content, viewer, level)
    return Cell(str(viewer.label), str(seen.label), TONES.get(seen, "warning"))


def permissions() -> list[tuple[str | Promise, str | Promise]]:
    """What can be done, and by whom."""
    return [(entry.does, entry.who) for entry in rights.TABLE.values()]


def archive(sections: dict[str, Any]) -> bytes:
    """A zip with one readable JSON file per section."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in sections.items():
            text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            zipped.writestr(f"{name}.json", text + "\n")
    return buffer.getvalue()
