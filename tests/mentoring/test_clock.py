"""The clock is set in one place, and everything follows."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mentoring import clock

NEW_YEAR = datetime(2021, 12, 31, 23, 30, tzinfo=UTC)


def test_it_is_set_for_a_block_only():
    with clock.at(NEW_YEAR):
        assert clock.now() == NEW_YEAR
    assert clock.now() > NEW_YEAR


def test_today_depends_on_where_one_lives():
    with clock.at(NEW_YEAR):
        assert clock.today(ZoneInfo("Europe/Budapest")) == date(2022, 1, 1)
        assert clock.today(ZoneInfo("America/New_York")) == date(2021, 12, 31)


def test_a_simulation_sets_it_for_the_whole_process():
    clock.set_process(NEW_YEAR)
    try:
        assert clock.now() == NEW_YEAR
    finally:
        clock.set_process(None)
    assert clock.now() > NEW_YEAR


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.at(NEW_YEAR.replace(tzinfo=None)):
        pass
