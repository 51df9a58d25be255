"""Shapes of the account pages."""

import io
import json
import zipfile
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


def visibility() -> list[LevelTable]:
    """The table of who sees what, once per confidentiality level."""
    viewers = list(Viewer)
    return [
        LevelTable(
            slug=level.value,
            title=str(level.label),
            viewers=[str(viewer.label) for viewer in viewers],
            rows=[
                (str(content.label), [_cell(content, viewer, level) for viewer in viewers])
                for content in Content
            ],
        )
        for level in Level
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
