"""Open a cohort from a template."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from mentoring.errors import DomainError
from programs.services.opening import open_cohort


def day(text: str) -> date:
    """A date as it is written on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date; write it as 2021-09-06") from None


class Command(BaseCommand):
    help = "Open a cohort from a template of the catalog; prints the key that other commands take."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the template (see `manage.py catalog`)")
        parser.add_argument("--name", required=True, help="what people call the cohort")
        parser.add_argument("--start", type=day, help="the first day; else the template's next")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            cohort = open_cohort(
                slug=options["slug"], name=options["name"], by=None, starts=options["start"]
            )
        except DomainError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
            else:
                self.stderr.write(self.style.ERROR(str(error)))
            raise SystemExit(2) from None
        if options["json"]:
            self.stdout.write(json.dumps({"cohort": cohort.key}))
        else:
            self.stdout.write(f"Opened “{cohort.name}” with the key {cohort.key}.")
