"""The play itself, inside its house: an empty database in, one JSON value out."""

import gc
import json
import sys
from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.simulation import behavior, figures, house
from mentoring.simulation.player import Performance, Piece, perform
from programs.spec import ProgramSpec

# What a freshly migrated database holds.
MIGRATED = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}


class Out(Protocol):
    def write(self, msg: str) -> object: ...


class Queries:
    """Counts the statements of a connection."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.number += 1
        return execute(*args)


def run(
    spec: ProgramSpec, options: dict[str, Any], *, out: Out, tell: Callable[[str], object]
) -> None:
    """Play and print the figures."""
    started = clock.stopwatch()
    prepare_database()
    settings.EMAIL_BACKEND = "mentoring.simulation.mailbox.EverySendingBackend"
    queries = Queries()
    # A play makes millions of short-lived objects and hardly a cycle.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    with connection.execute_wrapper(queries):
        performance = play(spec, options, tell=tell)
    found = figures.collect(performance, folder=house.mail_folder())
    found["queries"] = queries.number
    found["seconds"] = round(clock.stopwatch() - started, 2)
    for what, number in sorted(performance.diary.changed.items()):
        tell(f"{what}: {number}")
    clock.set_process(None)
    indent = None if options["json"] else 2
    out.write(json.dumps(found, indent=indent, ensure_ascii=False))


def play(
    spec: ProgramSpec, options: dict[str, Any], *, tell: Callable[[str], object]
) -> Performance:
    """The piece that the options describe."""
    admin = User.objects.create_superuser(
        "admin@staff.example.edu", given_name="Site", family_name="Admin"
    )
    piece = Piece(
        spec=spec,
        name=f"{spec.title} {options['start']:%Y}",
        students=options["students"],
        mentors=options["mentors"],
        weeks=options["weeks"],
        start=options["start"],
        seed=options["seed"],
        behavior=behavior.load(spec.slug, options["behavior"]),
    )
    loud = sys.stderr.isatty() and not options["json"]
    return perform(piece, admin=admin, tell=tell if loud else lambda _line: None)


def prepare_database() -> None:
    """Migrate; refuse a database that holds anything already."""
    try:
        filled = _filled_tables()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(f"The database cannot be opened: {reason}", returncode=2) from None
    if filled:
        raise CommandError(
            f"The database is not empty: the table {filled[0]} holds rows. "
            "Name an empty one with --database, or leave that out.",
            returncode=2,
        )
    call_command("migrate", verbosity=0, interactive=False)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Nobody reads this file after a crash.
            cursor.execute("PRAGMA synchronous=OFF")


def _filled_tables() -> list[str]:
    with connection.cursor() as cursor:
        filled = []
        for table in sorted(set(connection.introspection.table_names(cursor)) - MIGRATED):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                filled.append(table)
        return filled
