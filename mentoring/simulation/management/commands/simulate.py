"""`manage.py simulate`: play a cohort through its year, in a database of its own."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mentoring.simulation import behavior, house
from mentoring.simulation.behavior import BehaviorError
from programs.spec import ProgramSpec, catalog

START = date(2021, 9, 6)
MOST_PEOPLE, MOST_WEEKS = 20_000, 60


class Command(BaseCommand):
    help = (
        "Plays a cohort of a template through the real services and tasks on a virtual clock, in "
        "a database of its own, and prints what came of it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the template, such as semmelweis")
        parser.add_argument("--students", type=int, required=True, help="how many take part")
        parser.add_argument("--mentors", type=int, required=True, help="how many take part")
        parser.add_argument("--weeks", type=int, required=True, help="from the matching on")
        parser.add_argument("--seed", type=int, required=True, help="the same seed, the same play")
        parser.add_argument("--start", type=_date, default=START, help="first day of week 1")
        parser.add_argument("--behavior", type=Path, help="a file with other behavior (YAML)")
        parser.add_argument(
            "--database", default="", help="an empty one; default: a temporary file"
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON value, nothing else"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            spec = _template(options["slug"])
            _check_numbers(options)
            behavior.load(spec.slug, options["behavior"])
        except BehaviorError as error:
            raise CommandError(str(error), returncode=2) from None
        if house.inside():
            from mentoring.simulation.run import run  # noqa: PLC0415 (models of every app)

            run(spec, options, out=self.stdout, tell=self.stderr.write)
            return
        code = house.play_inside(sys.argv[1:], database=options["database"])
        if code:
            sys.exit(code)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as {START}") from None


def _template(slug: str) -> ProgramSpec:
    try:
        return catalog.spec(slug)
    except KeyError:
        known = ", ".join(catalog.slugs())
        raise CommandError(
            f"There is no template {slug!r}. These can be played: {known}.", returncode=2
        ) from None


def _check_numbers(options: dict[str, Any]) -> None:
    for name, most in (("students", MOST_PEOPLE), ("mentors", MOST_PEOPLE), ("weeks", MOST_WEEKS)):
        if not 1 <= options[name] <= most:
            raise CommandError(
                f"--{name} {options[name]}: give a number from 1 to {most}.", returncode=2
            )
    if not 0 <= options["seed"] < 2**31 - 1:
        raise CommandError(
            f"--seed {options['seed']}: give a number from 0 to {2**31 - 2}.", returncode=2
        )
