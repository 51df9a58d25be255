"""`manage.py doctor`: is everything as it should be, and if not, what to do."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mentoring.ops.doctor import Finding, examine

SIGNS = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}


class Command(BaseCommand):
    help = (
        "Checks settings, database, broker, beat and worker, mail, clock and PDF libraries. "
        "Exit code 1 if something is wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON value on standard output")

    def handle(self, **options: Any) -> None:
        findings = examine()
        healthy = all(finding.verdict != "wrong" for finding in findings)
        if options["json"]:
            value = {"healthy": healthy, "findings": [asdict(finding) for finding in findings]}
            self.stdout.write(json.dumps(value))
        else:
            for finding in findings:
                self._line(finding)
        if not healthy:
            raise SystemExit(1)

    def _line(self, finding: Finding) -> None:
        self.stdout.write(f"{SIGNS[finding.verdict]}  {finding.check:<9} {finding.says}")
        if finding.mend:
            self.stdout.write(f"{'':17}→ {finding.mend}")
