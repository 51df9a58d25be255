"""Re-seal every private text under the newest key."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mentoring.ops import rotation


class Command(BaseCommand):
    """After a run without unreadable texts the older keys can be taken out of FIELD_KEYS."""

    help = (
        "Brings messages, concerns, wishes and diaries under the first of FIELD_KEYS. Safe while "
        "people write; stopped at any moment, the next run goes on where it was. Ends with 0 when "
        "nothing is left under an older key, with 1 when something is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON value")

    def handle(self, **options: Any) -> None:
        """Rotate, and say what was done."""
        done = rotation.rotate()
        left = rotation.old_text_remains()
        if options["json"]:
            told = {
                "renewed": done.renewed,
                "already_newest": done.newest,
                "saved_meanwhile": done.changed,
                "unreadable": done.unreadable,
                "tables": done.tables,
                "done": not left,
            }
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(
                f"{done.renewed} texts moved to the newest key, {done.newest} were there already."
            )
            if done.unreadable:
                self.stderr.write(
                    f"{done.unreadable} texts open with none of FIELD_KEYS: "
                    "put back the key they were written with, and run this again."
                )
            elif left:
                self.stderr.write("Some texts were saved meanwhile. Run this again.")
            else:
                self.stdout.write("The older keys can be taken out of FIELD_KEYS.")
        if left:
            raise SystemExit(1)
