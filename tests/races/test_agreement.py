"""Two members sign at once, each tapping many times: one signature each, and it is in force."""

import pytest

RACERS = 20

pytestmark = pytest.mark.race


def test_signing_at_once_leaves_no_agreement_half_signed_and_tells_each_once(racing):
    assert racing("agreement", RACERS) == {
        "won": RACERS,
        "broke": 0,
        "agreements": 1,
        "signatures": 3,
        "in_force": True,
        "told": 3,
    }
