"""Diaries: how many entries were due and written. Their dates alone are known here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation.reports.basis import Basis
from evaluation.reports.closings import Closing
from evaluation.reports.section import Block, Section, Words, share
from evaluation.reports.timeline import Standing, walk
from evaluation.reports.trail import HELD, courses
from matching.models import Membership
from mentoring.accounts.permissions import MENTOR_ROLES
from programs.queries import calendar_of
from sessions.diary import due, owed
from sessions.models import DiaryEntry, MeetingState, Participant

MOMENT = timedelta(seconds=1)
Mark = tuple[int, int]  # a mentorship and a person


@dataclass
class Keeper:
    """A mentor's place, with the meetings she was at and the entries she wrote, as they come."""

    place: due.Place
    duty: due.Duty
    # When a meeting came to be held (or no longer): the instant, which, its day.
    meetings: list[tuple[datetime, int, date, bool]] = field(default_factory=list)
    entries: list[tuple[datetime, due.Written]] = field(default_factory=list)

    def known(self, over: datetime) -> int:
        """How many facts are known by then: with no new one, nothing else is owed."""
        instants = [*(fact[0] for fact in self.meetings), *(fact[0] for fact in self.entries)]
        return sum(at < over for at in instants)


class Everyone:
    """Days as they count for everyone: the absences of one person have no history."""

    def __init__(self, basis: Basis) -> None:
        self.days = owed.CalendarDays(calendar_of(basis.cohort))
        self.known: dict[tuple[date, int], date] = {}

    def date_after(self, since: date, days: int) -> date:
        key = since, days
        if key not in self.known:
            self.known[key] = self.days.date_after(since, days)
        return self.known[key]

    def between(self, first: date, last: date) -> int:
        return self.days.between(first, last)


def figures(basis: Basis) -> Iterator[Block]:
    asks = owed.asks_of(basis.cohort, basis.edition)
    if asks is None:
        return
    days, moves = Everyone(basis), []
    closings = {closing.over - MOMENT: closing for closing in basis.closings}
    for keeper in _keepers(basis, asks):
        judge = _Judge(keeper, asks, days)

        def stands(at: datetime, judge: _Judge = judge) -> Standing:
            return {"written": judge.at(closings[at])}

        moves += [move for _, move in walk(keeper.place.enrollment, closings, stands)]
    if moves:
        yield share(basis, "written", moves, events=True)


class _Judge:
    """How many entries of one keeper are due and written, closing by closing."""

    def __init__(self, keeper: Keeper, asks: owed.Asks, days: Everyone) -> None:
        self.keeper, self.asks, self.days = keeper, asks, days
        self.facts = -1
        self.owed: list[due.Owed] = []

    def at(self, closing: Closing) -> Counter[str]:
        facts = self.keeper.known(closing.over)
        if facts != self.facts:
            self.facts, self.owed = facts, self._owed(closing.over)
        passed = (one for one in self.owed if one.due_on <= closing.day)
        return Counter("no" if one.written_on is None else "yes" for one in passed)

    def _owed(self, over: datetime) -> list[due.Owed]:
        """By the program's own rule, from what was known by then."""
        keeper, duty = self.keeper, self.keeper.duty
        entries = [entry for at, entry in keeper.entries if at < over]
        if duty.times:
            spans = due.periods(duty.unit, self.asks.edition, self.asks.terms)
            return due.per_unit(
                keeper.place, duty, spans, entries, days=self.days, everyone=self.days
            )
        held: dict[int, date] = {}
        for at, meeting, day, is_held in sorted(keeper.meetings):
            if at < over and is_held:
                held[meeting] = day
            elif at < over:
                held.pop(meeting, None)
        return due.per_meeting(keeper.place, duty, held.items(), entries, self.days)


def _keepers(basis: Basis, asks: owed.Asks) -> Iterable[Keeper]:
    """Mentors who owe a diary, with what is known about it; five queries."""
    found: dict[Mark, list[Keeper]] = defaultdict(list)
    rows = Membership.objects.filter(mentorship__cohort=basis.cohort, role__in=list(asks.duties))
    for place in owed.places({basis.cohort.pk: asks}, rows):
        keeper = Keeper(place, asks.duties[place.role])
        found[place.mentorship, place.person].append(keeper)
    _note_meetings(basis, asks, found)
    entries = DiaryEntry.objects.filter(
        mentorship__cohort=basis.cohort, written_at__isnull=False
    ).order_by("pk")
    for pair, author, meeting, day, at in entries.values_list(
        "mentorship", "author", "meeting", "day", "written_at"
    ):
        for keeper in found.get((pair, author), []):
            if at is not None:
                keeper.entries.append((at, due.Written(meeting, day, asks.day(at))))
    return [keeper for keepers in found.values() for keeper in keepers]


def _note_meetings(basis: Basis, asks: owed.Asks, found: dict[Mark, list[Keeper]]) -> None:
    seats: dict[int, list[int]] = defaultdict(list)
    # Of a meeting that does not count as held any more, whoever was to come may have been there.
    was_there = Q(attendance=Participant.Attendance.PRESENT) | ~Q(meeting__state=MeetingState.HELD)
    rows = Participant.objects.filter(
        was_there, meeting__mentorship__cohort=basis.cohort, role__in=list(MENTOR_ROLES)
    )
    for meeting, person in rows.order_by("pk").values_list("meeting", "person"):
        seats[meeting].append(person)
    first, last = asks.edition
    for one in courses(basis):
        day = asks.day(one.starts_at)
        if one.kind not in owed.KINDS or not first <= day <= last:
            continue
        for person in seats[one.meeting]:
            for keeper in found.get((one.mentorship, person), []):
                place = keeper.place
                if place.starts <= day and (place.ends is None or day <= place.ends):
                    keeper.meetings += [
                        (at, one.meeting, day, state == HELD) for at, state, _side in one.states
                    ]


WORDS = {
    "written": Words(
        _("Diary entries written, of those due"),
        _(
            "Denominator: entries that the program asks for (one for each meeting held, or so many "
            "in a time) whose day had come by that day, counted without pauses and holidays. "
            "Counted: those written by then, whether in time or late. No text is opened for it."
        ),
    ),
}

SECTION = Section(
    slug="diaries",
    title=_("Diaries"),
    intro=_("How many entries mentors owed and wrote. Only that they exist is known."),
    figures=figures,
    words=WORDS.__getitem__,
    needs="counts",
    empty=_("No entry was due by that day, or the program asks for none."),
)
