"""How steadily pairs were in touch: the shares of the published evaluations."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from evaluation.reports.basis import Basis
from evaluation.reports.closings import DAY, WEEK
from evaluation.reports.disclosure import NOWHERE, Move
from evaluation.reports.section import MEETS, Block, Section, Words, share
from evaluation.reports.trail import HELD, courses, touches
from matching.models import Mentorship, MentorshipState
from programs.calendar import Calendar, Period
from programs.models import Pause

# At least so much of the weeks or months is "every" week or month.
TENTHS = 9


def needed(number: int) -> int:
    """How many of ``number`` weeks or months are at least 90 % of them."""
    return -(-number * TENTHS // 10)


@dataclass
class Pair:
    """What is known of one mentorship, as the closings go by."""

    first: date
    last: date | None
    days: Counter[date] = field(default_factory=Counter)
    met: Counter[date] = field(default_factory=Counter)

    def until(self, day: date) -> date:
        return day if self.last is None else min(self.last, day)


def figures(basis: Basis) -> Iterator[Block]:
    pairs = _pairs(basis)
    news = _news(basis)
    weeks, months = _open_weeks(basis), _months(basis)
    moves: dict[str, list[Move]] = {"weekly": [], "monthly": [], "never": []}
    before: dict[tuple[str, int], str] = {}
    at = 0
    for closing in basis.closings:
        while at < len(news) and news[at][0] < closing.over:
            _at, pk, day, number, met = news[at]
            if pk in pairs:
                _note(pairs[pk], day, number, met=met)
            at += 1
        for pk, pair in pairs.items():
            if pair.first > closing.day:
                continue
            for slug, cell in _judge(pair, closing.day, weeks, months).items():
                was = before.get((slug, pk), NOWHERE)
                if cell != was:
                    before[slug, pk] = cell
                    moves[slug].append(Move(closing.over - timedelta(seconds=1), pk, was, cell))
    shown = ("weekly", "monthly", "never") if basis.level in MEETS["facts"] else ("never",)
    for slug in shown:
        yield share(basis, slug, moves[slug])


def _pairs(basis: Basis) -> dict[int, Pair]:
    rows = Mentorship.objects.filter(cohort=basis.cohort).exclude(state=MentorshipState.PROPOSED)
    return {
        pk: Pair(basis.local(started), ended and basis.local(ended))
        for pk, started, ended in rows.order_by("pk").values_list("pk", "started_at", "ended_at")
    }


def _news(basis: Basis) -> list[tuple[datetime, int, date, int, bool]]:
    """What became known when: of which pair, which day, one more or one less, a meeting or not."""
    found = []
    for one in courses(basis):
        day, held = basis.local(one.starts_at), False
        for at, state, _side in one.states:
            if (state == HELD) != held:
                held = not held
                found.append((at, one.mentorship, day, 1 if held else -1, True))
    for touch in touches(basis):
        day = basis.local(touch.at)
        found.append((touch.known, touch.mentorship, day, 1, False))
        if touch.undone is not None:
            found.append((touch.undone, touch.mentorship, day, -1, False))
    return sorted(found)


def _note(pair: Pair, day: date, number: int, *, met: bool) -> None:
    pair.days[day - timedelta(days=day.weekday())] += number
    if met:
        pair.met[day.replace(day=1)] += number


def _judge(pair: Pair, day: date, weeks: list[date], months: list[date]) -> dict[str, str]:
    """In which cell of each share the pair stands on that Sunday."""
    last = pair.until(day)
    found = {"never": "no" if any(number > 0 for number in pair.days.values()) else "yes"}
    for slug, spans, seen, ends in (
        ("weekly", weeks, pair.days, lambda start: start + WEEK - DAY),
        ("monthly", months, pair.met, _month_end),
    ):
        counted = _between(spans, pair.first, last)
        if counted and ends(counted[-1]) > last:
            counted = counted[:-1]
        if counted:
            kept = sum(seen[start] > 0 for start in counted)
            found[slug] = "yes" if kept >= needed(len(counted)) else "no"
    return found


def _between(starts: list[date], first: date, last: date) -> list[date]:
    """Those that begin on or after ``first``, and on or before ``last``."""
    return starts[bisect_right(starts, first - DAY) : bisect_right(starts, last)]


def _open_weeks(basis: Basis) -> list[date]:
    """Mondays of the weeks of the editions with a working day that is not paused."""
    pauses = defaultdict(list)
    rows = Pause.objects.filter(edition__cohort=basis.cohort, class_year=None).order_by("pk")
    for pk, starts, ends in rows.values_list("edition", "starts", "ends"):
        pauses[pk].append(Period(starts, ends))
    found = set()
    for edition in basis.editions:
        calendar = Calendar(
            basis.zone,
            edition.starts,
            edition.ends,
            pauses=tuple(pauses[edition.pk]),
            country=basis.cohort.country,
            subdivision=basis.cohort.subdivision,
        )
        for day in Period(edition.starts, edition.ends).days():
            if day.weekday() < 5 and calendar.pause_on(day) is None:
                found.add(day - timedelta(days=day.weekday()))
    return sorted(found)


def _months(basis: Basis) -> list[date]:
    """First days of the calendar months that lie wholly within an edition."""
    found = set()
    for edition in basis.editions:
        for day in Period(edition.starts, edition.ends).days():
            if day.day == 1 and _month_end(day) <= edition.ends:
                found.add(day)
    return sorted(found)


def _month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - DAY


WORDS = {
    "weekly": Words(
        _("In touch every week"),
        _(
            "Denominator: mentorships, ended ones included, with at least one whole week so far. "
            "Counted: those with a meeting held or a contact noted in at least 90 % of their "
            "weeks. A week runs from Monday to Sunday, begins on or after the day on which the "
            "mentorship began, and counts unless all its working days were holidays or paused for "
            "everyone."
        ),
    ),
    "monthly": Words(
        _("Met every month"),
        _(
            "Denominator: mentorships with at least one whole calendar month so far. Counted: "
            "those with a meeting held in at least 90 % of their whole months."
        ),
    ),
    "never": Words(
        _("Neither met nor in touch"),
        _(
            "Denominator: all mentorships that had begun by that day. Counted: those without any "
            "meeting held and without any contact noted."
        ),
    ),
}

SECTION = Section(
    slug="contact",
    title=_("Contact"),
    intro=_("How steadily pairs and groups were in touch."),
    figures=figures,
    words=WORDS.__getitem__,
    needs="counts",
)
