"""``manage.py match FILE``: one matching of people and scores from a file."""

import gc
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from matching.engine.instance import InvalidInput
from mentoring import clock

PROCEDURES = ("optimal", "fair", "stable", "random", "greedy")


class Command(BaseCommand):
    help = "Match students to mentors from a JSON file of places and scores."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the instance; - reads standard input")
        parser.add_argument("--procedure", choices=PROCEDURES, default="optimal")
        parser.add_argument("--seed", type=int, default=0, help="decides ties and chance")
        parser.add_argument("--json", action="store_true", help="print one JSON value")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            answer = _match(_read(options["file"]), options["procedure"], options["seed"])
        except OSError as error:
            self._refuse(f"{options['file']} cannot be read: {error.strerror}", options["json"])
        except UnicodeError:
            self._refuse(f"{options['file']} is not a text in UTF-8", options["json"])
        except InvalidInput as error:
            self._refuse(str(error), options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(answer))
            return
        for student, mentor in answer["pairs"]:
            self.stdout.write(f"{student}\t{mentor}")
        self.stderr.write(
            f"{len(answer['pairs'])} placed, {len(answer['unmatched'])} unmatched, "
            f"total {answer['total']} of at most {answer['bound']}"
        )

    def _refuse(self, problem: str, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"error": problem}))
        else:
            self.stderr.write(problem)
        sys.exit(2)


def _read(name: str) -> str:
    if name == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    return Path(name).read_text(encoding="utf-8-sig")


def _match(text: str, procedure: str, seed: int) -> dict[str, Any]:
    # NumPy and SciPy are loaded where they are used, never with the list of commands.
    from matching.engine.document import parse  # noqa: PLC0415
    from matching.engine.instance import MICRO, Procedure  # noqa: PLC0415
    from matching.engine.solving import solve  # noqa: PLC0415

    started = clock.stopwatch()
    # Millions of small lists hold no cycles, and looking for some doubles the time to read them.
    gc.disable()
    try:
        instance = parse(text)
    finally:
        gc.enable()
    result = solve(instance, Procedure(procedure), seed)
    return {
        "pairs": result.pairs,
        "unmatched": result.unmatched,
        "total": result.total / MICRO,
        "bound": result.bound / MICRO,
        "optimal": result.optimal,
        "minimum": None if result.minimum is None else result.minimum / MICRO,
        "seconds": round(clock.stopwatch() - started, 6),
    }
