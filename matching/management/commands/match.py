"""``manage.py match FILE``: one matching of people and scores from a file."""

import gc
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
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
        parser.add_argument(
            "--instead",
            nargs=2,
            metavar=("STUDENT", "MENTOR"),
            help="say what it would cost to give this student that mentor, and who would move",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON value")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            answer = _match(_read(options["file"]), options)
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
        if options["instead"]:
            self.stderr.write(_instead_in_words(answer["instead"]))

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


def _instead_in_words(found: dict[str, Any]) -> str:
    pair = f"{found['student']} with {found['mentor']}"
    if not found["possible"]:
        return f"{pair}: not possible, {found['why']}"
    moves = ", ".join(f"{who} from {was} to {now}" for who, was, now in found["changes"])
    cost = f"{found['placed']:+d} placed, {found['total']:+g} in total"
    return f"{pair}: {cost}; {moves or 'nobody moves'}"


def _match(text: str, options: dict[str, Any]) -> dict[str, Any]:
    # NumPy and SciPy are loaded where they are used, never with the list of commands.
    from matching.engine.changes import instead  # noqa: PLC0415
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
    seed = options["seed"]
    result = solve(instance, Procedure(options["procedure"]), seed)
    answer: dict[str, Any] = {
        "pairs": result.pairs,
        "unmatched": result.unmatched,
        "total": result.total / MICRO,
        "bound": result.bound / MICRO,
        "optimal": result.optimal,
        "minimum": None if result.minimum is None else result.minimum / MICRO,
        "seconds": round(clock.stopwatch() - started, 6),
    }
    if options["instead"]:
        student, mentor = options["instead"]
        found = instead(instance, student, mentor, seed)
        moves = [(one.student, one.was, one.now) for one in found.changes]
        answer["instead"] = asdict(found) | {"total": found.total / MICRO, "changes": moves}
    return answer
