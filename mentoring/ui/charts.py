"""Small charts: SVG for the marks, text as text, so that they shrink to a phone and still read.

Each function returns a ``<figure>`` with a title, a description for those who do not see it and
the numbers as a table. Nothing is styled inline; no meaning rests on color alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

SERIES_MAX: Final = 6
TICKS_MAX: Final = 7
HEIGHT: Final = 200

Number = int | float
Text = object


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of values, one for each label of the chart."""

    name: Text
    values: Sequence[Number | None]


def bars(
    title: Text,
    data: Sequence[tuple[Text, Number | None]],
    *,
    unit: str = "",
    tone: int = 1,
    texts: Sequence[Text] | None = None,
    top: Number | None = None,
) -> SafeString:
    """Horizontal bars, one a row, each with its number; ``None`` has no bar.

    ``texts`` stand in place of the numbers, where these are not all there is to say. ``top`` is
    what fills a row; else the largest number does.
    """
    top = top or max((value for _label, value in data if value is not None), default=0) or 1
    said = list(texts) if texts is not None else [f"{_number(v)}{unit}" for _label, v in data]
    rows = [
        (label, [] if value is None else [(tone, 0.0, _share(value, top))], str(text))
        for (label, value), text in zip(data, said, strict=True)
    ]
    pairs = [(label, text) for (label, _value), text in zip(data, said, strict=True)]
    spoken = "; ".join(f"{label}: {text}" for label, text in pairs)
    return _figure(title, _rows(rows), spoken, _table([_("Item"), _("Number")], pairs))


def interval(
    title: Text,
    value: float,
    low: float,
    high: float,
    text: Text,
    *,
    ends: Sequence[Text] = ("0 %", "50 %", "100 %"),
) -> SafeString:
    """A share between 0 and 1 as a dot, and the interval it lies in as a bar behind it.

    ``ends`` are what 0, a half and 1 stand for.
    """
    body = format_html(
        '<div class="chart-interval" dir="ltr"><svg viewBox="0 0 100 8" preserveAspectRatio="none">'
        '<rect class="track" width="100" height="8"></rect>'
        '<rect class="s1 range" x="{}" width="{}" height="8"></rect>'
        '<rect class="s1" x="{}" width="0.8" height="8"></rect></svg>'
        "<span>{}</span><span>{}</span><span>{}</span></div>",
        _share(low, 1),
        max(_share(high - low, 1), 0.4),
        min(max(_share(value, 1) - 0.4, 0), 99.2),
        *ends,
    )
    key = uuid4().hex[:8]
    return format_html(
        '<figure class="chart"><figcaption class="visually-hidden" id="t{0}">{1}</figcaption>'
        '<div role="img" aria-labelledby="t{0}" aria-describedby="d{0}">{2}</div>'
        '<p class="visually-hidden" id="d{0}">{3}</p></figure>',
        key,
        title,
        body,
        text,
    )


def stacked_bars(title: Text, labels: Sequence[Text], series: Sequence[Series]) -> SafeString:
    """Horizontal bars whose parts are the series, with a legend."""
    _check(labels, series)
    totals = [sum(one.values[i] or 0 for one in series) for i in range(len(labels))]
    top = max(totals, default=0) or 1
    rows = [
        (label, _parts([one.values[i] or 0 for one in series], top), _number(totals[i]))
        for i, label in enumerate(labels)
    ]
    spoken = _spoken(list(zip(labels, totals, strict=True)))
    return _figure(title, _rows(rows), spoken, _series_table(labels, series), legend=series)


def lines(title: Text, labels: Sequence[Text], series: Sequence[Series]) -> SafeString:
    """Lines over ordered labels (weeks, months); ``None`` leaves a gap."""
    _check(labels, series)
    top = _even(max((v for one in series for v in one.values if v is not None), default=0))
    step = 100 / max(len(labels) - 1, 1)
    grid = format_html_join(
        "",
        '<line class="axis" x1="0" x2="100" y1="{}" y2="{}"></line>',
        ((y, y) for y in (1, HEIGHT / 2, HEIGHT - 1)),
    )
    paths = format_html_join(
        "",
        '<path class="l{}" d="{}"></path>',
        ((n, _path(one.values, step, top)) for n, one in enumerate(series, 1)),
    )
    scale = format_html_join("", "<span>{}</span>", ((_number(v),) for v in (top, top / 2, 0)))
    ticks = format_html_join("", "<span>{}</span>", ((label,) for label in _ticks(labels)))
    body = format_html(
        '<div class="chart-lines" dir="ltr"><div class="chart-scale">{}</div>'
        '<svg viewBox="0 0 100 {}" preserveAspectRatio="none">{}{}</svg>'
        '<div class="chart-ticks">{}</div></div>',
        scale,
        HEIGHT,
        grid,
        paths,
        ticks,
    )
    last = [(one.name, next((v for v in reversed(one.values) if v is not None), 0))
            for one in series]  # fmt: skip
    table = _series_table(labels, series)
    return _figure(title, body, _spoken(last), table, legend=series, line=True)


