"""``manage.py match_groups FILE``: mentoring groups of people and scores from a file."""

import gc
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from matching.engine.instance import InvalidInput
from mentoring import clock


class Command(BaseCommand):
    help = "Form mentoring groups from a JSON file of people, the shape of a group, and scores."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the instance; - reads standard input")
        parser.add_argument("--seed", type=int, default=0, help="decides ties and chance")
        parser.add_argument("--json", action="store_true", help="print one JSON value")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            answer = _answer(_read(options["file"]), options["seed"])
        except OSError as error:
            self._refuse(f"{options['file']} cannot be read: {error.strerror}", options["json"])
        except UnicodeError:
            self._refuse(f"{options['file']} is not a text in UTF-8", options["json"])
        except InvalidInput as error:
            self._refuse(str(error), options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(answer))
            return
        for group in answer["groups"]:
            leaders = ", ".join(name for name, _role in group["leaders"])
            self.stdout.write(f"{leaders}\t{', '.join(group['students'])}")
        for reason in answer["explanations"]:
            self.stderr.write(json.dumps(reason))
        self.stderr.write(
            f"{len(answer['groups'])} groups, {len(answer['unplaced'])} students left over, "
            f"total {answer['total']} of at most {answer['bound']} (gap {answer['gap']:.3%})"
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


def _answer(text: str, seed: int) -> dict[str, Any]:
    # NumPy and SciPy are loaded where they are used, never with the list of commands.
    from matching.engine.groups.document import parse, written  # noqa: PLC0415
    from matching.engine.groups.solving import solve_groups  # noqa: PLC0415

    started = clock.stopwatch()
    # Millions of small lists hold no cycles, and looking for some doubles the time to read them.
    gc.disable()
    try:
        instance = parse(text)
    finally:
        gc.enable()
    answer = written(instance, solve_groups(instance, seed))
    return answer | {"seconds": round(clock.stopwatch() - started, 6)}
