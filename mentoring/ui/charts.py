"""Small charts as inline SVG: they obey the strict content policy, print, and read aloud.

Each function returns a ``<figure>`` with a title, a description for those who do not see it and
the numbers as a table. Colors come from the theme; no meaning rests on color alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH: Final = 640
ROW: Final = 30
LABEL: Final = 190
VALUE: Final = 56
SERIES_MAX: Final = 6

Number = int | float
Text = object


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of values, one for each label of the chart."""

    name: Text
    values: Sequence[Number | None]


def bars(
    title: Text, data: Sequence[tuple[Text, Number]], *, unit: str = "", tone: int = 1
) -> SafeString:
    """Horizontal bars, one a row, each with its number."""
    top = max((value for _label, value in data), default=0) or 1
    room = WIDTH - LABEL - VALUE
    rows = format_html_join(
        "",
        '<g transform="translate(0 {})"><text x="{}" y="19" text-anchor="end">{}</text>'
        '<rect class="s{}" x="{}" y="5" width="{}" height="20" rx="4"></rect>'
        '<text class="value" x="{}" y="19">{}</text></g>',
        (
            (i * ROW, LABEL - 10, _short(label), tone, LABEL, _px(value, top, room),
             LABEL + _px(value, top, room) + 8, f"{_number(value)}{unit}")
            for i, (label, value) in enumerate(data)
        ),
    )  # fmt: skip
    table = _table([_("Item"), _("Number")], [(k, f"{_number(v)}{unit}") for k, v in data])
    return _figure(title, len(data) * ROW, rows, _spoken(data, unit), table)


def stacked_bars(title: Text, labels: Sequence[Text], series: Sequence[Series]) -> SafeString:
    """Horizontal bars whose parts are the series, with a legend."""
    _check(labels, series)
    totals = [sum(s.values[i] or 0 for s in series) for i in range(len(labels))]
    top = max(totals, default=0) or 1
    room = WIDTH - LABEL - VALUE
    rows = []
    for i, label in enumerate(labels):
        x = float(LABEL)
        parts = []
        for n, one in enumerate(series, start=1):
            wide = _px(one.values[i] or 0, top, room)
            parts.append((n, round(x, 1), wide))
            x += wide
        rows.append(
            format_html(
                '<g transform="translate(0 {})"><text x="{}" y="19" text-anchor="end">{}</text>{}'
                '<text class="value" x="{}" y="19">{}</text></g>',
                i * ROW,
                LABEL - 10,
                _short(label),
                format_html_join(
                    "",
                    '<rect class="s{}" x="{}" y="5" width="{}" height="20"></rect>',
                    (part for part in parts if part[2]),
                ),
                round(x + 8, 1),
                _number(totals[i]),
            )
        )
    body = format_html_join("", "{}", ((row,) for row in rows))
    return _figure(title, len(labels) * ROW, body, _spoken(list(zip(labels, totals, strict=True))),
                   _series_table(labels, series), legend=series)  # fmt: skip


def lines(title: Text, labels: Sequence[Text], series: Sequence[Series]) -> SafeString:
    """Lines over ordered labels (weeks, months); ``None`` leaves a gap."""
    _check(labels, series)
    height, foot, left = 220, 24, 40
    top = max((v for s in series for v in s.values if v is not None), default=0) or 1
    step = (WIDTH - left - 12) / max(len(labels) - 1, 1)

    def point(i: int, value: Number) -> tuple[float, float]:
        return round(left + i * step, 1), round((height - foot) * (1 - value / top) + 6, 1)

    grid = format_html_join(
        "",
        '<line class="axis" x1="{}" y1="{}" x2="{}" y2="{}"></line>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (left, point(0, v)[1], WIDTH, point(0, v)[1], left - 8, point(0, v)[1] + 4, _number(v))
            for v in (0, top / 2, top)
        ),
    )
    paths = format_html_join(
        "",
        '<path class="l{}" d="{}"></path>',
        ((n, _path([(i, v) for i, v in enumerate(s.values)], point))
         for n, s in enumerate(series, 1)),
    )  # fmt: skip
    every = max(1, -(-len(labels) // 10))
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        ((point(i, 0)[0], height + 4, label) for i, label in enumerate(labels) if i % every == 0),
    )
    last = [(s.name, next((v for v in reversed(s.values) if v is not None), 0)) for s in series]
    return _figure(title, height + 8, grid + paths + ticks, _spoken(last),
                   _series_table(labels, series), legend=series, line=True)  # fmt: skip


def _path(values: Sequence[tuple[int, Number | None]], point: object) -> str:
    commands, pen_down = [], False
    for i, value in values:
        if value is None:
            pen_down = False
            continue
        x, y = point(i, value)  # type: ignore[operator]
        commands.append(f"{'L' if pen_down else 'M'}{x} {y}")
        pen_down = True
    return "".join(commands)


def _check(labels: Sequence[Text], series: Sequence[Series]) -> None:
    if not 1 <= len(series) <= SERIES_MAX:
        raise ValueError(f"a chart shows 1 to {SERIES_MAX} series, not {len(series)}")
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name}: {len(one.values)} values for {len(labels)} labels")


def _figure(
    title: Text,
    height: float,
    body: SafeString,
    spoken: str,
    table: SafeString,
    *,
    legend: Sequence[Series] = (),
    line: bool = False,
) -> SafeString:
    key = uuid4().hex[:8]
    return format_html(
        '<figure class="chart"><figcaption>{}</figcaption>'
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="t{key} d{key}">'
        '<title id="t{key}">{}</title><desc id="d{key}">{}</desc>{}</svg>{}'
        "<details><summary>{}</summary>{}</details></figure>",
        title, WIDTH, max(round(height), 1), title, spoken, body, _legend(legend, line=line),
        _("Show the numbers"), table, key=key,
    )  # fmt: skip


def _legend(series: Sequence[Series], *, line: bool) -> SafeString:
    if not series:
        return SafeString("")
    mark = (
        '<path class="l{}" d="M0 6H12"></path>'
        if line
        else '<rect class="s{}" width="12" height="12" rx="3"></rect>'
    )
    items = format_html_join(
        "",
        '<li><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</li>',
        ((format_html(mark, n), one.name) for n, one in enumerate(series, 1)),
    )
    return format_html('<ul class="chart-legend">{}</ul>', items)


def _series_table(labels: Sequence[Text], series: Sequence[Series]) -> SafeString:
    return _table(
        ["", *(one.name for one in series)],
        [(k, *(_number(one.values[i]) for one in series)) for i, k in enumerate(labels)],
    )


def _table(header: Sequence[Text], rows: Sequence[Sequence[Text]]) -> SafeString:
    head = format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in header))
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((row[0], format_html_join("", "<td>{}</td>", ((c,) for c in row[1:]))) for row in rows),
    )
    return format_html(
        '<div class="table-responsive"><table class="table"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        head,
        body,
    )


def _spoken(data: Sequence[tuple[Text, Number]], unit: str = "") -> str:
    return "; ".join(f"{label}: {_number(value)}{unit}" for label, value in data)


def _px(value: Number, top: Number, room: Number) -> float:
    return round(max(value, 0) / top * room, 1)


def _number(value: Number | None) -> str:
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, int) else f"{value:.1f}".removesuffix(".0")


def _short(label: Text, most: int = 28) -> str:
    text = str(label)
    return text if len(text) <= most else f"{text[: most - 1]}…"
