"""A played year, reported: the same figures as the play's own, and the same when asked later."""

from datetime import date, datetime, timedelta

from evaluation.reports import figures
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.simulation import behavior
from mentoring.simulation.player import Piece, perform
from programs.models import Cohort
from programs.spec import catalog
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
    # Meetings by state may stand as they were told last: few were called off in this play.
    meetings = played["meetings"]
    assert blocks["came_about"]["value"] == meetings["held"]
    assert blocks["came_about"]["of"] == meetings["held"] + meetings["missed"]
    assert blocks["mentorships"]["total"]["value"] == played["mentorships"]
    assert _share(blocks["weekly"]) == played["contact"]["weekly"]
    assert _share(blocks["monthly"]) == played["contact"]["meet_monthly"]


def test_asked_later_every_week_gives_what_it_gave_then(db, mail_folder):
    """Figures taken on Mondays in the middle of the play, and asked for again after its end."""
    admin = User.objects.create_superuser("admin@staff.example.edu", given_name="A")
    piece = Piece(
        spec=catalog.spec("semmelweis"), name="A play", students=20, mentors=18, weeks=8,
        start=date(2021, 9, 6), seed=1, behavior=behavior.load("semmelweis"),
    )  # fmt: skip
    taken = {}

    def take(sunday, key):
        taken[sunday] = figures.collect(Cohort.objects.get(key=key))

    def beside(actors):
        for week in range(1, 8):
            sunday = date(2021, 9, 5) + timedelta(weeks=week)
            monday = datetime(sunday.year, sunday.month, sunday.day, 9, tzinfo=BUDAPEST)
            actors.clockwork.at(monday + timedelta(days=1), take, sunday, actors.stage.cohort.key)

    try:
        cohort = perform(piece, admin=admin, beside=beside).stage.cohort
    finally:
        clock.set_process(None)
    assert len(taken) == 7
    # Few people: in a week in which only small numbers moved, a report may say the same again.
    assert len({str(found["sections"]) for found in taken.values()}) >= 4
    for sunday, found in taken.items():
        assert found["as_of"] == sunday.isoformat()
        assert _asked_on(date(2022, 3, 1), cohort, sunday) == found


def _asked_on(day, cohort, as_of=None):
    with clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=BUDAPEST)):
        return figures.collect(cohort, as_of)


def _share(block):
    return round(block["value"] / block["of"], 4)
