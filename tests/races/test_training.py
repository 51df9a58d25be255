"""Thirty processes on the last place of a training: one gets it, the others are told why."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import fresh_database

ROOT = Path(__file__).resolve().parents[2]
RACERS = 30

pytestmark = pytest.mark.race


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'race.sqlite3'}"
        return
    with fresh_database("training_race") as url:
        yield url


@pytest.mark.parametrize(
    ("scene", "message", "won", "held"),
    [
        ("last_place", "All places are taken. Please choose another date.", 1, 3),
        ("two_at_once", "You already have something at that time.", 1, 1),
        ("while_moving", "", RACERS, RACERS - 1),
    ],
)
def test_places_go_to_one_person_each(  # noqa: PLR0917 (fixtures and parameters)
    scene, message, won, held, address, tmp_path
):
    found = play(scene, address, tmp_path)
    heard = found.pop("heard")
    for name in ("moved_up", "waits", "both", "capacity"):
        found.pop(name)

    assert heard.count(f"refused: {message}") == RACERS - won, heard
    assert found == {
        "won": won,
        "refused": RACERS - won,
        "broke": 0,
        "held": held,
        "places": held,
        "times": 1,
        "overlaps": 0,
        "mails": held,
    }


def test_places_given_back_at_once_go_to_who_waits(address, tmp_path):
    found = play("place_given_back", address, tmp_path)
    # Three are given back and one is added; nobody is refused, and there are four places then.
    assert found["broke"] == found["refused"] == 0, found["heard"]
    assert found["capacity"] == found["held"] == found["places"] == 4
    assert (found["overlaps"], found["both"], found["moved_up"]) == (0, 0, 4)
    # Those of the beginning; who moves up has the other mail.
    assert found["mails"] == 3


def test_people_leave_while_their_date_is_moved(address, tmp_path):
    found = play("leaving_while_moving", address, tmp_path)
    assert found["broke"] == found["refused"] == 0, found["heard"]
    assert found["won"] == RACERS
    assert (found["held"], found["overlaps"]) == (0, 0)


def play(scene, address, tmp_path):
    env = {
        **os.environ,
        "DATABASE_URL": address,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "TASKS_EAGER": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.training_race", scene, str(RACERS)],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
