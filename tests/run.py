"""What `make test` and `make check` run, step by step, with a summary at the end.

Every step runs even if one before it failed: a run shows all there is to mend. PostgreSQL and
Chromium are used where they are found; with ``CI=true`` their absence is a failure.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import find_chromium, find_postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "check-only-8f3Kq2Zr7Vw1Xc5Yb9Nm4Lp6Jh0Gd3Fs8Ta2Qe7Ru1Io5",
    "FIELD_KEYS": "Y2hlY2stb25seS1jaGVjay1vbmx5LWNoZWNrLW9ubHk=",
    "ALLOWED_HOSTS": "mentoring.example.edu",
    "DATABASE_URL": "postgres://nobody:nothing@localhost/nowhere",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://nobody:nothing@localhost:587",
}


@dataclass
class Step:
    """One command, and what became of it."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    code: int = 0
    seconds: float = 0.0
    last: str = ""
    output: str = ""

    def run(self, *, quiet: bool) -> "Step":
        """Run it; quietly means that its output is shown only if it fails."""
        started = time.perf_counter()
        process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        lines = []
        for line in process.stdout or []:
            lines.append(line)
            if not quiet:
                sys.stdout.write(line)
                sys.stdout.flush()
        self.code = process.wait()
        self.seconds = time.perf_counter() - started
        self.output = "".join(lines)
        told = [line.strip() for line in lines if line.strip()]
        self.last = told[-1] if told else ""
        return self


def tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


def static_steps() -> list[Step]:
    """Everything that reads the code without running the tests."""
    python = sys.executable
    manage = [python, "-W", "ignore", "manage.py"]
    return [
        Step("types", tool("mypy")),
        Step("format", tool("ruff", "format", "--check", ".")),
        Step("lint", tool("ruff", "check", ".")),
        Step("import contracts", tool("lint-imports", "--no-logo")),
        Step("templates", tool("djlint", "templates", "--lint", "--quiet")),
        Step("missing migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Step(
            "production settings",
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            env=PRODUCTION,
        ),
    ]


def pytest(name: str, marks: str, **env: str) -> Step:
    command = [sys.executable, "-m", "pytest", "--numprocesses=auto", "-m", marks]
    command += ["--durations=12", "--durations-min=2"]
    return Step(name, command, env=env)


def test_steps() -> tuple[list[Step], list[str]]:
    """The runs of pytest, and a line for each that cannot be made here."""
    missing = []
    url = find_postgres()
    # Races make a database of each kind for themselves: once is enough.
    steps = [
        pytest("tests on SQLite", "not browser and not services" + " and not race" * bool(url))
    ]
    if url:
        steps.append(pytest("tests on PostgreSQL and Redis", "not browser", TEST_DATABASE_URL=url))
    else:
        missing.append("PostgreSQL was not found (TEST_POSTGRES_URL, a local socket, port 5432).")
    if find_chromium():
        steps.append(pytest("tests in Chromium", "browser"))
    else:
        missing.append("Chromium was not found (Debian's package is called chromium).")
    return steps, missing


def run_static() -> list[Step]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda step: step.run(quiet=True), static_steps()))


def run_all() -> list[Step]:
    done = run_static()
    report(done)
    steps, missing = test_steps()
    for step in steps:
        sys.stdout.write(f"\n== {step.name}\n")
        done.append(step.run(quiet=False))
    for line in missing:
        done.append(Step("NOT TESTED", [], code=1 if IN_CI else 0, last=line))
    sys.stdout.write("\n")
    report(done, outputs=False)
    return done


def report(steps: list[Step], *, outputs: bool = True) -> None:
    for step in steps:
        verdict = "FAILED" if step.code else "ok"
        sys.stdout.write(f"{verdict:>6}  {step.name:<30} {step.seconds:6.1f} s  {step.last}\n")
        if step.code and outputs:
            sys.stdout.write(step.output + "\n")
    sys.stdout.flush()


def main(what: str) -> int:
    runs: dict[str, Callable[[], list[Step]]] = {"static": run_static, "all": run_all}
    done = runs[what]()
    if what == "static":
        report(done)
    return 1 if any(step.code for step in done) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
