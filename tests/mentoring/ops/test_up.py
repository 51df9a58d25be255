"""`manage.py up` for real: one command, all processes, none left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.race
PATIENCE = 60
PARTS = ("valkey-server", "gunicorn", "worker", "beat")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class House:
    """A running `manage.py up` with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.env = {
            **{k: v for k, v in os.environ.items() if k not in {"TASKS_EAGER", "DATABASE_URL"}},
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
        }
        self.up = self.manage("up")

    def manage(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if arguments == ("up",) else subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/accounts/login/") as page:
            return page.status == 200
        return False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def doctor(self) -> dict:
        out, err = self.manage("doctor", "--json").communicate()
        assert out, err
        return json.loads(out)

    def children(self) -> dict[int, str]:
        """Every process that carries our data folder in its environment, but `up` itself."""
        mark = f"DATA_DIR={self.folder}\0".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == self.up.pid:
                continue
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                ours = mark in (entry / "environ").read_bytes() + b"\0"
                # The broker writes its title over its environment.
                if command and (ours or f"unixsocket:{self.folder}" in command):
                    found[int(entry.name)] = command
        return found

    def parts(self) -> set[str]:
        return {part for part in PARTS for line in self.children().values() if part in line}


def eventually(question, patience=PATIENCE):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def house(tmp_path_factory):
    built = House(tmp_path_factory.mktemp("up"))
    try:
        assert eventually(built.answers), "no page came"
        yield built
    finally:
        if built.up.poll() is None:
            built.up.kill()
        built.up.wait()
        for pid in built.children():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_it_serves_works_heals_and_stops_cleanly(house):
    assert eventually(lambda: house.parts() == set(PARTS))
    assert eventually(lambda: house.doctor()["healthy"]), house.doctor()
    worker = next(pid for pid, line in house.children().items() if " worker " in line)
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: worker not in house.children())
    assert eventually(lambda: house.parts() == set(PARTS)), "the worker did not come back"
    second = house.manage("up", f"--port={free_port()}")
    assert "It runs already" in second.communicate()[1]
    house.up.send_signal(signal.SIGINT)
    assert house.up.wait(30) == 0
    assert house.children() == {}
    assert not (house.folder / "broker.sock").exists()


def test_killing_it_outright_leaves_no_orphan_and_it_starts_again(house):
    assert eventually(lambda: house.parts() == set(PARTS))
    house.up.kill()
    house.up.wait()
    assert eventually(lambda: house.children() == {}, patience=10), house.children()
    house.up = house.manage("up")
    assert eventually(house.answers), "it did not start again"


def test_a_port_in_use_is_told_in_one_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "up", f"--port={port}"],
            env={**os.environ, "DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
