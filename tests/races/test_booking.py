"""Fifty processes on one slot and on overlapping slots: one wins, the others are told why."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import fresh_database

ROOT = Path(__file__).resolve().parents[2]
RACERS = 50

pytestmark = pytest.mark.race


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'race.sqlite3'}"
        return
    with fresh_database("booking_race") as url:
        yield url


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ("one_slot", "This time is no longer free. Please choose another."),
        ("overlapping", "This time is no longer free. Please choose another."),
        ("accepting", "One of you already has something at that time. Please choose another."),
        ("impatient", "This time is no longer free. Please choose another."),
    ],
)
def test_exactly_one_of_fifty_wins_and_the_others_hear_why(scene, message, address, tmp_path):
    env = {
        **os.environ,
        "DATABASE_URL": address,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "TASKS_EAGER": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.booking_race", scene, str(RACERS)],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
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
