"""Whatever happens in a mentorship, a flag never comes early."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from evaluation.models import Flag
from evaluation.monitoring import scan
from evaluation.monitoring.calendar import Calendar, Presence, Unit
from mentoring import clock
from programs.models import Absence, Pause
from sessions.models import Message
from tests.factories import CohortFactory, meeting, pair

ZONE = ZoneInfo("Europe/Budapest")
FIRST = date(2021, 9, 6)
DAY = timedelta(days=1)


def noon(days: int) -> datetime:
    day = FIRST + days * DAY
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


def span(first: int, length: int) -> tuple[date, date]:
    return FIRST + first * DAY, FIRST + (first + length) * DAY


spans = st.lists(st.builds(span, st.integers(0, 60), st.integers(0, 14)), max_size=3)
bookings = st.lists(
    st.tuples(st.integers(1, 80), st.sampled_from(["booked", "held", "missed", "cancelled"])),
    max_size=4,
    unique_by=lambda booking: booking[0],
)


class FlagsNeverComeEarly(TestCase):
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pauses=spans, absences=spans, meetings=bookings, days=st.sets(st.integers(0, 90)))
    def test_never_met(self, pauses, absences, meetings, days):
        cohort = CohortFactory(country="", state="running")
        mentorship = pair(cohort)
        for starts, ends in pauses:
            Pause.objects.create(edition=cohort.edition, name="Pause", starts=starts, ends=ends)
        for starts, ends in absences:
            Absence.objects.create(enrollment=mentorship.mentor, starts=starts, ends=ends)
        for number, state in meetings:
            meeting(mentorship, noon(number), state=state)
        off = {
            starts + n * DAY
            for starts, ends in [*pauses, *absences]
            for n in range((ends - starts).days + 1)
        }
        for number in sorted(days):
            with clock.at(noon(number)):
                opened = scan(cohort=cohort).opened
            if not opened:
                continue
            flag = Flag.objects.filter(cohort=cohort, rule="never-met").order_by("-pk").first()
            if flag is None or flag.opened_at != noon(number):
                continue
            counted = sum(FIRST + n * DAY not in off for n in range(1, number + 1))
            assert counted >= 21
            assert FIRST + number * DAY not in off
            standing = [
                at for at, state in meetings if state == "booked" and noon(at) > noon(number)
            ]
            assert standing == []
            assert not any(state == "held" for _, state in meetings)

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        asked=st.lists(st.integers(0, 60), min_size=1, max_size=4),
        answered=st.lists(st.integers(0, 60), max_size=3),
        pauses=spans,
        day=st.integers(0, 90),
    )
    def test_unanswered(self, asked, answered, pauses, day):
        cohort = CohortFactory(country="", state="running")
        mentorship = pair(cohort)
        meeting(mentorship, noon(0) - timedelta(hours=1), state="held")
        for starts, ends in pauses:
            Pause.objects.create(edition=cohort.edition, name="Pause", starts=starts, ends=ends)
        for side, numbers in (("student", asked), ("mentor", answered)):
            for number in numbers:
                at = noon(number) + timedelta(hours=side == "mentor")
                if number <= day:
                    Message.objects.create(mentorship=mentorship, side=side, sent_at=at)
        with clock.at(noon(day) + timedelta(hours=2)):
            scan(cohort=cohort)
        last = max((n for n in answered if n <= day), default=-1)
        waiting = [n for n in asked if last < n <= day]
        off = {starts + n * DAY for starts, ends in pauses for n in range((ends - starts).days + 1)}
        working = [
            FIRST + n * DAY
            for n in range(min(waiting, default=day) + 1, day + 1)
            if (FIRST + n * DAY).weekday() < 5 and FIRST + n * DAY not in off
        ]
        expected = len(working) >= 10 and FIRST + day * DAY not in off
        flags = Flag.objects.filter(cohort=cohort, rule="unresponsive-mentor")
        assert flags.exists() == expected


periods = st.lists(st.builds(span, st.integers(-30, 300), st.integers(0, 40)), max_size=4)


@given(
    pauses=st.lists(st.tuples(st.builds(span, st.integers(-30, 300), st.integers(0, 40)),
                              st.sampled_from([None, 1, 2])), max_size=5),
    one=periods, other=periods, year=st.sampled_from([None, 1, 2]),
    first=st.integers(-20, 300), length=st.integers(0, 120),
)  # fmt: skip
def test_days_that_count_are_those_on_which_both_sides_are_there(
    *, pauses, one, other, year, first, length
):
    calendar = Calendar(
        zone=ZONE,
        editions=((FIRST, FIRST + 280 * DAY),),
        pauses=tuple((starts, ends, who) for (starts, ends), who in pauses),
    )
    unit = Unit(frozenset({Presence(year, tuple(one))}), frozenset({Presence(None, tuple(other))}))
    after, until = span(first, length)

    def counts(day: date) -> bool:
        inside = FIRST <= day <= FIRST + 280 * DAY
        paused = any(s <= day <= e and who in (None, year) for (s, e), who in pauses)
        if year is None:
            paused = any(s <= day <= e and who is None for (s, e), who in pauses)
        away = any(s <= day <= e for s, e in [*one, *other])
        return inside and not paused and not away

    days = [after + n * DAY for n in range(1, length + 1)]
    count = calendar.count(unit)
    assert count.days(after, until) == sum(map(counts, days))
    assert count.working_days(after, until) == sum(
        counts(day) and day.weekday() < 5 for day in days
    )
    assert count.rests_on(until) is not counts(until)
