"""A played year, reported: the same figures as the play's own, and the same when asked later."""

from datetime import date, datetime, timedelta

from evaluation.reports import figures
from mentoring import clock
from tests.evaluation.conftest import BUDAPEST

LAST = date(2021, 11, 28)


def test_the_report_of_a_play_is_what_the_play_counted(play):
    performance, played = play(students=20, mentors=18, weeks=12)
    cohort = performance.stage.cohort
    # The year is made to end with the play, so that nothing stands from an earlier day.
    cohort.editions.update(ends=LAST)
    cohort.refresh_from_db()
    found = _asked_on(date(2022, 1, 12), cohort)
    blocks = {block["slug"]: block for one in found["sections"] for block in one["blocks"]}
    held = {cell["key"]: cell for cell in blocks["states"]["cells"]}
    assert held["held"]["value"] == played["meetings"]["held"]
    assert blocks["mentorships"]["total"]["value"] == played["mentorships"]
    assert _share(blocks["weekly"]) == played["contact"]["weekly"]
    assert _share(blocks["monthly"]) == played["contact"]["meet_monthly"]


def test_asked_later_every_week_gives_what_it_gave(play):
    """Week after week of a year with bookings, misses, corrections and flags."""
    performance, _ = play(students=20, mentors=18, weeks=8)
    cohort = performance.stage.cohort
    for week in range(1, 9):
        sunday = date(2021, 9, 5) + timedelta(weeks=week)
        asked_then = _asked_on(sunday + timedelta(days=1), cohort)
        assert _asked_on(date(2022, 3, 1), cohort, sunday) == asked_then


def _asked_on(day, cohort, as_of=None):
    with clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=BUDAPEST)):
        return figures.collect(cohort, as_of)


def _share(block):
    return round(block["value"] / block["of"], 4)
