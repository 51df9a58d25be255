"""Keeps the processes of the product running, and stops them in order."""

import signal
import sys
from threading import Event
from types import FrameType

from django.core.management.base import CommandError

from mentoring import clock
from mentoring.ops.processes import Process

READY_SECONDS = 20


class Supervisor:
    """Starts the processes in order, restarts what dies, stops the first one last."""

    def __init__(self, processes: list[Process]) -> None:
        self.processes = processes
        self.over = Event()
        self.due: dict[str, float] = {}

    def run(self) -> None:
        """Until SIGINT or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        try:
            for process in self.processes:
                process.start()
                self._wait_until_ready(process)
            while not self.over.wait(0.3):
                self._tend()
        finally:
            self.stop()

    def stop(self) -> None:
        """All that lean on the first together, the first (the broker) at the end."""
        sys.stderr.write("    up | stopping\n")
        for process in self.processes[1:]:
            process.ask_to_stop()
        for process in reversed(self.processes):
            process.stop()

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.over.set()

    def _wait_until_ready(self, process: Process) -> None:
        deadline = clock.stopwatch() + READY_SECONDS
        while process.ready is not None and not process.ready():
            if self.over.wait(0.05):
                return
            if not process.running or clock.stopwatch() > deadline:
                raise CommandError(f"{process.name} did not start; its own words stand above.")

    def _tend(self) -> None:
        now = clock.stopwatch()
        for process in self.processes:
            if process.running:
                continue
            if process.name not in self.due:
                wait = process.backoff()
                self.due[process.name] = now + wait
                status = process.child.returncode if process.child else None
                sys.stderr.write(
                    f"    up | {process.name} ended ({status}); starting it again in {wait:.0f} s\n"
                )
            elif now >= self.due[process.name]:
                del self.due[process.name]
                process.start()
