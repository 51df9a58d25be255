"""A finished run to be tried."""

import pytest

from matching.models import MatchRun
from matching.services import runs
from tests.matching.trying.jobs import finish


@pytest.fixture
def ran(cohort, coordinator):
    def make(of=cohort, **more):
        fields = {"procedure": "optimal", "weights": {"interests": 1}, "required": [], "seed": 1}
        run = runs.start(cohort=of, by=coordinator, **fields | more)
        finish()
        return MatchRun.objects.get(pk=run.pk)

    return make


@pytest.fixture
def two(student, mentor):
    """Two students and two mentors: by interest they pair one way, by campus the other."""
    her = student(interests=["Surgery"], campus="South")
    him = student(interests=["Research"], campus="North")
    surgeon = mentor(interests=["Surgery"], campus="North")
    scholar = mentor(interests=["Research"], campus="South")
    return her, him, surgeon, scholar
