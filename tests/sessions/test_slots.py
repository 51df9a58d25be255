"""A mentor publishes her hours once; what can be booked follows from them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions.slots import Extra, Hours, Off, Period, Rules, bookable

BUDAPEST = ZoneInfo("Europe/Budapest")
# A Monday, early enough that notice never hides the week's slots.
MONDAY = date(2021, 9, 6)
NOW = datetime(2021, 9, 3, 6, tzinfo=UTC)
MONDAYS = (Hours(0, time(9), time(12)),)


def rules(**changes):
    return Rules(**{"zone": BUDAPEST, "weekly": MONDAYS, "horizon": 7, **changes})


def wall(slots, zone=BUDAPEST):
    return [f"{slot.starts.astimezone(zone):%a %H:%M}" for slot in slots]


def local(day, hour, minute=0, zone=BUDAPEST):
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def test_hours_are_cut_into_slots_of_the_wanted_length():
    assert wall(bookable(rules(), now=NOW)) == ["Mon 09:00", "Mon 10:00", "Mon 11:00"]
    assert wall(bookable(rules(length=timedelta(minutes=90)), now=NOW)) == [
        "Mon 09:00",
        "Mon 10:30",
    ]


def test_a_slot_that_would_outlast_the_hours_is_not_offered():
    assert wall(bookable(rules(length=timedelta(minutes=100)), now=NOW)) == ["Mon 09:00"]


def test_hours_may_last_until_midnight():
    late = rules(weekly=(Hours(0, time(22), time(0)),))

    assert wall(bookable(late, now=NOW)) == ["Mon 22:00", "Mon 23:00"]


def test_touching_hours_of_one_place_are_one_and_other_places_keep_their_own():
    joined = rules(
        weekly=(
            Hours(0, time(9), time(10, 30), "Library"),
            Hours(0, time(10, 30), time(12), "Library"),
        )
    )
    apart = rules(
        weekly=(Hours(0, time(9), time(10), "Library"), Hours(0, time(10), time(11), "Clinic"))
    )

    assert wall(bookable(joined, now=NOW)) == ["Mon 09:00", "Mon 10:00", "Mon 11:00"]
    assert [slot.place for slot in bookable(apart, now=NOW)] == ["Library", "Clinic"]


def test_minimum_notice_hides_what_is_too_soon():
    now = local(MONDAY, 8, 30)

    assert wall(bookable(rules(notice=timedelta(hours=1), horizon=0), now=now)) == [
        "Mon 10:00",
        "Mon 11:00",
    ]


def test_nothing_is_offered_beyond_the_horizon():
    assert bookable(rules(horizon=2), now=NOW) == []
    assert len(bookable(rules(horizon=14), now=NOW)) == 6


@pytest.mark.parametrize(
    ("off", "left"),
    [
        (Off(MONDAY, MONDAY), []),
        (Off(MONDAY - timedelta(days=9), MONDAY + timedelta(days=1)), []),
        (Off(MONDAY, MONDAY, time(10), time(11)), ["Mon 09:00", "Mon 11:00"]),
        (Off(MONDAY, MONDAY, time(9), time(9, 30)), ["Mon 09:30", "Mon 10:30"]),
        (Off(MONDAY, MONDAY, time(11), time(0)), ["Mon 09:00", "Mon 10:00"]),
        (Off(date(2021, 9, 7), date(2021, 9, 7)), ["Mon 09:00", "Mon 10:00", "Mon 11:00"]),
    ],
)
def test_what_is_off_is_cut_out(off, left):
    assert wall(bookable(rules(off=(off,)), now=NOW)) == left


def test_an_extra_time_is_offered_on_its_date_only():
    extra = Extra(date(2021, 9, 8), time(17), time(18))

    assert wall(bookable(rules(extra=(extra,), horizon=14), now=NOW)) == [
        *["Mon 09:00", "Mon 10:00", "Mon 11:00"],
        "Wed 17:00",
        *["Mon 09:00", "Mon 10:00", "Mon 11:00"],
    ]


def test_held_time_of_either_person_is_not_offered_even_when_it_overlaps_only_partly():
    mentor = Period(local(MONDAY, 9, 50), local(MONDAY, 10, 10))
    student = Period(local(MONDAY, 11, 59), local(MONDAY, 13))

    assert wall(bookable(rules(), now=NOW, mentor_held=[mentor])) == ["Mon 11:00"]
    assert wall(bookable(rules(), now=NOW, other_held=[student])) == ["Mon 09:00", "Mon 10:00"]


def test_a_slot_may_touch_held_time():
    held = Period(local(MONDAY, 10), local(MONDAY, 11))

    assert wall(bookable(rules(), now=NOW, other_held=[held])) == ["Mon 09:00", "Mon 11:00"]


def test_the_buffer_is_kept_around_the_mentors_meetings_and_between_slots():
    buffered = rules(buffer=timedelta(minutes=15), length=timedelta(minutes=45))
    held = Period(local(MONDAY, 10), local(MONDAY, 10, 45))

    assert wall(bookable(buffered, now=NOW)) == ["Mon 09:00", "Mon 10:00", "Mon 11:00"]
    assert wall(bookable(buffered, now=NOW, mentor_held=[held])) == ["Mon 09:00", "Mon 11:00"]


def test_a_full_day_and_a_full_week_offer_nothing_more():
    weekly = (*MONDAYS, Hours(2, time(9), time(10)))
    held = [Period(local(MONDAY, 15), local(MONDAY, 16))]

    def offered(**limits):
        limited = rules(weekly=weekly, horizon=10, **limits)
        return wall(bookable(limited, now=NOW, mentor_held=held))

    monday = ["Mon 09:00", "Mon 10:00", "Mon 11:00"]
    assert offered() == [*monday, "Wed 09:00", *monday]
    assert offered(per_day=1) == ["Wed 09:00", *monday]
    assert offered(per_week=1) == monday


def test_the_hour_keeps_its_name_when_the_clocks_change():
    autumn = rules(weekly=(Hours(0, time(9), time(10)),), horizon=60)
    slots = bookable(autumn, now=datetime(2021, 10, 1, tzinfo=UTC))

    assert set(wall(slots)) == {"Mon 09:00"}
    assert [slot.starts.hour for slot in slots] == [7, 7, 7, 7, 8, 8, 8, 8, 8]


def test_an_hour_that_the_clock_skips_is_not_offered():
    # Sunday, 27 March 2022: 02:00 becomes 03:00.
    night = rules(weekly=(Hours(6, time(1), time(4)),), length=timedelta(minutes=30))
    slots = bookable(night, now=datetime(2022, 3, 25, tzinfo=UTC))

    assert wall(slots) == ["Sun 01:00", "Sun 01:30", "Sun 03:00", "Sun 03:30"]
    assert [slot.ends - slot.starts for slot in slots] == [timedelta(minutes=30)] * 4


def test_a_slot_that_the_skipped_hour_would_push_past_the_hours_is_not_offered():
    night = rules(weekly=(Hours(6, time(1), time(2, 30)),), length=timedelta(minutes=90))

    assert bookable(night, now=datetime(2022, 3, 25, tzinfo=UTC)) == []


def test_an_hour_that_comes_twice_is_offered_once():
    # Sunday, 31 October 2021: 03:00 becomes 02:00.
    night = rules(weekly=(Hours(6, time(1), time(4)),))
    slots = bookable(night, now=datetime(2021, 10, 29, tzinfo=UTC))

    assert wall(slots) == ["Sun 01:00", "Sun 02:00", "Sun 03:00"]
    assert [slot.starts.hour for slot in slots] == [23, 0, 2]


def test_a_slot_never_strays_out_of_the_hours_when_the_clock_is_turned_back():
    # From 02:30 (first) on for 45 minutes the clock shows 02:59, then 02:00: before the hours.
    night = rules(weekly=(Hours(6, time(2, 30), time(3, 30)),), length=timedelta(minutes=45))

    assert bookable(night, now=datetime(2021, 10, 29, tzinfo=UTC)) == []


def test_half_an_hour_of_daylight_saving_is_respected_too():
    # Lord Howe Island, 3 October 2021: 02:00 becomes 02:30.
    zone = ZoneInfo("Australia/Lord_Howe")
    night = rules(zone=zone, weekly=(Hours(6, time(1), time(4)),), length=timedelta(minutes=30))
    slots = bookable(night, now=datetime(2021, 9, 30, tzinfo=UTC))

    assert wall(slots, zone) == ["Sun 01:00", "Sun 01:30", "Sun 02:30", "Sun 03:00", "Sun 03:30"]


def test_a_day_whose_midnight_is_skipped_still_has_its_hours():
    # Beirut, 27 March 2022: 00:00 becomes 01:00.
    zone = ZoneInfo("Asia/Beirut")
    night = rules(zone=zone, weekly=(Hours(6, time(0), time(3)), Hours(5, time(23), time(0))))
    slots = bookable(night, now=datetime(2022, 3, 24, tzinfo=UTC))

    assert wall(slots, zone) == ["Sat 23:00", "Sun 01:00", "Sun 02:00"]


def test_the_search_can_be_narrowed_to_dates():
    wide = rules(horizon=30)
    second = MONDAY + timedelta(days=7)

    assert len(bookable(wide, now=NOW, first=second, last=second)) == 3


def test_the_day_begins_at_the_mentors_midnight_not_in_greenwich():
    auckland = ZoneInfo("Pacific/Auckland")
    early = rules(zone=auckland, notice=timedelta(0), horizon=0)
    sunday_in_greenwich = datetime(2021, 9, 5, 20, tzinfo=UTC)  # Monday 08:00 in Auckland

    assert wall(bookable(early, now=sunday_in_greenwich), auckland) == [
        "Mon 09:00",
        "Mon 10:00",
        "Mon 11:00",
    ]


def test_a_length_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one minute"):
        rules(length=timedelta(0))
