"""Full years played by `manage.py simulate`: seconds, and the outcomes they are held to."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLAYS = (
    ("semmelweis", 185, 171, 40),
    ("delhi", 150, 55, 44),
)


def measure() -> Iterator[dict[str, Any]]:
    """One row a play."""
    for slug, students, mentors, weeks in PLAYS:
        found = play(slug, students, mentors, weeks)
        never = found["detection"]["never_met"]
        yield {
            "template": slug,
            "students": students,
            "mentors": mentors,
            "weeks": weeks,
            "seconds": found["seconds"],
            "queries": found["queries"],
            "mails": found["notifications"]["sent"],
            "weekly": found["contact"]["weekly"],
            "meet_monthly": found["contact"]["meet_monthly"],
            "never_met": never["truth"],
            "missed": never["missed"],
            "false": never["false"],
        }


def play(slug: str, students: int, mentors: int, weeks: int) -> dict[str, Any]:
    """The figures of one play, by the command that everybody has."""
    numbers = {"--students": students, "--mentors": mentors, "--weeks": weeks, "--seed": 1}
    command = [sys.executable, str(ROOT / "manage.py"), "simulate", slug, "--json"]
    command += [part for name, number in numbers.items() for part in (name, str(number))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the play of {slug} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result
