"""Racing processes over people: nobody is doubled, and an invitation works once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import fresh_database

ROOT = Path(__file__).resolve().parents[2]
RACERS = 8

pytestmark = pytest.mark.race


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'race.sqlite3'}"
        return
    with fresh_database("programs_race") as url:
        yield url


@pytest.fixture
def race(address, tmp_path):
    def run(scene):
        env = {
            **os.environ,
            "DATABASE_URL": address,
            "DATA_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "mentoring.settings",
            "TASKS_EAGER": "1",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.races.programs_race", scene, str(RACERS)],
            cwd=ROOT, env=env, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        found = json.loads(done.stdout)
        assert found["broke"] == 0, found["heard"]
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
