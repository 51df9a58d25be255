"""Whatever the seed, a plan leaves exactly the outcomes that the behavior promises."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.simulation import behavior, plan
from mentoring.simulation.plan.calendar import Calendar, Span, needed
from mentoring.simulation.plan.shares import count, counts

BUDAPEST = ZoneInfo("Europe/Budapest")
BREAK = (Span(date(2021, 12, 20), date(2022, 1, 2)),)
YEAR = Calendar(date(2021, 9, 6), 40, BUDAPEST, BREAK)
SEMMELWEIS = [plan.Group((i % 171,), (1000 + i,)) for i in range(185)]
DELHI = [plan.Group((i,), tuple(range(100 + 3 * i, 103 + 3 * i))) for i in range(55)]


@dataclass
class Outcome:
    """What one script leaves behind, at the least and at the most favorable choice of days."""

    touched: set[int]
    touched_at_most: set[int]
    months: set[Span]
    held: int


def outcome(script: plan.Script, calendar: Calendar) -> Outcome:
    held = [attempt for goal in script.goals for attempt in goal.tries if attempt.held]
    weeks = {calendar.week_of(touch.at.date()) for touch in script.touches}
    possible = {calendar.week_of(day) for attempt in held for day in attempt.days}
    months = {
        month
        for attempt in held
        for month in calendar.whole_months
        if all(month.first <= day <= month.last for day in attempt.days)
    }
    unpaused = set(calendar.open_weeks)
    return Outcome(weeks & unpaused, (weeks | possible) & unpaused, months, len(held))


def shares(made: plan.Plan, calendar: Calendar) -> tuple[int, int, int]:
    """How many mentorships are in touch weekly, meet monthly, and never do either."""
    enough, months = needed(len(calendar.open_weeks)), needed(len(calendar.whole_months))
    seen = [outcome(script, calendar) for script in made.scripts]
    return (
        sum(len(one.touched) >= enough for one in seen),
        sum(len(one.months) >= months for one in seen),
        sum(not one.held and not one.touched for one in seen),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_semmelweis_reaches_its_reported_shares(seed):
    made = plan.make(
        behavior=behavior.load("semmelweis"), calendar=YEAR, groups=SEMMELWEIS, seed=seed
    )
    assert shares(made, YEAR) == (94, 76, 9)


def test_other_shares_come_out_too():
    other = behavior.load("semmelweis").model_copy(
        update={"weekly_contact": 0.23, "monthly_meeting": 0.77}
    )
    made = plan.make(behavior=other, calendar=YEAR, groups=SEMMELWEIS, seed=5)
    assert shares(made, YEAR) == (43, 142, 9)


def test_a_third_of_delhi_never_meets():
    calendar = Calendar(date(2021, 9, 6), 44, ZoneInfo("Asia/Kolkata"))
    made = plan.make(behavior=behavior.load("delhi"), calendar=calendar, groups=DELHI, seed=1)
    assert shares(made, calendar)[2] == 18


@given(
    seed=st.integers(0, 10**9),
    start=st.dates(date(2021, 1, 1), date(2022, 12, 31)),
    weeks=st.integers(1, 50),
    size=st.integers(1, 40),
    template=st.sampled_from(["semmelweis", "delhi", "another"]),
)
def test_no_seed_start_or_length_changes_an_outcome(seed, start, weeks, size, template):
    calendar = Calendar(start, weeks, BUDAPEST, BREAK)
    made = plan.make(
        behavior=behavior.load(template), calendar=calendar, groups=SEMMELWEIS[:size], seed=seed
    )
    enough = needed(len(calendar.open_weeks))
    for script in made.scripts:
        seen = outcome(script, calendar)
        assert (len(seen.touched) >= enough) == script.weekly or not enough
        assert script.weekly or len(seen.touched_at_most) < max(enough, 1)
        if calendar.whole_months:
            assert (len(seen.months) >= needed(len(calendar.whole_months))) == script.monthly


def test_the_same_seed_makes_the_same_plan_and_another_one_does_not():
    def made(seed):
        return plan.make(
            behavior=behavior.load("semmelweis"), calendar=YEAR, groups=SEMMELWEIS, seed=seed
        )

    assert made(7) == made(7)
    assert made(7) != made(8)


def test_only_the_last_try_of_a_goal_can_be_held_and_tries_never_share_a_day():
    made = plan.make(behavior=behavior.load("another"), calendar=YEAR, groups=SEMMELWEIS, seed=3)
    goals = [goal for script in made.scripts for goal in script.goals]
    assert any(len(goal.tries) == 3 for goal in goals)
    for goal in goals:
        assert not any(attempt.held for attempt in goal.tries[:-1])
        days = [day for attempt in goal.tries for day in attempt.days]
        assert days == sorted(set(days))
        assert goal.ask.date() < days[0]


def test_nobody_meets_while_the_mentor_is_away_or_in_a_break():
    made = plan.make(behavior=behavior.load("semmelweis"), calendar=YEAR, groups=SEMMELWEIS, seed=4)
    assert len(made.absences) == 9
    for script in made.scripts:
        away = made.absences.get(script.group.mentors[0])
        for day in (day for goal in script.goals for one in goal.tries for day in one.days):
            assert day not in YEAR.paused_days
            assert away is None or not away.first <= day <= away.last


def test_mentors_who_never_answer_have_only_quiet_mentorships_and_leave_a_request_open():
    made = plan.make(behavior=behavior.load("semmelweis"), calendar=YEAR, groups=SEMMELWEIS, seed=6)
    mute = [script for script in made.scripts if not script.answers]
    assert len({script.group.mentors for script in mute}) == 9
    for script in mute:
        assert script.kind in {plan.Kind.SILENT, plan.Kind.NEVER}
        assert script.requests
        assert all(request.reply_after is None for request in script.requests)
    answered = [r for s in made.scripts if s.answers for r in s.requests]
    assert all(timedelta(0) < r.reply_after <= timedelta(days=4) for r in answered)


def test_a_week_is_paused_when_no_working_day_is_left_of_it():
    assert set(range(1, 41)) - set(YEAR.open_weeks) == {16, 17}
    short = Calendar(date(2021, 9, 6), 2, BUDAPEST, (Span(date(2021, 9, 6), date(2021, 9, 9)),))
    assert short.open_weeks == (1, 2)


def test_months_count_when_they_lie_wholly_inside_the_run():
    assert [month.first for month in YEAR.whole_months] == [
        date(2021, 10, 1),
        date(2021, 11, 1),
        date(2021, 12, 1),
        date(2022, 1, 1),
        date(2022, 2, 1),
        date(2022, 3, 1),
        date(2022, 4, 1),
        date(2022, 5, 1),
    ]


@pytest.mark.parametrize(
    ("parts", "total", "expected"),
    [
        ([0.6, 0.1, 0.1, 0.2], 185, [111, 19, 18, 37]),
        ([0.85, 0.06, 0.04, 0.05], 10, [9, 1, 0, 0]),
        ([1, 0], 7, [7, 0]),
        ([0.5, 0.5], 3, [2, 1]),
    ],
)
def test_shares_become_exact_counts_by_largest_remainder(parts, total, expected):
    assert counts(parts, total) == expected


def test_a_single_share_is_rounded_against_the_rest():
    assert [count(0.51, 185), count(0.41, 185), count(0.23, 185)] == [94, 76, 43]
