"""Import a roster file into a cohort."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand

from programs.models import Cohort
from programs.roster import ENCODINGS, NotATableError, read
from programs.services import rosters
from programs.services.roster_plan import Outcome

PARTLY, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Import a roster (CSV) into a cohort. Exit status: 0 all rows are in, 1 some were "
        "rejected and the others are in, 2 nothing could be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cohort", help="the cohort's key")
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument(
            "--encoding", default="", choices=list(ENCODINGS), help="how the file is written"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.json = options["json"]
        cohort = Cohort.objects.filter(key=options["cohort"]).first()
        if cohort is None:
            self.fail(f"There is no cohort with the key {options['cohort']!r}.")
        try:
            content = self.content(options["file"])
            roster = read(content, encoding=options["encoding"], country=cohort.country)
        except NotATableError as error:
            self.fail(str(error))
        if options["dry_run"]:
            outcome = rosters.dry_run(cohort=cohort, roster=roster)
        else:
            outcome = rosters.import_roster(
                cohort=cohort, roster=roster, by=None, progress=self.progress
            )
        self.report(outcome)
        if outcome.rejected:
            raise SystemExit(PARTLY)

    def content(self, path: Path) -> bytes:
        """The file's bytes, refused when it is none or too large."""
        try:
            if path.stat().st_size > settings.ROSTER_MAX_BYTES:
                limit = settings.ROSTER_MAX_BYTES // (1024 * 1024)
                self.fail(f"The file is larger than {limit} MB.")
            return path.read_bytes()
        except OSError as error:
            self.fail(f"The file {str(path)!r} cannot be read: {error.strerror}.")

    def fail(self, message: str) -> NoReturn:
        """Say why nothing was done, and end."""
        if self.json:
            self.stdout.write(json.dumps({"error": message}, ensure_ascii=False))
        else:
            self.stderr.write(self.style.ERROR(message))
        raise SystemExit(UNREADABLE)

    def progress(self, done: int, total: int) -> None:
        """A line that counts, for whoever watches a terminal."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {total}", ending="\n" if done == total else "")

    def report(self, outcome: Outcome) -> None:
        """What was done, and every problem by line."""
        if self.json:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
            return
        self.stdout.write(
            f"{outcome.read} rows read: {outcome.created} created, {outcome.updated} updated, "
            f"{outcome.unchanged} unchanged, {len(outcome.rejected)} rejected."
        )
        for title, remarks in (("Rejected", outcome.rejected), ("Warning", outcome.warnings)):
            for remark in remarks:
                what = " ".join(part for part in (remark.field, repr(remark.value)) if part)
                self.stdout.write(f"{title}, line {remark.row}: {what}: {remark.problem}")
