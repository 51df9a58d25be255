"""Workers, beats and the broker killed at random: no mail lost, none doubled."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from mentoring.ops import commands
from mentoring.ops.processes import Process
from tests.services import fresh_database, fresh_redis

PEOPLE, MAILS_EACH = 40, 30
PATIENCE = 150

SETTLED = """
import json
from django.db.models import Count
from mentoring.outbox.models import Notification
rows = Notification.objects.values_list("state").annotate(Count("id"))
print(json.dumps(dict(rows)))
"""
PREPARE = f"""
from datetime import time
from mentoring.accounts.models import User
for n in range({PEOPLE}):
    User.objects.create(email=f"p{{n}}@example.edu", quiet_from=time(0), quiet_until=time(0))
"""
START_JOB = """
from mentoring import jobs
print(jobs.start(kind="plant.deadly", by=None, args={}).pk)
"""
JOB = """
import json
from mentoring.accounts.models import User
from mentoring.jobs.models import Job
job = Job.objects.get()
people = User.objects.filter(email__startswith="job").count()
print(json.dumps([job.state, job.attempts, people]))
"""
BROKER = """
import json
from mentoring.ops import broker
print(json.dumps(broker.process().command))
"""


class Plant:
    """Two beats and three workers on one database, and somebody who kills them."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.mails = folder / "mail"
        self.env = {
            **{k: v for k, v in os.environ.items() if k not in {"TASKS_EAGER", "PORT"}},
            # Not the suite's own: the plant has its database and broker in its folder, or is
            # given them. Blank and not absent, for children add this to their parent's.
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "tests.races.plant_settings",
            "DATA_DIR": str(folder),
            "EMAIL_URL": f"file://{self.mails}",
            "OUTBOX_LEASE_SECONDS": "5",
            "PLANT_MAILS_EACH": str(MAILS_EACH),
            **env,
        }
        self.manage("migrate", "--verbosity=0")
        self.shell(PREPARE)
        self.processes: list[Process] = []

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    def start(self) -> None:
        if not self.env["REDIS_URL"]:
            self.processes.append(Process("broker", json.loads(self.shell(BROKER))))
        self.processes += [commands.beat() for _ in range(2)]
        self.processes += [commands.worker() for _ in range(3)]
        for process in self.processes:
            process.env = self.env
            process.start()

    def kill_one(self, dice: random.Random) -> str:
        """Kill a process, or its whole session, without warning; start it again at once."""
        victim = dice.choice(self.processes)
        assert victim.child is not None
        with suppress(ProcessLookupError):
            kill = dice.choice([os.kill, os.killpg])
            kill(victim.child.pid, signal.SIGKILL)
        victim.child.wait()
        victim.start()
        return victim.name

    def counts(self) -> dict[str, int]:
        return json.loads(self.shell(SETTLED))

    def stop(self) -> None:
        for process in reversed(self.processes):
            if process.child:
                with suppress(ProcessLookupError):
                    os.killpg(process.child.pid, signal.SIGKILL)
                process.child.wait()

    def subjects(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for file in self.mails.glob("*.eml"):
            found[str(message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"])] += 1
        return found


def play(plant: Plant, *, seed: int) -> None:
    """Kill something about every second until everything is sent, then count the mails."""
    expected = PEOPLE * MAILS_EACH
    dice = random.Random(seed)
    killed: Counter[str] = Counter()
    started = time.monotonic()
    plant.start()
    try:
        while time.monotonic() - started < PATIENCE:
            time.sleep(dice.uniform(0.3, 2.0))
            if len(list(plant.mails.glob("*.eml"))) >= expected:
                break
            killed[plant.kill_one(dice)] += 1
        # What is on disk may wait for its record until the lease of a killed worker has ended.
        while plant.counts() != {"sent": expected} and time.monotonic() - started < PATIENCE:
            time.sleep(1)
        counts = plant.counts()
    finally:
        plant.stop()
    subjects = plant.subjects()
    doubled = [subject for subject, number in subjects.items() if number > 1]
    seconds = time.monotonic() - started
    print(f"{len(subjects)} mails, kills {dict(killed)}, {seconds:.0f} s, states {counts}")
    assert sum(killed.values()) >= 5
    assert (len(subjects), doubled) == (expected, [])
    assert counts == {"sent": expected}


@pytest.mark.race
def test_kills_lose_and_double_no_mail_on_sqlite_with_the_embedded_broker(tmp_path_factory):
    plant = Plant(tmp_path_factory.mktemp("p"))
    play(plant, seed=1)


@pytest.mark.race
@pytest.mark.services
def test_kills_lose_and_double_no_mail_on_postgresql_with_redis(tmp_path_factory):
    with fresh_database("kill") as database, fresh_redis() as broker:
        plant = Plant(tmp_path_factory.mktemp("p"), DATABASE_URL=database, REDIS_URL=broker)
        play(plant, seed=2)


@pytest.mark.race
def test_a_job_whose_worker_is_killed_is_done_once_all_the_same(tmp_path_factory):
    plant = Plant(tmp_path_factory.mktemp("p"), PLANT_MAILS_EACH="0")
    plant.start()
    try:
        plant.shell(START_JOB)

        deadline = time.monotonic() + PATIENCE
        died = 0
        while time.monotonic() < deadline:
            for process in plant.processes:
                if not process.running:
                    died += 1
                    process.start()
            if json.loads(plant.shell(JOB))[0] == "done":
                break
        assert died == 1
        assert json.loads(plant.shell(JOB)) == ["done", 2, 1]
    finally:
        plant.stop()
