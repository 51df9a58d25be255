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


@dataclass
class Plan:
    """The rows to write: what is new, what changes, and what was there before."""

    outcome: Outcome
    create: list[tuple[Enrollment, Entry]] = field(default_factory=list)
    update: list[tuple[Enrollment, dict[str, Any]]] = field(default_factory=list)
    years: list[EnrollmentYear] = field(default_factory=list)
    changed_years: list[EnrollmentYear] = field(default_factory=list)


def write(
    cohort: Cohort,
    plan: Plan,
    record: RosterImport | None,
    new_people: set[str],
    progress: Callable[[int], None],
) -> None:
    """Write a plan; with ``record`` also what each row was before."""
    changes: list[RosterChange] = []
    done = 0
    for chunk in in_chunks(plan.create):
        changes += _create(cohort.edition.starts.year, plan, chunk, record, new_people)
        progress(done := done + len(chunk))
    for updates in in_chunks(plan.update):
        changes += _update(updates, record)
        progress(done := done + len(updates))
    EnrollmentYear.objects.bulk_create(plan.years, batch_size=CHUNK)
    EnrollmentYear.objects.bulk_create(
        plan.changed_years,
        update_conflicts=True,
        unique_fields=["enrollment", "academic_year"],
        update_fields=["class_year"],
        batch_size=CHUNK,
    )
    if record is not None:
        RosterChange.objects.bulk_create(changes, batch_size=CHUNK)


def _create(
    academic_year: int,
    plan: Plan,
    chunk: list[tuple[Enrollment, Entry]],
    record: RosterImport | None,
    new_people: set[str],
) -> Iterator[RosterChange]:
    rows = Enrollment.objects.bulk_create([row for row, _entry in chunk])
    for row, (_unsaved, entry) in zip(rows, chunk, strict=True):
        if entry.year is not None:
            plan.years.append(
                EnrollmentYear(enrollment=row, academic_year=academic_year, class_year=entry.year)
            )
        yield RosterChange(
            roster_import=record,
            enrollment=row,
            created=True,
            created_person=entry.email in new_people,
        )


def _update(
    updates: list[tuple[Enrollment, dict[str, Any]]], record: RosterImport | None
) -> Iterator[RosterChange]:
    # An insert that meets its own rows: far faster than an UPDATE with a CASE per row.
    Enrollment.objects.bulk_create(
        [row for row, _before in updates],
        update_conflicts=True,
        unique_fields=["cohort", "person", "role"],
        update_fields=PLAIN,
    )
    for row, before in updates:
        yield RosterChange(roster_import=record, enrollment=row, created=False, before=before)
