"""`manage.py up`: the whole product with one command."""

import fcntl
import signal
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from mentoring import clock, env
from mentoring.ops import broker, commands
from mentoring.ops.supervisor import Supervisor
from mentoring.processes import die_with_parent
from mentoring.settings import data_dir


class Command(BaseCommand):
    help = (
        "Starts broker (unless REDIS_URL is set), web, worker and beat, restarts what dies, and "
        "stops them in order on Ctrl-C."
    )
    # The checks of the web process are enough, and the first page comes sooner.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=env.number("PORT", 8000))
        parser.add_argument("--web-workers", type=int, default=env.number("WEB_WORKERS", 2))
        parser.add_argument("--concurrency", type=int, default=2, help="tasks at the same time")
        parser.add_argument(
            "--demo", action="store_true", help="load the demo first if the database is empty"
        )

    def handle(self, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if options["demo"]:
            if settings.PRODUCTION:
                raise CommandError("The demo is never loaded in production.")
            die_with_parent(signal.SIGTERM)  # with `make`, however that ends
        lock = _only_one()
        _free(host, port)
        _migrated()
        if not settings.PRODUCTION:
            data_dir("static")
        if options["demo"]:
            _load_demo()
        started = clock.stopwatch()
        processes = [
            commands.web(host=host, port=port, workers=options["web_workers"]),
            commands.worker(concurrency=options["concurrency"]),
            commands.beat(),
        ]
        if not settings.REDIS_URL:
            _wait_for_the_old_broker()
            processes.insert(0, broker.process())
        supervisor = Supervisor(processes)
        web = processes[-3]
        announce = web.ready

        def ready() -> bool:
            listens = announce is not None and announce()
            if listens:
                seconds = clock.stopwatch() - started
                sys.stderr.write(
                    f"    up | {settings.SITE_URL} is there after {seconds:.1f} s; "
                    "Ctrl-C stops everything\n"
                )
            return listens

        web.ready = ready
        supervisor.run()
        lock.close()


def _only_one() -> Any:
    """Hold a lock as long as we run: two of us would fight over one folder."""
    path = data_dir() / "up.lock"
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"It runs already, with the same folder {settings.DATA_DIR}. Stop it there first, or "
            "set DATA_DIR to another folder."
        ) from None
    return lock


def _free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Choose another with PORT=8001."
            ) from None


def _migrated() -> None:
    """Bring an embedded database up to date; production is migrated on purpose, by its owner."""
    executor = MigrationExecutor(connections["default"])
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending and settings.PRODUCTION:
        raise CommandError(
            f"{len(pending)} migrations have not been applied. Run `manage.py migrate` first."
        )
    if pending:
        call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()


def _load_demo() -> None:
    try:
        call_command("demo")
    except KeyboardInterrupt:
        raise CommandError("Stopped; nothing of the demo was kept.") from None
    finally:
        connections.close_all()
    sys.stdout.flush()


def _wait_for_the_old_broker() -> None:
    """After a crash the broker takes a moment to follow its parent; it must not meet ours."""
    deadline = clock.stopwatch() + 10
    while broker.answers():
        if clock.stopwatch() > deadline:
            raise CommandError(
                f"Another broker answers on {settings.BROKER_SOCKET}. Stop it, or set DATA_DIR."
            )
