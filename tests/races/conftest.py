"""Where races are run: a process with the settings in its environment, on a new database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import fresh_database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    """A new database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'race.sqlite3'}"
        return
    with fresh_database("race") as url:
        yield url


@pytest.fixture
def racing(address, tmp_path):
    """Run ``tests.races.<name>_race`` with these arguments; what it prints of the outcome."""

    def run(name, *arguments):
        env = {
            **os.environ,
            "DATABASE_URL": address,
            "DATA_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "mentoring.settings",
            "TASKS_EAGER": "1",
        }
        done = subprocess.run(
            [sys.executable, "-m", f"tests.races.{name}_race", *map(str, arguments)],
            cwd=ROOT, env=env, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run
