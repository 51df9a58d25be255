"""`manage.py simulate` from outside: one JSON value, a house of its own, clear refusals."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

SMALL = ["semmelweis", "--students", "3", "--mentors", "3", "--weeks", "3", "--seed", "1"]


def run(*arguments, env=None):
    return subprocess.run(
        [sys.executable, "manage.py", "simulate", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_json_value_in_a_house_of_its_own_and_a_filled_database_is_refused(tmp_path):
    address = f"sqlite:///{tmp_path / 'play.sqlite3'}"
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    first = run(*SMALL, "--json", "--database", address, env={"TMPDIR": str(temporary)})
    assert first.returncode == 0, first.stderr
    found = json.loads(first.stdout)
    assert found["mentorships"] == 3
    assert found["queries"] > 0
    assert found["seconds"] > 0
    assert list(temporary.iterdir()) == []

    second = run(*SMALL, "--json", "--database", address)
    assert second.returncode == 2
    assert second.stdout == ""
    assert "The database is not empty: the table accounts_user holds rows." in second.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nowhere", *SMALL[1:]], "There is no template 'nowhere'"),
        ([*SMALL[:2], "0", *SMALL[3:]], "--students 0: give a number from 1 to"),
        ([*SMALL, "--behavior", "/nowhere.yaml"], "/nowhere.yaml cannot be read"),
        ([*SMALL[:-1], "-1"], "--seed -1: give a number from 0 to"),
    ],
)
def test_what_cannot_be_played_is_said_before_anything_starts(arguments, problem):
    with pytest.raises(CommandError, match=problem) as caught:
        call_command("simulate", *arguments)
    assert caught.value.returncode == 2


def test_a_date_that_is_none_is_named():
    with pytest.raises(CommandError, match="'soon' is not a date such as 2021-09-06"):
        call_command("simulate", *SMALL, "--start", "soon")
