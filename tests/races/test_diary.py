"""Many windows save one diary entry at once: one is kept, the others are told and keep theirs."""

import pytest

RACERS = 20

pytestmark = pytest.mark.race


@pytest.mark.parametrize(
    ("scene", "versions"),
    # Two windows open on one entry; two that begin one; two that begin about the same meeting.
    [("editing", 2), ("same_key", 1), ("beginning", 1)],
)
def test_one_window_is_kept_and_the_others_are_told(scene, versions, racing):
    found = racing("diary", scene, RACERS)
    heard = found.pop("heard")
    assert heard.count("changed in another window") == RACERS - 1, heard
    assert found == {
        "won": 1,
        "refused": RACERS - 1,
        "broke": 0,
        "entries": 1,
        "bodies": 1,
        "versions": versions,
    }
