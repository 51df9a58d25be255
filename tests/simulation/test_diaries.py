"""Mentors of a play write an exact share of the entries that their meetings call for."""

from datetime import UTC, datetime, timedelta

import pytest

from mentoring.simulation.plan.diaries import called_for, written
from mentoring.simulation.plan.script import Goal, Group, Kind, Script, Try

NOW = datetime(2021, 9, 6, 9, tzinfo=UTC)


def scripts(number=30):
    """Two wishes each: one that comes true at the second try, one that never does."""
    missed = Try(days=(NOW.date(),), held=False)
    met = Try(days=(NOW.date(),))
    return [
        Script(
            Group((n,), (100 + n,)),
            Kind.ENGAGED,
            goals=(Goal(NOW, 100 + n, (missed, met)), Goal(NOW, 100 + n, (missed,))),
        )
        for n in range(number)
    ]


@pytest.mark.parametrize(("share", "count"), [(0, 0), (0.7, 21), (0.55, 17), (1, 30)])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_share_is_an_exact_count_whatever_the_seed(share, count, seed):
    assert abs(len(written(scripts(), share, seed)) - count) <= (share == 0.55)
    assert written(scripts(), share, seed) == written(scripts(), share, seed)


def test_only_held_meetings_of_mentors_who_were_there_call_for_one():
    absent = Try(days=(NOW.date(),), absent=frozenset({2}))
    group = Script(Group((1, 2), (3,)), Kind.ENGAGED, goals=(Goal(NOW, 3, (absent,)),))
    assert [one.mentor for one in called_for([group])] == [1]
    assert len(list(called_for(scripts(5)))) == 5


def test_the_seed_chooses_who_and_they_write_within_days():
    first, second = (written(scripts(), 0.7, seed) for seed in (1, 2))
    assert set(first) != set(second)
    assert all(timedelta(0) < wait <= timedelta(days=5) for wait in first.values())
