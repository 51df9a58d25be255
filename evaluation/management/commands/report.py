"""`manage.py report COHORT`: the figures of a cohort as of a date."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluation.reports import figures, presenters
from evaluation.reports.models import Report
from mentoring.errors import DomainError
from mentoring.paper import Paper
from programs.management.commands.open_cohort import day
from programs.models import Cohort


class Command(BaseCommand):
    help = "Print the figures of a cohort as of a date; nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cohort", help="the cohort's key")
        parser.add_argument("--as-of", type=day, help="a day, such as 2022-06-12; else today")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="print one JSON object")
        form.add_argument("--pdf", type=Path, metavar="FILE", help="write the report as PDF")
        parser.add_argument("--paper", choices=Paper.values, default=Paper.A4.value)

    def handle(self, *_: Any, **options: Any) -> None:
        cohort = Cohort.objects.select_related("program").filter(key=options["cohort"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort {options['cohort']!r}.", returncode=2)
        found = figures.collect(cohort, options["as_of"])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        elif options["pdf"]:
            self._print(cohort, found, options["pdf"], options["paper"])
        else:
            self._tell(found)

    def _print(self, cohort: Cohort, found: figures.Figures, file: Path, paper: str) -> None:
        from evaluation.reports import pdf  # noqa: PLC0415 (loads WeasyPrint)

        report = Report(
            cohort=cohort,
            as_of=date.fromisoformat(found["as_of"]),
            definitions=found["definitions"],
            figures=found,
        )
        try:
            file.write_bytes(pdf.render(report, paper))
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stderr.write(f"Wrote {file}.")

    def _tell(self, found: figures.Figures) -> None:
        self.stdout.write(f"As of {found['as_of']}")
        for section in presenters.sections(found):
            self.stdout.write(f"\n{section.title}")
            if section.withheld:
                self.stdout.write(f"  {section.withheld}")
            elif not section.blocks:
                self.stdout.write(f"  {section.empty}")
            for block in section.blocks:
                title = f"{block.about}: {block.title}" if block.about else block.title
                self.stdout.write(f"  {title}: {block.text} {block.detail}".rstrip(": "))
                for label, text in [*block.rows, *([block.total] if block.total else [])]:
                    self.stdout.write(f"    {label}: {text}")
