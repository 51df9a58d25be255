"""The house a play is given in: a process, a database, keys and a mail folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings

MARK = "SIMULATION_HOUSE"
# What the play must not take over from the installation it is started in.
FOREIGN = (
    "PRODUCTION",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "DATA_DIR",
    "DEMO",
    "DEBUG",
)


def inside() -> bool:
    """Whether this process is the one that plays."""
    return bool(os.environ.get(MARK))


def folder() -> Path:
    """Where the play keeps its files."""
    return Path(os.environ[MARK])


def mail_folder() -> Path:
    return folder() / "mail"


def environment(home: Path, database: str) -> dict[str, str]:
    """What the playing process is started with."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return kept | {
        MARK: str(home),
        "DATA_DIR": str(home / "data"),
        "DATABASE_URL": database or f"sqlite:///{home / 'play.sqlite3'}",
        "EMAIL_URL": f"file://{home / 'mail'}",
        "TASKS_EAGER": "1",
        # Sets of strings are walked in the same order every time.
        "PYTHONHASHSEED": "0",
    }


def play_inside(arguments: Sequence[str], *, database: str) -> int:
    """Run the same command in a house of its own, which is torn down afterwards; its exit code."""
    home = Path(tempfile.mkdtemp(prefix="simulation-"))
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    try:
        child = subprocess.Popen(command, env=environment(home, database))  # noqa: S603 (ourselves)
        before = signal.signal(signal.SIGTERM, _pass_on(child))
        try:
            return child.wait()
        finally:
            signal.signal(signal.SIGTERM, before)
            if child.poll() is None:
                child.terminate()
                child.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _pass_on(child: subprocess.Popen[bytes]) -> Callable[[int, FrameType | None], None]:
    def handler(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    return handler
