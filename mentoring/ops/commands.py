"""The commands of web, worker and beat: the same for `manage.py up` and docker-compose."""

import signal
import socket
import sys
from collections.abc import Callable

from mentoring.ops.processes import Process


def web(*, host: str, port: int, workers: int = 2) -> Process:
    """The pages."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "mentoring.wsgi",
        "--config=python:mentoring.ops.gunicorn_conf",
        f"--bind={host}:{port}",
        f"--workers={workers}",
    ]
    return Process("web", command, ready=_listens(host, port), orphaned=signal.SIGINT)


def worker(*, concurrency: int = 2) -> Process:
    """Mails, jobs and periodic work."""
    command = [
        *_celery("worker"),
        f"--concurrency={concurrency}",
        "--loglevel=WARNING",
        "--without-gossip",
        "--without-mingle",
    ]
    # What it was doing is claimed by lease and done again, so it may simply be killed.
    # Celery warns root because of pickled tasks; ours are JSON only.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker"}
    return Process("worker", command, orphaned=signal.SIGKILL, grace=15, env=quiet)


def beat() -> Process:
    """The clock of the periodic work."""
    command = [*_celery("beat"), "--loglevel=WARNING", "--pidfile="]
    return Process("beat", command, orphaned=signal.SIGKILL)


def _celery(part: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app=mentoring", "--quiet", part]


def _listens(host: str, port: int) -> Callable[[], bool]:
    def listens() -> bool:
        target = "127.0.0.1" if host in {"", "0.0.0.0"} else host  # noqa: S104 - comparing only
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex((target, port)) == 0

    return listens
