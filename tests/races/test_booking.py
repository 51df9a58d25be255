"""Fifty processes on one slot and on overlapping slots: one wins, the others are told why."""

import pytest

RACERS = 50

pytestmark = pytest.mark.race


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ("one_slot", "This time is no longer free. Please choose another."),
        ("overlapping", "This time is no longer free. Please choose another."),
        ("accepting", "One of you already has something at that time. Please choose another."),
    ],
)
def test_exactly_one_of_fifty_wins_and_the_others_hear_why(scene, message, racing):
    found = racing("booking", scene, RACERS)
    heard = found.pop("heard")

    assert heard.count(f"refused: {message}") == RACERS - 1, heard
    assert found == {
        "won": 1,
        "refused": RACERS - 1,
        "broke": 0,
        "booked": 1,
        "held": 2,
        "overlaps": 0,
        "mails": 2,
    }


def test_one_who_taps_fifty_times_has_one_meeting_and_is_never_refused(racing):
    found = racing("booking", "impatient", RACERS)
    heard = found.pop("heard")

    assert "refused" not in str(heard)
    assert found == {
        "won": RACERS,
        "refused": 0,
        "broke": 0,
        "booked": 1,
        "held": 2,
        "overlaps": 0,
        "mails": 2,
    }
