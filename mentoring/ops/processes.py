"""What a process of the product is: its command, and how one starts and stops it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from mentoring import clock
from mentoring.processes import die_with_parent


@dataclass
class Process:
    """One program that `manage.py up` keeps running.

    ``orphaned`` is the signal the kernel sends it when its parent dies, however that dies;
    ``ready`` says whether others may count on it; ``grace`` is how long it may take to stop.
    """

    name: str
    command: list[str]
    ready: Callable[[], bool] | None = None
    orphaned: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    env: dict[str, str] = field(default_factory=dict)
    child: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    failures: int = 0

    def start(self) -> None:
        """Start it in a session of its own, its output prefixed with its name."""
        parent = os.getpid()
        self.started = clock.stopwatch()
        self.child = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **self.env},
            preexec_fn=lambda: die_with_parent(self.orphaned, parent=parent),  # noqa: PLW1509
        )
        if self.child.stdout:
            reader = threading.Thread(
                target=_relay, args=(self.name, self.child.stdout), daemon=True
            )
            reader.start()

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def ask_to_stop(self) -> None:
        """Begin a clean end."""
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()

    def stop(self) -> None:
        """Ask it to stop, wait for its grace, then insist."""
        if self.child is None or self.child.poll() is not None:
            return
        self.ask_to_stop()
        try:
            self.child.wait(self.grace)
        except subprocess.TimeoutExpired:
            # The session was made for it, so what it started goes too.
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()

    def backoff(self) -> float:
        """Seconds to wait before the next start: longer each time it dies young."""
        if clock.stopwatch() - self.started > 60:
            self.failures = 0
        self.failures += 1
        return float(min(2 ** (self.failures - 1), 30))


def _relay(name: str, stream: IO[bytes]) -> None:
    """Pass its words on; when nobody listens any more, still read, or it would block."""
    for line in stream:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{name:>6} | {line.decode(errors='replace')}")
    stream.close()
