"""What holds for every mentor, in every zone, on every day of the year."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sessions.slots import Extra, Hours, Off, Period, Rules, bookable

ZONES = st.sampled_from(
    [
        "Europe/Budapest",
        "America/New_York",
        "America/Santiago",
        "Asia/Kolkata",
        "Asia/Beirut",
        "Asia/Dubai",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Auckland",
        "America/St_Johns",
        "UTC",
    ]
).map(ZoneInfo)
MINUTES = st.sampled_from(range(0, 24 * 60, 15)).map(lambda m: time(m // 60, m % 60))
PLACES = st.sampled_from(["", "Library"])
# Days around the changes of many zones are drawn more often than others.
FIRST_DAYS = st.one_of(
    st.dates(date(2010, 1, 1), date(2030, 1, 1)),
    st.dates(date(2022, 3, 10), date(2022, 4, 5)),
    st.dates(date(2021, 10, 20), date(2021, 11, 9)),
    st.dates(date(2011, 12, 25), date(2011, 12, 31)),
)
NOWS = st.builds(
    lambda day, second: datetime.combine(day, time(0), UTC) + timedelta(seconds=second),
    FIRST_DAYS,
    st.integers(0, 86_399),
)


@st.composite
def periods(draw, now):
    starts = now + timedelta(minutes=draw(st.integers(-600, 20_000)))
    return Period(starts, starts + timedelta(minutes=draw(st.integers(1, 300))))


@st.composite
def weeks(draw, now):
    days = st.integers(-2, 20).map(lambda n: now.date() + timedelta(days=n))
    span = st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] < pair[1])
    hours = st.builds(
        lambda weekday, pair, place: Hours(weekday, *pair, place), st.integers(0, 6), span, PLACES
    )
    off = st.builds(
        lambda day, length, pair: Off(day, day + timedelta(days=length), *(pair or (None, None))),
        days,
        st.integers(0, 4),
        st.none() | span,
    )
    extra = st.builds(lambda day, pair, place: Extra(day, *pair, place), days, span, PLACES)
    return Rules(
        zone=draw(ZONES),
        weekly=tuple(draw(st.lists(hours, max_size=6))),
        off=tuple(draw(st.lists(off, max_size=2))),
        extra=tuple(draw(st.lists(extra, max_size=2))),
        length=timedelta(minutes=draw(st.sampled_from([15, 30, 45, 50, 60, 90, 120]))),
        buffer=timedelta(minutes=draw(st.sampled_from([0, 10, 15]))),
        notice=timedelta(hours=draw(st.sampled_from([0, 2, 24]))),
        horizon=draw(st.integers(0, 21)),
        per_day=draw(st.none() | st.integers(0, 2)),
        per_week=draw(st.none() | st.integers(0, 3)),
    )


@st.composite
def cases(draw):
    now = draw(NOWS)
    held = st.lists(periods(now), max_size=5)
    return draw(weeks(now)), now, draw(held), draw(held)


def overlaps(slot, period, margin=timedelta(0)):
    return slot.starts < period.ends + margin and period.starts - margin < slot.ends


def open_at(rules, wall):
    """Whether the hours, read minute by minute on the wall, include this minute."""
    day, minute = wall.date(), wall.hour * 60 + wall.minute

    def within(starts, ends):
        begin = starts.hour * 60 + starts.minute
        return begin <= minute < (ends.hour * 60 + ends.minute or 1440)

    if any(
        off.first <= day <= off.last and within(off.starts or time(0), off.ends or time(0))
        for off in rules.off
    ):
        return False
    return any(
        hours.weekday == day.weekday() and within(hours.starts, hours.ends)
        for hours in rules.weekly
    ) or any(extra.day == day and within(extra.starts, extra.ends) for extra in rules.extra)


@given(cases())
def test_slots_never_overlap_held_time_or_each_other(case):
    rules, now, mentor_held, other_held = case

    slots = bookable(rules, now=now, mentor_held=mentor_held, other_held=other_held)

    assert not any(overlaps(slot, held, rules.buffer) for slot in slots for held in mentor_held)
    assert not any(overlaps(slot, held) for slot in slots for held in other_held)
    assert all(before.ends <= after.starts for before, after in pairwise(slots))


@given(cases())
def test_slots_lie_inside_the_hours_on_the_wall_and_are_long_enough(case):
    rules, now, mentor_held, other_held = case

    for slot in bookable(rules, now=now, mentor_held=mentor_held, other_held=other_held):
        assert slot.ends - slot.starts == rules.length
        assert slot.starts.tzinfo is UTC
        for minute in range(int(rules.length.total_seconds() // 60)):
            shown = (slot.starts + timedelta(minutes=minute)).astimezone(rules.zone)
            assert open_at(rules, shown)


@given(cases())
def test_notice_horizon_and_maxima_hold(case):
    rules, now, mentor_held, other_held = case
    today = now.astimezone(rules.zone).date()
    held_on = [held.starts.astimezone(rules.zone).date() for held in mentor_held]

    for slot in bookable(rules, now=now, mentor_held=mentor_held, other_held=other_held):
        day = slot.starts.astimezone(rules.zone).date()
        assert slot.starts >= now + rules.notice
        assert today <= day <= today + timedelta(days=rules.horizon)
        assert rules.per_day is None or held_on.count(day) < rules.per_day
        week = [other for other in held_on if other.isocalendar()[:2] == day.isocalendar()[:2]]
        assert rules.per_week is None or len(week) < rules.per_week


@given(ZONES, st.integers(0, 6), st.integers(4, 21), st.dates(date(2010, 1, 1), date(2029, 1, 1)))
def test_an_hour_keeps_its_name_all_year_and_comes_once_a_week(zone, weekday, hour, start):
    """Outside the night's changes not one week is lost, and none moves, across a whole year."""
    rules = Rules(
        zone=zone,
        weekly=(Hours(weekday, time(hour), time(hour + 1)),),
        notice=timedelta(0),
        horizon=364,
    )
    now = datetime.combine(start, time(0), zone).astimezone(UTC)

    slots = bookable(rules, now=now)

    shown = [slot.starts.astimezone(zone) for slot in slots]
    assert {(moment.weekday(), moment.hour, moment.minute) for moment in shown} == {
        (weekday, hour, 0)
    }
    days = [moment.date() for moment in shown]
    expected = [
        day
        for day in (start + timedelta(days=n) for n in range(365))
        if day.weekday() == weekday and (zone.key, day) != ("Pacific/Apia", date(2011, 12, 30))
    ]
    assert days == expected


@given(cases())
def test_a_narrow_search_finds_what_a_wide_one_finds(case):
    rules, now, mentor_held, other_held = case
    wide = bookable(rules, now=now, mentor_held=mentor_held, other_held=other_held)

    for slot in wide[:3]:
        day = slot.starts.astimezone(rules.zone).date()
        narrow = bookable(
            rules, now=now, mentor_held=mentor_held, other_held=other_held, first=day, last=day
        )
        assert slot in narrow
