"""Many monitoring passes at once: no flag, record or mail is doubled, and none breaks."""

import pytest

RACERS = 8

pytestmark = pytest.mark.race


@pytest.mark.parametrize(
    ("day", "flags", "mails"),
    [
        (10, 0, {"never_met_mentor": 40, "never_met_student": 40}),
        (21, 40, {"flag_digest": 1}),
    ],
)
def test_passes_at_the_same_time_do_what_one_pass_does(racing, day, flags, mails):
    assert racing("monitoring", RACERS, day) == {
        "won": RACERS,
        "heard": "",
        "flags": flags,
        "twice": 0,
        "opened": flags,
        "mails": mails,
    }
