"""Our own texts to begin with: a coordinator takes them over, and makes them her own.

Each is a Markdown file here, with a few lines of YAML above the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml

LANGUAGE: Final = "en"
Moment = Literal["", "first", "middle", "last"]


@dataclass(frozen=True, slots=True)
class Starter:
    """One text. ``moment`` is when in the program it helps; each program has its own phases."""

    slug: str
    title: str
    kind: str
    summary: str
    audience: str
    moment: Moment
    order: int
    text: str


@cache
def texts() -> tuple[Starter, ...]:
    """All of them, in the order in which they are listed."""
    found = [_read(path) for path in Path(__file__).parent.glob("*.md")]
    return tuple(sorted(found, key=lambda one: (one.order, one.slug)))


def _read(path: Path) -> Starter:
    _before, head, text = path.read_text(encoding="utf-8").split("---\n", 2)
    known = yaml.safe_load(head)
    return Starter(
        slug=path.stem,
        title=known["title"],
        kind=known["kind"],
        summary=known["summary"],
        audience=known.get("audience", "all"),
        moment=known.get("moment", ""),
        order=known["order"],
        text=text.strip(),
    )


def phase_at(phases: Sequence[str], moment: Moment) -> str:
    """The phase of a program in which a moment lies; empty where its phases do not tell."""
    if moment == "first" and phases:
        return phases[0]
    if moment == "last" and len(phases) > 1:
        return phases[-1]
    if moment == "middle" and len(phases) > 2:
        return phases[len(phases) // 2]
    return ""
