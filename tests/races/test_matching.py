"""Racing processes over places: capacity is never exceeded, nobody is matched twice."""

import pytest

RACERS = 16
CROWD = 50
NEVER = (
    "over_capacity",
    "twice",
    "gone_but_there",
    "two_open",
    "stalled",
    "asks_though_placed",
    "yes_without_pair",
    "place_twice",
    "place_skipped",
    "drawn_unasked",
)

pytestmark = pytest.mark.race


@pytest.fixture
def race(racing):
    def run(scene, racers=RACERS):
        found = racing("matching", scene, racers)
        assert found.pop("broke") == 0, found["heard"]
        never = {name: found.pop(name) for name in NEVER}
        assert never == dict.fromkeys(NEVER, 0)
        return found

    return run


def test_of_many_students_as_many_win_a_mentor_as_she_has_places(race):
    found = race("crowd")
    assert found["heard"].count("has no place left") == RACERS - 3
    del found["heard"]
    assert found == {"won": 3, "refused": RACERS - 3, "mentorships": 3, "mails": 6, "drawn": 0}


def test_a_student_given_to_many_mentors_at_once_gets_one(race):
    found = race("student")
    assert found["heard"].count("has a mentor already") == RACERS - 1
    del found["heard"]
    assert found == {"won": 1, "refused": RACERS - 1, "mentorships": 1, "mails": 2, "drawn": 0}


def test_a_run_that_many_publish_at_once_is_published_once(race):
    found = race("publish")
    assert found["heard"].count("published already") == RACERS - 1
    del found["heard"]
    assert found == {"won": 1, "refused": RACERS - 1, "mentorships": 5, "mails": 10, "drawn": 0}


def test_nobody_stays_with_a_mentor_who_leaves_at_that_moment(race):
    found = race("leave")
    # Each mentor has left; her student was assigned just before and told, or was refused.
    assert found["won"] + found["refused"] == RACERS
    assert found["won"] >= RACERS // 2
    assert found["heard"].count("does not take part any more") == found["refused"]
    assert found["mentorships"] == found["won"] - RACERS // 2


def test_of_fifty_yeses_at_once_as_many_count_as_the_mentor_has_places(race):
    found = race("popular", CROWD)
    assert found["won"] == 3
    assert found["refused"] == CROWD - 3
    assert found["mentorships"] == 3


def test_a_place_goes_once_when_its_mentor_says_yes_while_it_is_given_away(race):
    found = race("everybody", CROWD)
    assert found["won"] == CROWD // 2
    assert found["mentorships"] == CROWD // 2


def test_a_yes_against_a_change_of_mind_leaves_every_line_in_order(race):
    found = race("undecided", CROWD)
    assert found["won"] + found["refused"] == 48
    # Of each yes and its taking back one wins; following the calendar always does.
    assert found["won"] == 32


def test_a_lot_that_many_draw_while_students_make_up_their_minds_is_drawn_once(race):
    found = race("drawn", CROWD)
    assert found["won"] + found["refused"] == CROWD
    # Whoever said yes before the last draw is drawn, and nobody else.
    assert 1 <= found["drawn"] <= CROWD // 2