Part = tuple[int, float, float]


def _parts(values: Sequence[Number], top: Number) -> list[Part]:
    parts, at = [], 0.0
    for number, value in enumerate(values, start=1):
        wide = _share(value, top)
        if wide:
            parts.append((number, round(at, 2), wide))
        at += wide
    return parts


def _rows(rows: Sequence[tuple[Text, list[Part], str]]) -> SafeString:
    body = format_html_join(
        "",
        '<span>{}</span><svg viewBox="0 0 100 20" preserveAspectRatio="none">{}</svg><b>{}</b>',
        (
            (
                label,
                format_html_join(
                    "", '<rect class="s{}" x="{}" width="{}" height="20"></rect>', parts
                ),
                value,
            )
            for label, parts, value in rows
        ),
    )
    return format_html('<div class="chart-rows">{}</div>', body)


def _path(values: Sequence[Number | None], step: float, top: Number) -> str:
    commands, pen_down = [], False
    for i, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        x, y = round(i * step, 2), round(1 + (HEIGHT - 2) * (1 - value / top), 1)
        commands.append(f"{'L' if pen_down else 'M'}{x} {y}")
        pen_down = True
    return "".join(commands)


def _even(most: Number) -> Number:
    """A top whose half is a whole number, where the values are."""
    return (most + most % 2 or 2) if isinstance(most, int) else most or 1


def _ticks(labels: Sequence[Text]) -> list[Text]:
    most = min(len(labels), TICKS_MAX)
    if most < 2:
        return list(labels)
    return [labels[round(i * (len(labels) - 1) / (most - 1))] for i in range(most)]


def _check(labels: Sequence[Text], series: Sequence[Series]) -> None:
    if not 1 <= len(series) <= SERIES_MAX:
        raise ValueError(f"a chart shows 1 to {SERIES_MAX} series, not {len(series)}")
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name}: {len(one.values)} values for {len(labels)} labels")


def _figure(
    title: Text,
    body: SafeString,
    spoken: str,
    table: SafeString,
    *,
    legend: Sequence[Series] = (),
    line: bool = False,
) -> SafeString:
    key = uuid4().hex[:8]
    return format_html(
        '<figure class="chart"><figcaption id="t{key}">{}</figcaption>'
        '<div role="img" aria-labelledby="t{key}" aria-describedby="d{key}">{}</div>'
        '<p class="visually-hidden" id="d{key}">{}</p>{}'
        "<details><summary>{}</summary>{}</details></figure>",
        title, body, spoken, _legend(legend, line=line), _("Show the numbers"), table, key=key,
    )  # fmt: skip


def _legend(series: Sequence[Series], *, line: bool) -> SafeString:
    if not series:
        return SafeString("")
    mark = (
        '<path class="l{}" d="M0 6H24"></path>'
        if line
        else '<rect class="s{}" width="24" height="12" rx="3"></rect>'
    )
    items = format_html_join(
        "",
        '<li><svg viewBox="0 0 24 12" aria-hidden="true">{}</svg>{}</li>',
        ((format_html(mark, n), one.name) for n, one in enumerate(series, 1)),
    )
    return format_html('<ul class="chart-legend">{}</ul>', items)


def _series_table(labels: Sequence[Text], series: Sequence[Series]) -> SafeString:
    return _table(
        [_("Item"), *(one.name for one in series)],
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
        '<div class="table-responsive" tabindex="0"><table class="table"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        head,
        body,
    )


def _spoken(data: Sequence[tuple[Text, Number]], unit: str = "") -> str:
    return "; ".join(f"{label}: {_number(value)}{unit}" for label, value in data)


def _share(value: Number, top: Number) -> float:
    return round(max(value, 0) / top * 100, 2)


def _number(value: Number | None) -> str:
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, int) else f"{value:.1f}".removesuffix(".0")
