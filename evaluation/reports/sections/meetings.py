"""What became of meetings; dates and sides only where a program lets them out of the pair."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from evaluation.reports.basis import Basis
from evaluation.reports.disclosure import NOWHERE, Move
from evaluation.reports.section import MEETS, Block, Section, Text, Words, parts, share
from evaluation.reports.trail import CANCELLED, HELD, MISSED, OPEN, Course, courses
from matching.models import Mentorship, MentorshipState
from sessions.models import Side

# How often a pair met: from so many on.
BANDS = (0, 1, 2, 4, 7, 10)


def figures(basis: Basis) -> Iterator[Block]:
    found = courses(basis)
    yield parts(basis, "spread", _spread(basis, found), tuple(map(_band, BANDS)))
    if basis.level not in MEETS["facts"]:
        yield parts(basis, "held", (m for one in found for m in _moves(one, {HELD})), (HELD,),
            events=True,
        )  # fmt: skip
        return
    every = {OPEN, HELD, MISSED, CANCELLED}
    yield parts(basis, "states", (m for one in found for m in _moves(one, every)), (
        HELD, MISSED, CANCELLED, OPEN,
    ), events=True)  # fmt: skip
    yield share(basis, "came_about", (m for one in found for m in _came_about(one)), events=True)
    yield parts(
        basis, "missed_by", (m for one in found for m in _missed_by(one)), SIDES, events=True
    )
    yield parts(basis, "months", (m for one in found for m in _months(basis, one)), events=True)


def _moves(one: Course, counted: set[str]) -> Iterator[Move]:
    before = NOWHERE
    for at, state, _side in one.states:
        now = state if state in counted else NOWHERE
        if now != before:
            yield Move(at, one.mentorship, before, now)
        before = now


def _came_about(one: Course) -> Iterator[Move]:
    cells = {HELD: "yes", MISSED: "no"}
    for move in _moves(one, {HELD, MISSED}):
        yield Move(
            move.at,
            move.unit,
            cells.get(move.leaves, NOWHERE),
            cells.get(move.enters, NOWHERE),
        )


def _missed_by(one: Course) -> Iterator[Move]:
    before = NOWHERE
    for at, _state, side in one.states:
        if side != before:
            yield Move(at, one.mentorship, before, side)
        before = side


def _months(basis: Basis, one: Course) -> Iterator[Move]:
    month = f"{basis.local(one.starts_at):%Y-%m}"
    cells = {HELD: month}
    for move in _moves(one, {HELD}):
        yield Move(
            move.at,
            move.unit,
            cells.get(move.leaves, NOWHERE),
            cells.get(move.enters, NOWHERE),
        )


def _spread(basis: Basis, found: tuple[Course, ...]) -> Iterator[Move]:
    """Mentorships by the number of meetings they have held so far."""
    steps: dict[int, list[Move]] = {}
    for one in found:
        steps.setdefault(one.mentorship, []).extend(_moves(one, {HELD}))
    rows = Mentorship.objects.filter(cohort=basis.cohort).exclude(state=MentorshipState.PROPOSED)
    for pk, started in rows.order_by("pk").values_list("pk", "started_at"):
        yield Move(started, pk, NOWHERE, _band(0))
        held = 0
        for step in sorted(steps.get(pk, []), key=lambda move: move.at):
            before, held = held, held + (1 if step.enters else -1)
            if _band(held) != _band(before):
                yield Move(max(started, step.at), pk, _band(before), _band(held))


def _band(held: int) -> str:
    return str(max(least for least in BANDS if least <= held))


def _band_name(key: str) -> Text:
    least = int(key)
    following = [band for band in BANDS if band > least]
    if not following:
        return _("%(n)s meetings or more") % {"n": least}
    if following[0] == least + 1:
        return ngettext_lazy("%(n)s meeting", "%(n)s meetings", least) % {"n": least}
    return _("%(n)s to %(m)s meetings") % {"n": least, "m": following[0] - 1}


def _month(key: str) -> Text:
    year, month = map(int, key.split("-"))
    return date_format(date(year, month, 1), "M Y")


SIDES = (Side.STUDENT.value, Side.MENTOR.value, Side.BOTH.value)
SIDE_NAMES: dict[str, Text] = {
    Side.STUDENT: _("The student did not come"),
    Side.MENTOR: _("The mentor did not come"),
    Side.BOTH: _("Neither came"),
}
STATE_NAMES: dict[str, Text] = {
    HELD: _("Held"),
    MISSED: _("Missed"),
    CANCELLED: _("Cancelled"),
    OPEN: _("Arranged, and not recorded yet"),
}

WORDS = {
    "spread": Words(
        _("Pairs and groups by meetings held"),
        _("Every mentorship that had begun by that day, by the meetings recorded as held so far."),
        _band_name,
        _("All pairs and groups so far"),
    ),
    "held": Words(
        _("Meetings held"),
        _("Meetings of all mentorships that were recorded as held by that day."),
        lambda key: STATE_NAMES[key],
    ),
    "states": Words(
        _("Meetings by what became of them"),
        _(
            "Every meeting of a mentorship that was booked, proposed or recorded by that day, as "
            "it stood on that day. Meetings of the whole cohort, trainings and supervision are not "
            "among them."
        ),
        lambda key: STATE_NAMES[key],
        _("All meetings"),
    ),
    "came_about": Words(
        _("Meetings that came about"),
        _("Denominator: meetings recorded as held or missed. Counted: those recorded as held."),
    ),
    "missed_by": Words(
        _("Missed meetings by who did not come"),
        _("Meetings recorded as missed, by the side that was recorded as absent."),
        lambda key: SIDE_NAMES[key],
        _("All missed meetings"),
    ),
    "months": Words(
        _("Meetings held, by month"),
        _("Meetings recorded as held by that day, by the calendar month in which they were."),
        _month,
        _("All meetings held"),
    ),
}

SECTION = Section(
    slug="meetings",
    title=_("Meetings"),
    intro=_("What was arranged, what was held, and what fell through."),
    figures=figures,
    words=WORDS.__getitem__,
    needs="counts",
)
