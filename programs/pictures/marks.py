"""The marks that pictures are made of: no color and no style, but classes for the style sheet."""

from dataclasses import dataclass, field
from typing import Final

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mentoring.ui.icons import SPRITE

# A head, and shoulders that tell the kinds apart without color, in a box of 20 by 22.
HEAD: Final = "M5.4 6a4.6 4.6 0 1 0 9.2 0a4.6 4.6 0 1 0-9.2 0Z"
SHOULDERS: Final = {
    "student": "M1.8 21C1.8 15 5.2 12 10 12S18.2 15 18.2 21Z",
    "peer": "M10 11.6L19 21H1Z",
    "mentor": "M2 21V14.5Q2 12 4.5 12H15.5Q18 12 18 14.5V21Z",
    "lead": "M2 21V14.5Q2 12 4.5 12H7L10 17L13 12H15.5Q18 12 18 14.5V21Z",
}
WIDE: Final = 20 / 22
CHIP: Final = (20, 18)


def n(value: float) -> str:
    """A coordinate, as short as it can be."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass
class Canvas:
    """Collects marks and remembers how far they reach."""

    marks: list[SafeString] = field(default_factory=list)
    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0

    def figure(self, look: str, state: str, x: float, y: float, size: float) -> None:
        """A person of that kind, ``size`` high: sure, possible, assumed or open."""
        self._reach(x, y, size * WIDE, size)
        self.marks.append(
            format_html(
                '<path class="who {} {}" transform="translate({} {}) scale({})" d="{}"/>',
                look, state, n(x), n(y), f"{size / 22:.3f}", HEAD + SHOULDERS[look],
            )
        )  # fmt: skip

    def dots(self, x: float, y: float) -> None:
        """And so on: three points from ``x`` on, at the height ``y``."""
        self._reach(x, y - 2, 18, 4)
        for step in range(3):
            mark = '<circle class="and-so-on" cx="{}" cy="{}" r="1.8"/>'
            self.marks.append(format_html(mark, n(x + 3 + step * 6), n(y)))

    def box(
        self, css: str, x: float, y: float, wide: float, high: float, *, behind: bool = False
    ) -> None:
        """An outline with round corners."""
        self._reach(x, y, wide, high)
        mark = format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
            css, n(x), n(y), n(wide), n(high), n(min(12, high / 3)),
        )  # fmt: skip
        self.marks.insert(0 if behind else len(self.marks), mark)

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str = "tie") -> None:
        """A straight line."""
        mark = '<path class="{}" d="M{} {}L{} {}"/>'
        self.marks.append(format_html(mark, css, n(x1), n(y1), n(x2), n(y2)))

    def text(self, x: float, y: float, words: object, css: str = "said") -> None:
        """Words around ``x``: in the middle they stand the same from either side."""
        wide = len(str(words)) * 6.4
        self._reach(x - wide / 2, y - 12, wide, 16)
        mark = '<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>'
        self.marks.append(format_html(mark, css, n(x), n(y), words))

    def icon(self, name: str, x: float, y: float, size: float = 15) -> None:
        """One of the vendored icons."""
        self._reach(x, y, size, size)
        self.marks.append(
            format_html(
                '<use class="sign" href="{}#{}" x="{}" y="{}" width="{}" height="{}"/>',
                static(SPRITE), name, n(x), n(y), n(size), n(size),
            )
        )  # fmt: skip

    def chip(self, number: int, state: str, x: float, y: float) -> None:
        """A class year: in, out, or paused and hatched."""
        wide, high = CHIP
        self._reach(x, y, wide, high)
        mark = '<rect class="chip {}" x="{}" y="{}" width="{}" height="{}" rx="4"/>'
        self.marks.append(format_html(mark, state, n(x), n(y), wide, high))
        if state == "paused":
            self.hatch(x, y, wide, high)
        words = '<text class="chip-said {}" x="{}" y="{}" text-anchor="middle">{}</text>'
        self.marks.append(format_html(words, state, n(x + wide / 2), n(y + 13), number))

    def hatch(self, x: float, y: float, wide: float, high: float) -> None:
        """Slanted lines inside a rectangle."""
        lines = []
        at = 6 - high
        while at < wide:
            low, far = max(at, 0), min(at + high, wide)
            lines.append(f"M{n(x + low)} {n(y + high - (low - at))}"
                         f"L{n(x + far)} {n(y + high - (far - at))}")  # fmt: skip
            at += 6
        self.marks.append(format_html('<path class="hatch" d="{}"/>', "".join(lines)))

    def drawn(self, *, scale: float = 1, margin: float = 2) -> SafeString:
        """The marks as SVG, one unit to a pixel at the scale 1, and never wider than its place."""
        wide = self.right - self.left + 2 * margin
        high = self.bottom - self.top + 2 * margin
        return format_html(
            '<svg viewBox="{} {} {} {}" width="{}" height="{}">{}</svg>',
            n(self.left - margin), n(self.top - margin), n(wide), n(high),
            n(wide * scale), n(high * scale),
            mark_safe("".join(self.marks)),  # noqa: S308 (each mark is escaped)
        )  # fmt: skip

    def _reach(self, x: float, y: float, wide: float, high: float) -> None:
        self.left, self.top = min(self.left, x), min(self.top, y)
        self.right, self.bottom = max(self.right, x + wide), max(self.bottom, y + high)
