"""Days are counted in the cohort's zone, and paused ones do not count."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from programs.calendar import (
    Calendar,
    Period,
    countries,
    country_names,
    public_holidays,
    week_period,
)

BUDAPEST = ZoneInfo("Europe/Budapest")
EXAMS = Period(date(2021, 12, 20), date(2021, 12, 31), "Exams", "exam")
PLACEMENT = Period(date(2021, 10, 4), date(2021, 10, 10), "Placement", "placement", class_year=4)


def calendar(**change):
    fields = {
        "zone": BUDAPEST,
        "starts": date(2021, 9, 6),
        "ends": date(2022, 6, 12),
        "terms": (Period(date(2021, 9, 6), date(2022, 1, 23), "Fall"),),
        "pauses": (EXAMS, PLACEMENT),
    }
    return Calendar(**(fields | change))


def test_days_without_any_pause():
    assert calendar().days_since(date(2021, 9, 6), date(2021, 9, 27)) == 21


def test_the_day_is_the_cohorts_not_the_servers():
    late = datetime(2021, 9, 6, 22, 30, tzinfo=UTC)  # 0:30 on the 7th in Budapest
    assert calendar().day(late) == date(2021, 9, 7)
    assert calendar().days_since(late, date(2021, 9, 8)) == 1


@pytest.mark.parametrize(
    ("since", "until", "paused"),
    [
        (date(2021, 12, 19), date(2021, 12, 20), 1),
        (date(2021, 12, 20), date(2021, 12, 21), 1),
        (date(2021, 12, 1), date(2021, 12, 19), 0),
        (date(2021, 12, 1), date(2022, 1, 31), 12),
        (date(2021, 12, 31), date(2022, 1, 31), 0),
        (date(2022, 1, 31), date(2021, 12, 1), 0),
    ],
)
def test_a_pause_counts_its_first_and_last_day(since, until, paused):
    assert calendar().pause_days(since, until) == paused


def test_a_class_year_pauses_alone():
    week = (date(2021, 10, 3), date(2021, 10, 10))
    assert calendar().days_since(*week) == 7
    assert calendar().days_since(*week, class_year=1) == 7
    assert calendar().days_since(*week, class_year=4) == 0
    assert calendar().pause_on(date(2021, 10, 5), 4) == PLACEMENT
    assert calendar().pause_on(date(2021, 10, 5), 1) is None


def test_absences_and_pauses_that_overlap_count_once():
    absences = [(date(2021, 12, 18), date(2021, 12, 22)), (date(2021, 12, 20), date(2022, 1, 3))]
    assert calendar().pause_days(date(2021, 12, 1), date(2022, 1, 31), absences=absences) == 17


def test_public_holidays_pause_where_the_country_is_known():
    hungarian = calendar(country="HU")
    assert hungarian.pause_on(date(2021, 10, 23)).kind == "holiday"
    assert hungarian.days_since(date(2021, 10, 22), date(2021, 10, 25)) == 2
    assert calendar().days_since(date(2021, 10, 22), date(2021, 10, 25)) == 3
    assert date(2022, 3, 15) in public_holidays("HU", "", 2022)
    assert public_holidays("XX", "", 2022) == {}


def test_regions_have_their_own_holidays():
    corpus_christi = date(2022, 6, 16)
    assert corpus_christi in public_holidays("DE", "BY", 2022)
    assert corpus_christi not in public_holidays("DE", "BE", 2022)
    assert "BY" in countries()["DE"]


def test_every_country_has_a_name():
    assert set(countries()) - set(country_names()) == set()
    assert country_names()["HU"] == "Hungary"


def test_working_days_leave_out_weekends_pauses_and_absences():
    friday = date(2021, 9, 10)
    assert calendar().working_days_since(friday, date(2021, 9, 13)) == 1
    assert calendar().working_days_since(friday, date(2021, 9, 17)) == 5
    absences = [(date(2021, 9, 14), date(2021, 9, 15))]
    assert calendar().working_days_since(friday, date(2021, 9, 17), absences=absences) == 3
    assert calendar().working_days_since(date(2021, 12, 17), date(2022, 1, 3)) == 1


def test_the_day_on_which_a_threshold_is_reached():
    assert calendar().date_after(date(2021, 9, 6), 21) == date(2021, 9, 27)
    assert calendar().date_after(date(2021, 12, 15), 10) == date(2022, 1, 6)
    since, reached = date(2021, 12, 15), date(2022, 1, 6)
    assert calendar().days_since(since, reached) == 10


def test_long_after_the_end_it_still_counts():
    hungarian = calendar(country="HU")
    assert hungarian.days_since(date(2021, 9, 6), date(2021, 9, 7)) == 1
    assert hungarian.pause_days(date(2025, 3, 14), date(2025, 3, 15)) == 1


def test_terms():
    assert calendar().term_on(date(2022, 1, 23)).name == "Fall"
    assert calendar().term_on(date(2022, 1, 24)) is None


def test_weeks_are_counted_from_one():
    assert week_period(date(2021, 9, 6), 1, 20) == (date(2021, 9, 6), date(2022, 1, 23))
