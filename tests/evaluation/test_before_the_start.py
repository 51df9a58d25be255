"""Pairs that are published before the first day are not late before it."""

from datetime import datetime, time, timedelta

import pytest

from evaluation.models import Flag
from evaluation.monitoring import scan
from mentoring import clock
from tests.factories import CohortFactory, pair

pytestmark = pytest.mark.django_db


def test_days_before_the_edition_do_not_count_as_never_met():
    cohort = CohortFactory(state="running")
    first = datetime.combine(cohort.edition.starts, time(9), cohort.zone)
    with clock.at(first - timedelta(days=60)):
        pair(cohort)
    with clock.at(first - timedelta(days=1)):
        result = scan(cohort=cohort)
    assert (result.opened, result.nudges) == (0, 0)
    with clock.at(first + timedelta(days=14)):
        scan(cohort=cohort)
    assert not Flag.objects.exists()
    with clock.at(first + timedelta(days=40)):
        scan(cohort=cohort)
    assert Flag.objects.count() == 1
