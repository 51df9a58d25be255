"""Racing processes over people: nobody is doubled, and an invitation works once."""

import pytest

RACERS = 8

pytestmark = pytest.mark.race


@pytest.fixture
def race(racing):
    def run(scene):
        found = racing("programs", scene, RACERS)
        assert found.pop("broke") == 0, found["heard"]
        return found

    return run


def test_a_roster_imported_many_times_at_once_doubles_nobody(race):
    found = race("imports")
    assert (found["won"], found["people"], found["enrollments"]) == (RACERS, 200, 400)


def test_an_invitation_answered_many_times_at_once_is_answered_once(race):
    found = race("answers")
    assert (found["won"], found["refused"]) == (1, RACERS - 1)
    assert found["heard"].count("has been used") == RACERS - 1


def test_a_person_added_by_many_at_once_is_there_once(race):
    found = race("additions")
    assert found["enrollments"] == 1
    assert found["invitations"] <= 1


def test_one_coordinator_stays_when_all_leave_at_once(race):
    found = race("leavers")
    assert (found["won"], found["refused"], found["coordinators"]) == (RACERS - 1, 1, 1)


def test_an_import_leaves_alone_what_a_student_saves_while_it_runs(race):
    found = race("edits")
    assert (found["won"], found["first"]) == (2, [["opera"], "New"])


def test_a_year_that_two_coordinators_begin_at_once_begins_once(race):
    found = race("years")
    assert (found["won"], found["refused"]) == (1, RACERS - 1)
    assert found["heard"].count("has begun already") == RACERS - 1
    assert (found["editions"], found["passages"]) == (2, 8)
