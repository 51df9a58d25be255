"""The year of a program as a picture: one line for each thing that recurs, over the weeks."""

from typing import Final
from uuid import uuid4

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from programs.pictures.lanes import lane_title, lane_words, pause_words, when_words
from programs.pictures.marks import n
from programs.pictures.plan import Plan, Stretch
from programs.pictures.year import Lane, YearScene, year_scene
from programs.spec import ProgramSpec

# Percent of the width for what comes before the first week, and after the last.
MARGIN: Final = 15
MIDDLE: Final = 12
CROWD: Final = 26
WEEK_STEPS: Final = (1, 2, 5, 10)
LABELS_MAX: Final = 10
Cut = tuple[float, float]


def year_picture(spec: ProgramSpec, plan: Plan | None = None) -> SafeString:
    """The time line of one year with a table behind it, by ``plan`` or the template's own."""
    drawn = year_scene(spec, plan)
    key = uuid4().hex[:8]
    scale = _Scale(drawn)
    pauses = _pauses(drawn.plan, scale, key)
    rows = [(lane_title(lane), lane_words(lane), when_words(lane)) for lane in drawn.lanes]
    lines = [
        _row(title, words, _lane(lane, scale, pauses))
        for lane, (title, words, _when) in zip(drawn.lanes, rows, strict=True)
    ]
    spoken = "; ".join(", ".join(part for part in row if part) for row in _all_rows(drawn, rows))
    return format_html(
        '<figure class="chart year"><figcaption class="visually-hidden" id="t{key}">{title}'
        '</figcaption><div class="year-rows" role="img" aria-labelledby="t{key}"'
        ' aria-describedby="d{key}">{terms}{lines}{axis}</div>'
        '<p class="visually-hidden" id="d{key}">{spoken}</p>{note}'
        "<details><summary>{show}</summary>{table}</details></figure>",
        key=key,
        title=_("The year in weeks"),
        terms=_row("", "", _terms(drawn.plan, scale, key)),
        lines=format_html_join("", "{}", ((line,) for line in lines)),
        axis=_row(_("Week"), "", _axis(drawn, scale)),
        spoken=spoken,
        note=_note(drawn),
        show=_("Show the year as a table"),
        table=_table(_all_rows(drawn, rows)),
    )


class _Scale:
    """Where a week stands, in percent of the width."""

    def __init__(self, drawn: YearScene) -> None:
        self.begins = MARGIN if drawn.before else 0
        self.ends = 100 - (MARGIN if drawn.after else 0)
        self.week = (self.ends - self.begins) / drawn.plan.weeks

    def middle(self, week: int) -> float:
        return self.begins + (week - 0.5) * self.week

    def cut(self, stretch: Stretch) -> Cut:
        """Where it begins, and how wide it is."""
        wide = (stretch.last - stretch.first + 1) * self.week
        return self.begins + (stretch.first - 1) * self.week, wide


def _row(title: str, words: str, line: SafeString) -> SafeString:
    label = format_html("<b>{}</b> <small>{}</small>", title, words) if title else ""
    row = '<div class="year-row"><div class="year-label">{}</div>{}</div>'
    return format_html(row, label, line)


def _svg(css: str, marks: list[SafeString]) -> SafeString:
    body = format_html_join("", "{}", ((mark,) for mark in marks))
    return format_html('<svg class="year-line {}">{}</svg>', css, body)


def _band(css: str, cut: Cut, y: float, high: float, fill: str = "") -> SafeString:
    x, wide = cut
    return format_html(
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"{}/>',
        css, n(x), n(y), n(wide), n(high), format_html(' fill="{}"', fill) if fill else "",
    )  # fmt: skip


def _pauses(plan: Plan, scale: _Scale, key: str) -> list[SafeString]:
    everyone = [pause for pause in plan.pauses if pause.class_year is None]
    return [_band("year-pause", scale.cut(one), 0, 24, f"url(#h{key})") for one in everyone]


def _terms(plan: Plan, scale: _Scale, key: str) -> SafeString:
    """The terms with their names, and the pattern that all lines hatch their pauses with."""
    marks = [
        format_html(
            '<defs><pattern id="h{}" width="5" height="5" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><path class="hatch" d="M0 0V5"/></pattern></defs>',
            key,
        )
    ]
    for term in plan.terms:
        x, wide = scale.cut(term)
        marks.append(
            format_html(
                '<svg x="{}%" y="0" width="{}%" height="24"><rect class="year-term" x="1" y="1"'
                ' width="99%" height="22" rx="5"/><text class="said" x="50%" y="16"'
                ' text-anchor="middle">{}</text></svg>',
                n(x), n(wide), term.name,
            )
        )  # fmt: skip
    return _svg("" if plan.terms else "year-empty", marks)


