"""A mentorship ends while somebody acts in it: nothing is left booked, nothing recorded is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import fresh_database

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.race


@pytest.fixture(params=["sqlite", "postgres"])
def play(request, tmp_path):
    """Play one scene of ``tests.races.ending_race``; what was left of it."""

    def run(scene: str, address: str) -> dict[str, object]:
        env = {
            **os.environ, "DATABASE_URL": address, "DATA_DIR": str(tmp_path), "TASKS_EAGER": "1",
            "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "tests.races.ending_race", scene],
            cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    if request.param == "sqlite":
        yield lambda scene: run(scene, f"sqlite:///{tmp_path / 'race.sqlite3'}")
        return
    with fresh_database("ending_race") as url:
        yield lambda scene: run(scene, url)


def test_nothing_is_booked_in_a_mentorship_that_is_ending(play):
    assert play("end_then_book") == {
        "first": "ok",
        "second": "This mentorship has ended.",
        "mentorship": "dissolved",
        "meetings": [],
        "holding": 0,
    }


def test_nothing_is_booked_by_somebody_who_is_being_erased(play):
    left = play("erase_then_book")
    assert (left["first"], left["meetings"], left["holding"]) == ("ok", [], 0)
    assert left["second"] != "ok"


def test_who_cancelled_and_why_stays_on_record(play):
    left = play("cancel_then_end")
    assert (left["first"], left["second"]) == ("ok", "ok")
    assert left["meetings"] == [["cancelled", "mentor", "clinical"]]


def test_a_meeting_recorded_as_held_stays_held(play):
    left = play("record_then_end")
    assert (left["first"], left["second"]) == ("ok", "ok")
    assert left["meetings"] == [["held", "", ""]]
