"""Wall-clock hours to bookable instants.

Hours are read by the clock on the mentor's wall. A slot is offered when its start exists on that
clock and the clock shows a time inside the hours during the whole slot; where the clock is turned
back, the first of the two equal times counts. So an hour keeps its name all year.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sessions.slots.rules import Off, Period, Rules, Slot, minute_of

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
# (first minute, minute after the last, place)
_Span = tuple[int, int, str]


def bookable(
    rules: Rules,
    *,
    now: datetime,
    mentor_held: Iterable[Period] = (),
    other_held: Iterable[Period] = (),
    first: date | None = None,
    last: date | None = None,
) -> list[Slot]:
    """The slots open for booking at ``now``, in order, never overlapping held time or each other.

    ``mentor_held`` keeps the buffer around it and counts towards her maximum; ``other_held`` only
    has to stay free. ``first`` and ``last`` narrow the search to dates in the mentor's zone.
    """
    today = now.astimezone(rules.zone).date()
    start = max(today, first) if first else today
    end = today + timedelta(days=rules.horizon)
    end = min(end, last) if last else end
    own = list(mentor_held)
    full = _Limits(rules, own)
    padded = [Period(held.starts - rules.buffer, held.ends + rules.buffer) for held in own]
    busy = _Busy([*padded, *other_held])
    earliest = now + rules.notice
    return [
        slot
        for day in _days(start, end)
        if not full.on(day)
        for slot in _of_day(rules, day)
        if slot.starts >= earliest and not busy.meets(slot)
    ]


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _DAY


def _of_day(rules: Rules, day: date) -> list[Slot]:
    """The grid of one date: spans of hours cut into slots, in order, without overlap."""
    slots = sorted(
        (slot for span in _spans(rules, day) for slot in _cut(rules, day, span)),
        key=lambda slot: slot.starts,
    )
    kept: list[Slot] = []
    for slot in slots:
        if not kept or slot.starts >= kept[-1].ends:
            kept.append(slot)
    return kept


def _spans(rules: Rules, day: date) -> list[_Span]:
    """The hours of one date: weekly and extra ones joined, what is off cut out."""
    weekday = day.weekday()
    open_: list[_Span] = [
        (minute_of(hours.starts), minute_of(hours.ends, closing=True), hours.place)
        for hours in rules.weekly
        if hours.weekday == weekday
    ]
    open_ += [
        (minute_of(extra.starts), minute_of(extra.ends, closing=True), extra.place)
        for extra in rules.extra
        if extra.day == day
    ]
    spans = _joined(open_)
    for off in rules.off:
        if off.first <= day <= off.last:
            spans = _without(spans, off)
    return spans


def _joined(spans: list[_Span]) -> list[_Span]:
    """Touching spans of one place become one, so that a grid does not restart inside them."""
    joined: list[_Span] = []
    for begin, end, place in sorted(spans, key=lambda span: (span[2], span[0])):
        if end <= begin:
            continue
        if joined and joined[-1][2] == place and begin <= joined[-1][1]:
            previous = joined[-1]
            joined[-1] = (previous[0], max(previous[1], end), place)
        else:
            joined.append((begin, end, place))
    return joined


def _without(spans: list[_Span], off: Off) -> list[_Span]:
    cut_from = minute_of(off.starts or time(0))
    cut_to = minute_of(off.ends or time(0), closing=True)
    left: list[_Span] = []
    for begin, end, place in spans:
        left += [(begin, min(end, cut_from), place)] if begin < cut_from else []
        left += [(max(begin, cut_to), end, place)] if cut_to < end else []
    return [span for span in left if span[0] < span[1]]


def _cut(rules: Rules, day: date, span: _Span) -> Iterator[Slot]:
    begin, end, place = span
    midnight = datetime.combine(day, time(0))
    opens, closes = midnight + begin * _MINUTE, midnight + end * _MINUTE
    wall = opens
    while wall + _MINUTE <= closes:
        starts = _instant(wall, rules.zone)
        if starts and _inside(starts, starts + rules.length, rules.zone, opens, closes):
            yield Slot(starts, starts + rules.length, place)
        wall += rules.length + rules.buffer


def _instant(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant at which the clock shows ``wall``; ``None`` where it skips that time."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant if _wall(instant, zone) == wall else None


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _inside(
    starts: datetime, ends: datetime, zone: ZoneInfo, opens: datetime, closes: datetime
) -> bool:
    """Whether the clock shows a time within the hours during the whole slot."""
    last = ends - _MINUTE
    if not opens <= _wall(last, zone) < closes:
        return False
    if starts.astimezone(zone).utcoffset() == last.astimezone(zone).utcoffset():
        return True
    minutes = int((ends - starts) / _MINUTE)
    return all(opens <= _wall(starts + n * _MINUTE, zone) < closes for n in range(minutes))


class _Limits:
    """Days on which the mentor has as many meetings as she wants, on that day or in that week."""

    def __init__(self, rules: Rules, held: list[Period]) -> None:
        dates = [period.starts.astimezone(rules.zone).date() for period in held]
        self._rules = rules
        self._per_day = Counter(dates)
        self._per_week = Counter(_monday(day) for day in dates)

    def on(self, day: date) -> bool:
        per_day, per_week = self._rules.per_day, self._rules.per_week
        return (per_day is not None and self._per_day[day] >= per_day) or (
            per_week is not None and self._per_week[_monday(day)] >= per_week
        )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class _Busy:
    """Held periods merged, so that one look-up answers whether a slot is free."""

    def __init__(self, periods: list[Period]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for period in sorted(periods, key=lambda held: held.starts):
            if self._ends and period.starts <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], period.ends)
            else:
                self._starts.append(period.starts)
                self._ends.append(period.ends)

    def meets(self, slot: Slot) -> bool:
        number = bisect_left(self._starts, slot.ends)
        return number > 0 and self._ends[number - 1] > slot.starts
