"""A cohort of one-to-one mentoring in which students choose."""

import pytest

from matching.services import choosing
from mentoring import clock
from tests.factories import START

NUMBERS = {"suggestions": 10, "asks": 3, "answer_days": 5, "expert_after_days": 28, "ranks": 5}


@pytest.fixture
def opened(cohort):
    """Opens a round and gives it; numbers may be changed."""

    def make(way="suggestions", **numbers):
        return choosing.open_round(cohort=cohort, way=way, by=None, **NUMBERS | numbers)

    return make


@pytest.fixture
def start():
    """The clock stands at the beginning of the cohort's year, a Monday."""
    with clock.at(START):
        yield START
