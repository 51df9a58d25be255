"""What is due, for any calendar: pure, so every case can be drawn."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from programs.spec import ProgramSpec
from sessions.diary.due import Duty, Place, Written, duty, per_meeting, per_unit, periods
from tests.factories import template_document

DAY = timedelta(days=1)
FIRST, LAST = date(2021, 9, 6), date(2022, 6, 12)
PLACE = Place(1, 1, 1, 1, 1, "mentor", FIRST)

dates = st.dates(FIRST, LAST)
entries = st.lists(
    st.builds(Written, st.one_of(st.none(), st.integers(0, 8)), dates, dates), max_size=12
)
meetings = st.lists(dates, max_size=9, unique=True).map(lambda days: list(enumerate(days)))


class Counting:
    """Days that count: all but the paused ones."""

    def __init__(self, paused=()):
        self.paused = set(paused)

    def date_after(self, since, days):
        day = since
        while days:
            day += DAY
            days -= day not in self.paused
        return day

    def between(self, first, last):
        span = range((last - first).days + 1) if last >= first else ()
        return sum(first + DAY * n not in self.paused for n in span)


PAUSED = st.lists(dates, max_size=30).map(Counting)


def requirement(**fields):
    document = template_document()
    document["requirements"] = [{"slug": "diary", "kind": "diary", "role": "mentor", **fields}]
    document["assumed"] = []
    document["incentives"] = []
    return ProgramSpec.load(document)


def test_what_the_program_says():
    assert duty(requirement(), "mentor") == Duty(7)
    assert duty(requirement(due_days=3), "mentor") == Duty(3)
    assert duty(requirement(times=2, per="month"), "mentor") == Duty(7, 2, "month")
    assert duty(requirement(times={"max": 4}), "mentor") == Duty(7, 4, "program")
    assert duty(requirement(), "student") is None
    assert duty(requirement(mandatory=False), "mentor") is None
    assert duty(requirement(times=0, per="term"), "mentor") is None


@given(meetings, entries, PAUSED, st.integers(0, 30))
def test_one_entry_for_each_meeting_due_so_many_days_that_count_later(held, written, days, limit):
    owed = per_meeting(PLACE, Duty(limit), held, written, days)
    assert sorted(one.meeting for one in owed) == [number for number, _day in held]
    for one in owed:
        assert one.first == dict(held)[one.meeting]
        assert days.between(one.first + DAY, one.due_on) == limit
        assert one.due_on >= one.first


@given(meetings, entries, PAUSED)
def test_what_is_written_never_exceeds_the_entries_and_named_ones_count_first(held, written, days):
    owed = per_meeting(PLACE, Duty(), held, written, days)
    done = [one for one in owed if one.written_on]
    assert len(done) <= len(written)
    named = {entry.meeting for entry in written} & {number for number, _day in held}
    assert named <= {one.meeting for one in done}
    # The first save about a meeting is what counts.
    for number in named:
        first = min(entry.on for entry in written if entry.meeting == number)
        assert next(one.written_on for one in owed if one.meeting == number) == first


@given(meetings, entries, entries, PAUSED)
def test_writing_more_never_makes_more_due(held, some, more, days):
    def open_ones(written):
        owed = per_meeting(PLACE, Duty(), held, written, days)
        return {one.meeting for one in owed if one.written_on is None}

    assert open_ones([*some, *more]) <= open_ones(some) or any(e.meeting is None for e in more)
    assert len(open_ones([*some, *more])) <= len(open_ones(some))


def test_an_entry_that_names_no_meeting_counts_for_the_last_one_before_it():
    held = [(1, date(2021, 10, 1)), (2, date(2021, 10, 20))]
    free = Written(None, date(2021, 10, 5), date(2021, 10, 25))
    owed = per_meeting(PLACE, Duty(), held, [free], Counting())
    assert [one.written_on for one in owed] == [date(2021, 10, 25), None]
    early = Written(None, date(2021, 9, 30), date(2021, 9, 30))
    assert all(
        one.written_on is None for one in per_meeting(PLACE, Duty(), held, [early], Counting())
    )


@given(st.sampled_from(["week", "month", "term", "year", "program"]))
def test_units_cover_the_edition_without_gap_or_overlap(unit):
    spans = periods(unit, (FIRST, LAST), ())
    assert (spans[0][0], spans[-1][1]) == (FIRST, LAST)
    for (_, last), (first, _) in pairwise(spans):
        assert first == last + DAY


@given(st.integers(1, 5), entries, PAUSED, dates)
def test_newcomers_owe_in_proportion_and_nobody_for_days_that_do_not_count(
    times, written, days, came
):
    place = Place(1, 1, 1, 1, 1, "mentor", came)
    spans = periods("month", (FIRST, LAST), ())
    owed = per_unit(place, Duty(7, times, "month"), spans, written, days=days, everyone=Counting())
    for first, last in spans:
        asked = [one for one in owed if one.first == first]
        there = days.between(max(first, came), last)
        assert len(asked) == int(times * there / ((last - first).days + 1) + 1e-9)
        inside = sum(first <= entry.day <= last for entry in written)
        assert sum(one.written_on is not None for one in asked) == min(len(asked), inside)
        assert all(one.due_on > last for one in asked)


def test_a_pause_of_everyone_leaves_the_month_whole():
    pause = Counting(date(2021, 12, 20) + DAY * n for n in range(12))
    spans = [(date(2021, 12, 1), date(2021, 12, 31))]
    owed = per_unit(PLACE, Duty(7, 2, "month"), spans, [], days=pause, everyone=pause)
    assert [one.number for one in owed] == [1, 2]
