"""In the play an exact share of those asked answers, and each survey of the plan goes out."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from evaluation.models import Survey
from evaluation.surveys.ports import figures
from mentoring import clock
from mentoring.simulation.behavior import Sides
from mentoring.simulation.plan import Calendar
from mentoring.simulation.player import surveys
from mentoring.simulation.player.clockwork import Beat, Clockwork
from tests.evaluation.conftest import BUDAPEST, MATCHED
from tests.evaluation.surveys.conftest import ground


@pytest.fixture
def actors(db):
    """The people of a cohort and the clock, without anything else to do."""
    place = ground(students=25, mentors=11)
    people = [*place.students, *place.mentors]
    clockwork = Clockwork(MATCHED)
    beat = Beat(clockwork, BUDAPEST)
    beat.start()
    stage = SimpleNamespace(cohort=place.cohort, users=dict(enumerate(people)))
    calendar = Calendar(MATCHED.date(), 40, BUDAPEST)
    yield SimpleNamespace(stage=stage, clockwork=clockwork, beat=beat, calendar=calendar, seed=1)
    clock.set_process(None)


def test_a_year_of_surveys(actors):
    """52 % of 25 students are 13, 53 % of 11 mentors are 6 (5.83)."""
    surveys.set_out(actors, Sides(student=0.52, mentor=0.53))
    actors.clockwork.run(MATCHED + timedelta(weeks=39))
    found = figures(actors.stage.cohort)["surveys"]
    assert found == {
        "mid-year-mentor": {"sent": 11, "answered": 6, "rate": 0.5455},
        "mid-year-student": {"sent": 25, "answered": 13, "rate": 0.52},
        "year-end-mentor": {"sent": 11, "answered": 6, "rate": 0.5455},
        "year-end-student": {"sent": 25, "answered": 13, "rate": 0.52},
    }
    assert set(Survey.objects.values_list("state", flat=True)) == {"closed"}
