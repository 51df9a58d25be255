"""By lot within colleges: the college is a must, and loads are even within each."""

from collections import Counter

import pytest

from matching.services import runs
from mentoring.simulation.player.stage import finish_jobs

pytestmark = pytest.mark.django_db


def test_a_lot_within_colleges_stays_within_and_spreads_evenly(cohort, student, mentor):
    for campus, students, mentors in (("North", 9, 3), ("South", 4, 2)):
        for _ in range(students):
            student(campus=campus)
        for _ in range(mentors):
            mentor(campus=campus, capacity=6)
    run = runs.start(
        cohort=cohort, procedure="random", weights={}, required=["campus"], by=None, seed=4
    )
    finish_jobs(cohort)
    pairs = list(run.pairs.select_related("student", "mentor"))
    assert all(pair.mentor and pair.mentor.campus == pair.student.campus for pair in pairs)
    loads = Counter((pair.student.campus, pair.mentor_id) for pair in pairs)
    assert sorted(loads.values()) == [2, 2, 3, 3, 3]
