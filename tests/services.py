"""Finds or starts the services that some tests need: PostgreSQL, Redis, Chromium."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest

# Parallel checkouts share one PostgreSQL: names are derived from the path of this one.
CHECKOUT = sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]
SOCKET_FOLDERS = ("/var/run/postgresql", "/tmp")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def missing(what: str) -> None:
    """Skip loudly; in CI a missing service is a failure."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and CI must not go on without it")
    pytest.skip(f"{what} was not found here")


def find_postgres() -> str | None:
    """The address of a database from which others can be created, or ``None``."""
    given = os.environ.get("TEST_POSTGRES_URL")
    candidates = [given] if given else _local_addresses()
    for url in candidates:
        with suppress(psycopg.Error):
            with psycopg.connect(url, connect_timeout=2, autocommit=True) as connection:
                role = connection.execute(
                    "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
                ).fetchone()
            if role and role[0]:
                return url
    return None


def _local_addresses() -> list[str]:
    addresses = []
    for folder in SOCKET_FOLDERS:
        if any(Path(folder).glob(".s.PGSQL.*")):
            where = quote(folder, safe="")
            addresses += [f"postgres://{where}/postgres", f"postgres://postgres@{where}/postgres"]
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", 5432)) == 0:
            addresses += [
                "postgres://postgres@127.0.0.1:5432/postgres",
                "postgres://postgres:postgres@127.0.0.1:5432/postgres",
            ]
    return addresses


@contextmanager
def fresh_database(purpose: str) -> Iterator[str]:
    """The address of a new PostgreSQL database of this checkout, dropped at the end."""
    admin = find_postgres()
    if admin is None:
        missing("PostgreSQL")
        raise AssertionError
    name = f"mentoring_{CHECKOUT}_{purpose}_{os.getpid()}"
    _execute(admin, f'create database "{name}"')
    try:
        yield urlsplit(admin)._replace(path=f"/{name}").geturl()
    finally:
        _execute(admin, f'drop database if exists "{name}" with (force)')


def _execute(admin: str, statement: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def fresh_redis() -> Iterator[str]:
    """The address of a Redis server of its own, on a free port, gone at the end."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        from mentoring.ops.broker import binary

        program = binary()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        server = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
        try:
            _wait_for_port(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.kill()
            server.wait()


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def find_chromium() -> str | None:
    """The browser's program, or ``None``."""
    return (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