def _lane(lane: Lane, scale: _Scale, pauses: list[SafeString]) -> SafeString:
    marks = [*pauses, _track(lane, scale)]
    if lane.stretch is not None:
        css = "year-phase open" if lane.stretch.open else "year-phase"
        marks.append(_band(css, scale.cut(lane.stretch), 5, 14))
    crowd = len(lane.ticks) > CROWD
    marks += [
        _tick(lane.kind, scale.middle(tick.week), sure=tick.sure, crowd=crowd)
        for tick in lane.ticks
    ]
    if lane.before:
        marks.append(_tick(lane.kind, MARGIN / 2, sure=True))
    if lane.after:
        marks.append(_tick(lane.kind, 100 - MARGIN / 2, sure=True))
    return _svg("", marks)


def _track(lane: Lane, scale: _Scale) -> SafeString:
    css = "year-track" if lane.dated else "year-track unset"
    mark = '<line class="{}" x1="{}%" x2="{}%" y1="{}" y2="{}"/>'
    return format_html(mark, css, n(scale.begins), n(scale.ends), MIDDLE, MIDDLE)


def _tick(kind: str, x: float, *, sure: bool, crowd: bool = False) -> SafeString:
    """A bar for meetings, a dot for trainings, a square for surveys; hollow where only perhaps."""
    css = f"year-tick {kind}{'' if sure else ' perhaps'}"
    if kind == "training":
        return format_html('<circle class="{}" cx="{}%" cy="{}" r="5"/>', css, n(x), MIDDLE)
    bar = '<rect class="{}" x="-2" y="4" width="4" height="16" rx="1.5"/>'
    if crowd:
        css, bar = f"{css} crowd", '<rect class="{}" x="-1" y="5" width="2" height="14"/>'
    # Nested, because a mark cannot stand some pixels beside a share of the width.
    shape = {
        "survey": '<rect class="{}" x="-5" y="7" width="10" height="10"/>',
        "contact": '<rect class="{}" x="-1.5" y="9" width="3" height="6"/>',
    }.get(kind, bar)
    return format_html('<svg class="year-at" x="{}%">{}</svg>', n(x), format_html(shape, css))


def _axis(drawn: YearScene, scale: _Scale) -> SafeString:
    weeks = drawn.plan.weeks
    step = next((step for step in WEEK_STEPS if weeks / step < LABELS_MAX), 20)
    shown = [1, *(week for week in range(step, weeks + 1, step) if week > 1)]
    label = '<text class="{}" x="{}%" y="14" text-anchor="middle">{}</text>'
    marks = [
        # Where it is narrow every other number goes: they would touch.
        format_html(label, "said between" if at % 2 else "said", n(scale.middle(week)), week)
        for at, week in enumerate(shown)
    ]
    if drawn.before:
        marks.append(format_html(label, "said", n(MARGIN / 2), _("Before")))
    if drawn.after:
        marks.append(format_html(label, "said", n(100 - MARGIN / 2), _("After")))
    return _svg("year-axis", marks)


def _note(drawn: YearScene) -> SafeString:
    words = []
    if any(not tick.sure for lane in drawn.lanes for tick in lane.ticks):
        words.append(_("Filled: at least so often. Hollow: up to so often."))
    if any(lane.ticks for lane in drawn.lanes if lane.kind != "survey"):
        words.append(_("Marks are spread evenly over the weeks; people set the real dates."))
    words += [pause_words(pause) for pause in drawn.plan.pauses]
    return format_html('<p class="year-note">{}</p>', " ".join(words)) if words else SafeString("")


def _all_rows(drawn: YearScene, rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    weeks = _("weeks %(first)s–%(last)s")
    spans = [
        (span.name or kind, kind, weeks % {"first": span.first, "last": span.last})
        for kind, stretches in ((_("Term"), drawn.plan.terms), (_("Pause"), drawn.plan.pauses))
        for span in stretches
    ]
    return spans + rows


def _table(rows: list[tuple[str, str, str]]) -> SafeString:
    head = (_("What"), _("How often"), _("When"))
    return format_html(
        '<div class="table-responsive" tabindex="0"><table class="table"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in head)),
        format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows),
    )
