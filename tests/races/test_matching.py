"""Racing processes over places: capacity is never exceeded, nobody is matched twice."""

import pytest

RACERS = 16

pytestmark = pytest.mark.race


@pytest.fixture
def race(racing):
    def run(scene):
        found = racing("matching", scene, RACERS)
        assert found.pop("broke") == 0, found["heard"]
        never = {name: found.pop(name) for name in ("over_capacity", "twice", "gone_but_there")}
        assert never == {"over_capacity": 0, "twice": 0, "gone_but_there": 0}
        return found

    return run


def test_of_many_students_as_many_win_a_mentor_as_she_has_places(race):
    found = race("crowd")
    assert found["heard"].count("has no place left") == RACERS - 3
    del found["heard"]
    assert found == {"won": 3, "refused": RACERS - 3, "mentorships": 3, "mails": 6}


def test_a_student_given_to_many_mentors_at_once_gets_one(race):
    found = race("student")
    assert found["heard"].count("has a mentor already") == RACERS - 1
    del found["heard"]
    assert found == {"won": 1, "refused": RACERS - 1, "mentorships": 1, "mails": 2}


def test_a_run_that_many_publish_at_once_is_published_once(race):
    found = race("publish")
    assert found["heard"].count("published already") == RACERS - 1
    del found["heard"]
    assert found == {"won": 1, "refused": RACERS - 1, "mentorships": 5, "mails": 10}


def test_nobody_stays_with_a_mentor_who_leaves_at_that_moment(race):
    found = race("leave")
    # Each mentor has left; her student was assigned just before and told, or was refused.
    assert found["won"] + found["refused"] == RACERS
    assert found["won"] >= RACERS // 2
    assert found["heard"].count("does not take part any more") == found["refused"]
    assert found["mentorships"] == found["won"] - RACERS // 2
