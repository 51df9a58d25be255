"""Many monitoring passes at once: no flag, record or mail is doubled, and none breaks."""

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
    with fresh_database("monitoring_race") as url:
        yield url


@pytest.mark.parametrize(
    ("day", "flags", "mails"),
    [
        (10, 0, {"never_met_mentor": 40, "never_met_student": 40}),
        (21, 40, {"flag_digest": 1}),
    ],
)
def test_passes_at_the_same_time_do_what_one_pass_does(address, tmp_path, day, flags, mails):
    env = {
        **os.environ,
        "DATABASE_URL": address,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "TASKS_EAGER": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.races.monitoring_race", str(RACERS), str(day)],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {
        "won": RACERS,
        "heard": "",
        "flags": flags,
        "twice": 0,
        "opened": flags,
        "mails": mails,
    }
