"""List the templates of the catalog."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from programs.spec import catalog


class Command(BaseCommand):
    help = "List the program templates that a cohort can be opened from."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *_args: Any, **options: Any) -> None:
        entries = [catalog.entry(program) for program in catalog.templates()]
        if options["json"]:
            self.stdout.write(json.dumps(entries, ensure_ascii=False, indent=2))
            return
        for entry in entries:
            self.stdout.write(f"{entry['slug']:<14} {entry['model']} ({entry['school']})")
