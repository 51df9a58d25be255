"""`manage.py scan`: one monitoring pass."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from evaluation.monitoring import scan


class Command(BaseCommand):
    help = "Do one monitoring pass over all cohorts that are under way."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_: Any, **options: Any) -> None:
        result = scan()
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict()))
        else:
            self.stdout.write(
                f"Flags opened: {result.opened}, updated: {result.updated}, cleared: "
                f"{result.cleared}; nudges: {result.nudges} ({result.queries} queries, "
                f"{result.seconds:.2f} s)"
            )
