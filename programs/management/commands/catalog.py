"""List the templates, write one as a file, check a file, or print the table of all of them."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from programs.spec import ProgramSpec, catalog
from programs.spec.catalog import Broken
from programs.spec.writing import dump


class Command(BaseCommand):
    help = (
        "List the program templates that a cohort can be opened from; or export one, or a "
        "cohort's program, as a YAML file; or check such a file."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON value")
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--export",
            metavar="NAME",
            help="print a template, a program of the school, or a cohort's (by its key)",
        )
        what.add_argument(
            "--check",
            metavar="FILE",
            type=Path,
            help="say what is wrong with a file; exit 1 if it is",
        )
        what.add_argument(
            "--markdown", action="store_true", help="print docs/programs.md (see `make docs`)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["export"]:
            self._export(options["export"], as_json=options["json"])
        elif options["check"]:
            self._check(options["check"], as_json=options["json"])
        elif options["markdown"]:
            from programs.presenters.published import page  # noqa: PLC0415 (slow to import)

            self.stdout.write(page(), ending="")
        else:
            self._list(as_json=options["json"])

    def _list(self, *, as_json: bool) -> None:
        specs, broken = catalog.templates(), catalog.broken()
        if as_json:
            self._print([catalog.entry(spec) for spec in specs])
        else:
            for spec in specs:
                self.stdout.write(f"{spec.slug:<14} {spec.model} ({spec.school})")
        self._tell(broken)

    def _export(self, name: str, *, as_json: bool) -> None:
        spec = _named(name)
        if spec is None:
            known = ", ".join(catalog.slugs())
            text = f"There is no program or cohort {name!r}. The templates are: {known}."
            if as_json:
                self._print({"error": text})
            else:
                self.stderr.write(self.style.ERROR(text))
            raise SystemExit(2)
        if as_json:
            self._print(spec.document)
        else:
            self.stdout.write(dump(spec), ending="")

    def _check(self, file: Path, *, as_json: bool) -> None:
        read = catalog.read_file(file)
        problems = read.problems if isinstance(read, Broken) else ()
        if as_json:
            found = [{"path": p.path, "value": p.value, "problem": p.problem} for p in problems]
            self._print({"file": str(file), "problems": found})
        elif isinstance(read, Broken):
            for line in read.lines:
                self.stdout.write(line)
        else:
            self.stdout.write(f"{file}: is a program ({read.title}).")
        if isinstance(read, ProgramSpec) and read.slug in catalog.shipped():
            self.stderr.write(
                f"{file}: slug: a template of the product has this name; choose another before "
                f"the file goes into CATALOG_DIR (it is {read.slug!r})"
            )
        if problems:
            raise SystemExit(1)

    def _tell(self, broken: Iterable[Broken]) -> None:
        for file in broken:
            for line in file.lines:
                self.stderr.write(self.style.WARNING(line))

    def _print(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _named(name: str) -> ProgramSpec | None:
    """What the template or the school's program of that name says, or the cohort of that key."""
    if name in catalog.slugs():
        return catalog.spec(name)
    # Templates need no database, and so no models.
    from programs.models import Cohort  # noqa: PLC0415
    from programs.services.opening import find  # noqa: PLC0415

    try:
        return find(name)
    except KeyError:
        cohort = Cohort.objects.filter(key=name).first()
        return cohort.spec if cohort is not None else None
