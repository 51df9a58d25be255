"""What an import will write, and the writing of it, in bulk."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from programs.models import Cohort, Enrollment, EnrollmentYear, RosterChange, RosterImport
from programs.roster import Entry, Remark

CHUNK = 500
PLAIN = ("campus", "track", "gender", "languages", "interests", "capacity", "student_number")
T = TypeVar("T")


def in_chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows, some hundred at a time."""
    pending = iter(rows)
    while chunk := list(islice(pending, CHUNK)):
        yield chunk


@dataclass
class Outcome:
    """What an import did, or would do."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """In the shape of `import_roster --json`."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [remark.as_json() for remark in self.rejected],
            "warnings": [remark.as_json() for remark in self.warnings],
        }

    def without_people(self) -> dict[str, Any]:
        """What is kept of it: line numbers and problems, but no cell that says who somebody is.

        The coordinator has her file; here nobody could find the lines of a person to erase.
        """
        report = self.as_json()
        for remark in [*report["rejected"], *report["warnings"]]:
            if remark["field"] not in {"role", "year", *PLAIN} - {"student_number"}:
                remark["value"] = None
        return report


@dataclass
class Plan:
    """The rows to write: what is new, and which facts of which places change to what."""

    outcome: Outcome
    create: list[tuple[Enrollment, Entry]] = field(default_factory=list)
    update: list[tuple[Enrollment, dict[str, Any]]] = field(default_factory=list)


def write(
    cohort: Cohort,
    plan: Plan,
    record: RosterImport | None,
    new_people: set[str],
    progress: Callable[[int], None],
) -> None:
    """Write a plan; with ``record`` also what each row was before."""
    academic_year = cohort.planned.starts.year
    changes: list[RosterChange] = []
    done = 0
    for chunk in in_chunks(plan.create):
        changes += _create(academic_year, chunk, record, new_people)
        progress(done := done + len(chunk))
    # Rows are locked in the order of their ids, as everywhere.
    for updates in in_chunks(sorted(plan.update, key=lambda update: update[0].pk)):
        changes += _update(academic_year, updates, record)
        progress(done := done + len(updates))
    if record is not None:
        RosterChange.objects.bulk_create(changes, batch_size=CHUNK)


def _create(
    academic_year: int,
    chunk: list[tuple[Enrollment, Entry]],
    record: RosterImport | None,
    new_people: set[str],
) -> Iterator[RosterChange]:
    rows = Enrollment.objects.bulk_create([row for row, _entry in chunk])
    entries = [entry for _unsaved, entry in chunk]
    _set_years(academic_year, ((r.pk, e.year) for r, e in zip(rows, entries, strict=True)))
    for row, entry in zip(rows, entries, strict=True):
        yield RosterChange(
            roster_import=record,
            enrollment=row,
            created=True,
            created_person=entry.email in new_people,
        )


def _update(
    academic_year: int,
    updates: list[tuple[Enrollment, dict[str, Any]]],
    record: RosterImport | None,
) -> Iterator[RosterChange]:
    """Write what the file says and nothing else: people edit their profiles while it is read."""
    ids = [row.pk for row, _after in updates]
    locked = Enrollment.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    rows = {row.pk: row for row in locked}
    years = dict(
        EnrollmentYear.objects.filter(enrollment__in=ids, academic_year=academic_year).values_list(
            "enrollment_id", "class_year"
        )
    )
    by_fields: dict[tuple[str, ...], list[Enrollment]] = {}
    for stale, after in updates:
        row = rows[stale.pk]
        fields = tuple(name for name in after if name != "year")
        before = {name: getattr(row, name) for name in fields}
        if "year" in after:
            before["year"] = years.get(row.pk)
        for name in fields:
            setattr(row, name, after[name])
        if fields:
            by_fields.setdefault(fields, []).append(row)
        yield RosterChange(
            roster_import=record, enrollment=row, created=False, before=before, after=after
        )
    for fields, changed in by_fields.items():
        # An insert that meets its own rows: far faster than an UPDATE with a CASE per row.
        Enrollment.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["cohort", "person", "role"],
            update_fields=fields,
        )
    _set_years(academic_year, ((row.pk, after.get("year")) for row, after in updates))


def _set_years(academic_year: int, years: Iterable[tuple[int, int | None]]) -> None:
    EnrollmentYear.objects.bulk_create(
        [
            EnrollmentYear(enrollment_id=pk, academic_year=academic_year, class_year=year)
            for pk, year in years
            if year is not None
        ],
        update_conflicts=True,
        unique_fields=["enrollment", "academic_year"],
        update_fields=["class_year"],
    )
