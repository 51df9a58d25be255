"""docker-compose.yml: read as data, and its very commands run against real services."""

import os
import re
import socketserver
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import yaml

from mentoring.ops import commands
from mentoring.ops.processes import Process
from tests.mentoring.ops.test_up import eventually, free_port
from tests.services import fresh_database, fresh_redis
from tests.test_settings import GOOD

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
APP = ["migrate", "web", "worker", "beat"]


def test_it_brings_up_everything_production_needs():
    assert set(SERVICES) == {*APP, "db", "redis"}
    for name in APP:
        assert set(GOOD) <= set(SERVICES[name]["environment"]), name


def test_secrets_come_from_outside_and_have_no_default():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "EMAIL_URL", "POSTGRES_PASSWORD"):
        assert re.search(r"\$\{" + name + r":\?", text), name


def test_everything_waits_for_the_migrations_and_is_watched():
    for name in ("web", "worker", "beat"):
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
        assert waits["redis"] == {"condition": "service_healthy"}
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert [name for name in SERVICES if "healthcheck" not in SERVICES[name]] == ["migrate"]


def test_only_the_web_is_reachable_and_only_from_this_machine():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["web"]
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]


def test_the_commands_are_those_of_manage_py_up():
    def bare(process: Process) -> list[str]:
        command = [part for part in process.command if part not in {sys.executable, "-m"}]
        return sorted(part for part in command if not part.startswith("--workers"))

    assert bare(commands.web(host="0.0.0.0", port=8000)) == sorted(SERVICES["web"]["command"])
    assert bare(commands.worker()) == sorted(SERVICES["worker"]["command"])
    assert bare(commands.beat()) == sorted(SERVICES["beat"]["command"])


def test_every_variable_is_explained():
    explained = (ROOT / "docs" / "production.md").read_text()
    read = set()
    for path in [*(ROOT / "mentoring").rglob("*.py")]:
        found = re.findall(
            r"env\.(?:text|flag|number|words|required)\(\s*\"([A-Z_]+)\"", path.read_text()
        )
        read.update(found)
    read |= set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert len(read) > 12
    assert sorted(name for name in read if f"`{name}`" not in explained) == []


class Mailbox(socketserver.StreamRequestHandler):
    """Just enough of a mail server to take a mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(lines))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@contextmanager
def mail_server():
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        mails: list[bytes] = []

    with Server(("127.0.0.1", 0), Mailbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


ASK = """
from mentoring import outbox
from mentoring.accounts.models import User
from datetime import time
user = User.objects.create(email="anna@example.edu", quiet_from=time(0), quiet_until=time(0))
outbox.enqueue(kind="plant_probe", recipient=user, dedupe_key="compose")
"""


@pytest.mark.race
@pytest.mark.services
def test_the_very_commands_run_on_postgresql_and_redis(tmp_path):
    port = free_port()
    with (
        fresh_database("compose") as database,
        fresh_redis() as broker,
        mail_server() as server,
    ):
        # The first two are of the test's own process; the last is set by the browser tests.
        ours = {"TASKS_EAGER", "DATA_DIR", "DJANGO_ALLOW_ASYNC_UNSAFE"}
        env = {
            **{name: value for name, value in os.environ.items() if name not in ours},
            **GOOD,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "EMAIL_URL": f"smtp://127.0.0.1:{server.server_address[1]}?tls=0",
            # The product's settings with one kind of mail more; otherwise the same.
            "DJANGO_SETTINGS_MODULE": "tests.races.plant_settings",
            "PLANT_MAILS_EACH": "0",
        }

        def run(*command: str) -> subprocess.CompletedProcess[str]:
            local = [part.replace(":8000/", f":{port}/") for part in command]
            return subprocess.run(
                local, cwd=ROOT, env=env, capture_output=True, text=True, check=False
            )

        done = run(*SERVICES["migrate"]["command"])
        assert done.returncode == 0, done.stderr
        static = run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
        assert static.returncode == 0, static.stderr
        processes = [
            Process(
                name,
                [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in command],
                env=env,
            )
            for name in ("web", "worker", "beat")
            if (command := SERVICES[name]["command"])
        ]
        try:
            for process in processes:
                process.start()
            for name in ("web", "worker", "beat"):
                test = SERVICES[name]["healthcheck"]["test"][1:]
                healthy = eventually(lambda test=test: run(*test).returncode == 0)
                assert healthy, f"{name}: {run(*test).stderr}"
            asked = run("python", "manage.py", "shell", "--no-imports", "-c", ASK)
            assert asked.returncode == 0, asked.stderr
            assert eventually(lambda: server.mails)
            started = time.monotonic()
        finally:
            for process in reversed(processes):
                process.stop()
        assert time.monotonic() - started < 30
        assert [process.child.returncode for process in processes] == [0, 0, 0]
    (mail,) = [message_from_bytes(raw, policy=policy.default) for raw in server.mails]
    assert mail["To"] == "anna@example.edu"
    assert mail["Message-ID"].endswith("@mentoring.example.edu>")
