from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from mentoring.outbox.delivery.quiet import quiet_until

ZONE = ZoneInfo("Europe/Budapest")
NIGHT = {"start": time(21), "end": time(7)}


def at(day, hour, minute=0, fold=0):
    return datetime(2021, 10, day, hour, minute, tzinfo=ZONE, fold=fold)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(5, 20, 59), None),
        (at(5, 21), at(6, 7)),
        (at(6, 0), at(6, 7)),
        (at(6, 6, 59), at(6, 7)),
        (at(6, 7), None),
    ],
)
def test_a_night_spans_midnight(now, until):
    assert quiet_until(now=now, zone=ZONE, **NIGHT) == until


def test_quiet_hours_may_lie_within_a_day():
    siesta = {"start": time(13), "end": time(15)}
    assert quiet_until(now=at(5, 14), zone=ZONE, **siesta) == at(5, 15)
    assert quiet_until(now=at(5, 15), zone=ZONE, **siesta) is None


def test_equal_ends_mean_no_quiet_hours():
    assert quiet_until(now=at(5, 12), zone=ZONE, start=time(12), end=time(12)) is None


def test_the_night_of_the_change_to_winter_time_is_an_hour_longer():
    until = quiet_until(now=at(30, 21), zone=ZONE, **NIGHT)
    assert until == datetime(2021, 10, 31, 6, 0, tzinfo=UTC)


def test_an_end_in_the_repeated_hour_is_never_behind_us():
    now = datetime(2021, 10, 31, 1, 40, tzinfo=UTC)  # 02:40, the second time
    until = quiet_until(now=now, zone=ZONE, start=time(21), end=time(2, 50))
    assert until == datetime(2021, 10, 31, 1, 50, tzinfo=UTC)
