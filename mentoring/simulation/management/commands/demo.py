"""`manage.py demo`: load the demo cohort, once, into an empty database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mentoring import clock
from mentoring.simulation import demo
from mentoring.simulation.demo import logins


class Command(BaseCommand):
    help = "Loads cohorts played up to today if the database is empty, and prints their logins."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo is never loaded in production.")
        if not demo.is_loaded():
            if not demo.is_empty():
                self.stdout.write("This database holds people already; no demo was loaded.")
                return
            self.stdout.write("Playing the demo cohorts up to today …")
            self.stdout.flush()
            started = clock.stopwatch()
            demo.load(self._tell)
            self.stdout.write(f"It is there after {clock.stopwatch() - started:.0f} seconds.")
        self.stdout.write("\n" + logins.table(logins.known()) + "\n")

    def _tell(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
