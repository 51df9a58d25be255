"""Who attends what in a play: exact shares, on open days, the same for the same seed."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from mentoring.simulation.plan.calendar import Calendar, Span
from mentoring.simulation.plan.training import season

WINTER = Span(date(2021, 12, 20), date(2022, 1, 2))
CALENDAR = Calendar(date(2021, 9, 6), 40, ZoneInfo("Europe/Budapest"), (WINTER,))


def fall(share=0.9, *, times=4, people=171, seed=1, calendar=CALENDAR):
    return season(
        kind="training", times=times, first=date(2021, 9, 6), last=date(2022, 1, 23),
        people=range(people), share=share, calendar=calendar, seed=seed,
    )  # fmt: skip


@pytest.mark.parametrize(("share", "came"), [(0.9, 616), (1.0, 684), (0.0, 0), (0.8, 547)])
def test_the_share_is_exact(share, came):
    made = fall(share)
    assert len(made.days) == 4
    assert len(made.came) == came
    assert not made.came & made.absent


def test_days_are_working_days_outside_pauses_well_before_the_end():
    made = fall(times=8)
    assert len(set(made.days)) == 8
    assert all(day.weekday() < 5 and day not in WINTER.days() for day in made.days)
    assert max(made.days) <= date(2022, 1, 11)


def test_the_seed_chooses_who():
    assert fall(seed=1) == fall(seed=1)
    assert fall(seed=1).came != fall(seed=2).came


def test_in_a_short_run_all_days_lie_inside_it():
    short = fall(calendar=Calendar(date(2021, 9, 6), 8, ZoneInfo("Europe/Budapest")))
    assert len(short.days) == 4
    assert max(short.days) <= date(2021, 10, 31)
