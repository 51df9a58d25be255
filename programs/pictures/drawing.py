"""The structure of a program as a picture: SVG for people and outlines, text for the key."""

from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mentoring.ui.templatetags.ui import icon
from programs.pictures.marks import CHIP, Canvas
from programs.pictures.rows import DOTS, Block, block, cells, draw_row, hollow, row_wide
from programs.pictures.structure import Circle, Scene, scene
from programs.pictures.words import Key, circle_title, keys, structure_words
from programs.spec import ProgramSpec, Span

PAD: Final = 12
GAP: Final = 12
TITLE_MAX: Final = 26


def structure_picture(spec: ProgramSpec, *, large: bool = False) -> SafeString:
    """The picture of a program's structure with its key; its name says the same in words."""
    drawn = scene(spec)
    parts = [_panel(drawn, number, large=large) for number in range(len(drawn.circles))]
    if drawn.tiers:
        sign = icon("arrow-right", flip=True)
        arrow = format_html('<span class="structure-then">{}</span>', sign)
        parts = [part for one in parts for part in (arrow, one)][1:]
    return format_html(
        '<div class="structure{}" role="img" aria-label="{}">{}</div>',
        " structure-large" if large else "",
        structure_words(spec),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _panel(drawn: Scene, number: int, *, large: bool) -> SafeString:
    circle = drawn.circles[number]
    title = circle_title(drawn, number)
    scale = (1.5 if len(drawn.circles) == 1 else 1.3) if large else 1
    return format_html(
        '<div class="structure-panel">{}<div class="structure-drawing">{}</div>'
        '<ul class="structure-keys">{}</ul></div>',
        format_html('<p class="structure-title">{}</p>', title) if title else "",
        _group(circle).drawn(scale=scale),
        format_html_join("", "<li>{}<span>{}</span></li>",
                         ((_key(key), key.words) for key in keys(circle))),
    )  # fmt: skip


# --- A group -------------------------------------------------------------------------------------


def _group(circle: Circle) -> Canvas:
    canvas = Canvas()
    # Room that is only our guess is said in the key, and does not hide that it is a pair.
    shared = circle.serves[0] > 1 or (circle.serves[1] > 0 and not circle.serves_assumed)
    students = block(circle, beside=2 if shared else 1)
    bottom = _shared(canvas, circle, students) if shared else _single(canvas, circle, students)
    if circle.plenary:
        _plenary(canvas)
    if circle.container is not None:
        _container(canvas, circle.container.title, circle.container.count)
        bottom = canvas.bottom
    if circle.years and not circle.vertical:
        _year_strip(canvas, circle, bottom + 10)
    return canvas


def _single(canvas: Canvas, circle: Circle, students: Block) -> float:
    """One outline with mentors above students."""
    size = max(students.size, 22)
    icons = 26 if circle.virtual or circle.talk else 0
    wide = max(students.wide, _mentors_wide(circle, size) + 2 * icons, 60) + 2 * PAD
    high = PAD + size + GAP + students.high + PAD
    if circle.groups is not None and (circle.groups.max or 2) > 1:
        canvas.box("group stacked", -wide / 2 + 10, -10, wide, high)
        canvas.box("group stacked", -wide / 2 + 5, -5, wide, high)
    canvas.box("group", -wide / 2, 0, wide, high)
    if circle.virtual:
        canvas.icon("camera-video", wide / 2 - 24, 7, 17)
    if circle.talk:
        canvas.icon("chat-dots", -wide / 2 + 8, 7, 16)
    _mentors(canvas, circle, PAD, size)
    canvas.line(0, PAD + size + 3, 0, PAD + size + GAP - 3)
    _students(canvas, circle, students, -students.wide / 2, PAD + size + GAP)
    if circle.groups is not None:
        canvas.text(0, high + 16, f"× {circle.groups}", "said strong")
        return high + 20
    return high


def _shared(canvas: Canvas, circle: Circle, students: Block) -> float:
    """Mentors above two groups: the second hollow where a mentor only may have it."""
    size = max(students.size, 22)
    wide, high = max(students.wide, 40) + 2 * PAD, students.high + 2 * PAD
    top = size + 20
    _mentors(canvas, circle, 0, size)
    if circle.virtual:
        canvas.icon("camera-video", wide - 8, 0, 17)
    for number in range(2):
        middle = (wide / 2 + 5) * (1 if number else -1)
        sure = number < circle.serves[0]
        canvas.box("group" if sure else "group maybe", middle - wide / 2, top, wide, high)
        canvas.line(0, size + 3, middle, top - 2, "tie" if sure else "tie maybe")
        shown = students if sure else hollow(students)
        _students(canvas, circle, shown, middle - students.wide / 2, top + PAD)
    total = sum(circle.serves)
    if total > 2:
        canvas.text(0, top + high + 16, f"× {Span(min=circle.serves[0], max=total)}", "said strong")
        return top + high + 20
    return top + high


def _mentors_wide(circle: Circle, size: float) -> float:
    probe = Canvas()
    return _mentors_at(probe, circle, 0, 0, size)


def _mentors(canvas: Canvas, circle: Circle, y: float, size: float) -> None:
    _mentors_at(canvas, circle, -_mentors_wide(circle, size) / 2, y, size)


def _mentors_at(canvas: Canvas, circle: Circle, x: float, y: float, size: float) -> float:
    """Mentors side by side; how wide they are."""
    first = x
    for number, people in enumerate(circle.mentors):
        x += 12 if number else 0
        begins = x
        x = draw_row(canvas, tuple(cells(people)), x, y, size)
        if people.years_of_group is not None:
            canvas.box("for-a-time", begins - 4, y - 4, x - begins + 6, size + 8)
        if people.renewed is not None:
            canvas.icon("arrow-repeat", x + 2, y + size / 2 - 6, 14)
            x += 18
    return x - first


def _students(canvas: Canvas, circle: Circle, students: Block, x: float, y: float) -> None:
    for number, (year, paused, row) in enumerate(students.rows):
        top = y + number * students.row_step
        if year is not None:
            canvas.chip(year, "paused" if paused else "in", x, top)
        # Rows of class years begin at one line, other rows stand in the middle.
        spare = 0 if students.labelled else students.wide - row_wide(row, students.size)
        middle = top + (students.row_step - students.size) / 2
        draw_row(canvas, row, x + students.gutter + spare / 2, middle, students.size)
        if paused:
            canvas.hatch(x + students.gutter, top, students.wide - students.gutter, CHIP[1])
    if circle.subgroups is not None:
        _subgroups(canvas, circle, students, x, y)


def _subgroups(canvas: Canvas, circle: Circle, students: Block, x: float, y: float) -> None:
    """Dashed outlines: as many as are stated, else one that stands for them all."""
    subgroups = circle.subgroups
    if subgroups is None:
        return
    if subgroups.by == "class_year":
        for number in range(len(students.rows)):
            top = y + number * students.row_step
            wide = students.wide - students.gutter
            canvas.box("subgroup", x + students.gutter - 2, top, wide, students.row_step - 1)
        return
    stated = int(subgroups.count.min or subgroups.count.max or 0) if subgroups.count else 0
    leading = sum(people.leading for people in circle.students)
    parts = stated or leading or 3
    columns = round((students.wide - students.gutter) / students.step)
    for number in range(stated or 1):
        begins, ends = round(number * columns / parts), round((number + 1) * columns / parts)
        left = x + students.gutter + begins * students.step - 2
        wide = (ends - begins) * students.step
        canvas.box("subgroup", left, y - 2, wide, students.high + 3)


def _plenary(canvas: Canvas) -> None:
    """A wide band of many above the group."""
    wide = max(canvas.right - canvas.left, 150)
    left, top = (canvas.left + canvas.right) / 2 - wide / 2, canvas.top - 40
    canvas.line(left + wide / 2, top + 26, left + wide / 2, top + 38)
    canvas.box("plenary", left, top, wide, 26)
    many = int((wide - 34) / 13)
    for number in range(many):
        canvas.figure("student", "sure faint", left + 8 + number * 13, top + 7, 12)
    canvas.dots(left + wide - 24, top + 14)


def _container(canvas: Canvas, title: str, count: Span | None) -> None:
    name = title if len(title) <= TITLE_MAX else f"{title[: TITLE_MAX - 1]}…"
    words = f"{name} × {count}" if count is not None else name
    middle = (canvas.left + canvas.right) / 2
    canvas.text(middle, canvas.top - 9, words, "said strong")
    wide, high = canvas.right - canvas.left + 20, canvas.bottom - canvas.top + 14
    canvas.box("container-line", canvas.left - 10, canvas.top - 4, wide, high, behind=True)


def _year_strip(canvas: Canvas, circle: Circle, y: float) -> None:
    step = CHIP[0] + 3
    left = -(len(circle.years) * step - 3) / 2
    for number, year in enumerate(circle.years):
        canvas.chip(year.number, year.state, left + number * step, y)


# --- The key -------------------------------------------------------------------------------------

ICONS: Final = {
    "virtual": "camera-video",
    "talk": "chat-dots",
    "renewed": "arrow-repeat",
    "attached": "calendar-event",
}


def _key(key: Key) -> SafeString:
    canvas = Canvas(right=34, bottom=20)
    if key.people is not None:
        shown = cells(key.people)
        row = list(dict.fromkeys([cell for cell in shown if cell[0] == key.people.look]))
        row += [DOTS] if DOTS in shown else []
        draw_row(canvas, tuple(row[:3]), 2 if len(row) > 1 else 8, 1, 18 if len(row) < 3 else 14)
    elif key.mark in ICONS:
        canvas.icon(ICONS[key.mark], 9, 2, 16)
    elif key.mark in {"years", "paused"}:
        canvas.chip(1, "in", 7, 1) if key.mark == "years" else _paused_chip(canvas)
    elif key.mark == "groups":
        canvas.box("group stacked", 10, 1, 20, 13)
        canvas.box("group", 5, 5, 20, 13)
    elif key.mark == "serves":
        for x in (8, 26):
            canvas.line(17, 4, x, 15)
            canvas.box("group", x - 5, 11, 10, 8)
        canvas.box("node", 13, 1, 8, 7)
    elif key.mark:
        css = {"container": "container-line"}.get(key.mark, key.mark)
        canvas.box(css, 4, 3, 26, 14)
    return canvas.drawn(margin=0)


def _paused_chip(canvas: Canvas) -> None:
    wide, high = CHIP
    canvas.box("chip paused", 7, 1, wide, high)
    canvas.hatch(7, 1, wide, high)
