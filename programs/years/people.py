"""What becomes of everybody when the year changes: proposed by the program, chosen by people.

A few queries for a cohort of any size; the rest is arithmetic on plain rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any

from django.db.models.functions import Coalesce

from mentoring import ports
from mentoring.accounts.permissions import MENTOR_ROLES, PARTICIPANT_ROLES, Role
from programs import queries
from programs.models import (
    Cohort,
    Enrollment,
    EnrollmentYear,
    Passage,
    RollOver,
    StayAnswer,
)
from programs.spec import ProgramSpec
from programs.years.plan import spec_of

F = Passage.Fate
S = Enrollment.State
GOING = (F.UP, F.STAYS, F.REPEATS, F.PAUSES, F.INTERCALATES)
"""Those who have a place in the new year."""
GONE = (F.COMPLETES, F.LEAVES)
HIGHEST_CLASS = 10
STATUS = {
    F.REPEATS: EnrollmentYear.Status.REPEATING,
    F.PAUSES: EnrollmentYear.Status.PAUSED,
    F.INTERCALATES: EnrollmentYear.Status.INTERCALATING,
}


@dataclass(frozen=True, slots=True)
class Traveler:
    """One person's place on its way into the next year."""

    enrollment: int
    key: str
    person: int
    name: str
    email: str
    role: str
    state: str
    places: int
    class_before: int | None
    proposed: str
    fate: str
    answer: str
    places_next: int

    @property
    def class_after(self) -> int | None:
        """The class year in the new academic year; none for those who leave."""
        if self.fate not in GOING or self.class_before is None:
            return None
        return self.class_before + 1 if self.fate == F.UP else self.class_before

    @property
    def choices(self) -> list[str]:
        """What can become of this place."""
        found = [F.COMPLETES, F.LEAVES] if self.state == S.ACTIVE else [F.LEAVES]
        if self.class_before is None:
            return [F.STAYS, *found]
        up = [F.UP] if self.class_before < HIGHEST_CLASS else []
        if self.role == Role.STUDENT:
            return [*up, F.REPEATS, F.PAUSES, F.INTERCALATES, *found]
        return [*up, F.STAYS, *found]


class Travelers:
    """Everybody who takes part, with what becomes of each; read once."""

    def __init__(self, roll_over: RollOver) -> None:
        self.roll_over = roll_over
        self.cohort: Cohort = roll_over.cohort
        self.spec: ProgramSpec = spec_of(roll_over)

    @cached_property
    def rows(self) -> list[Traveler]:
        """Everybody by name: students, then those who mentor."""
        listed = list(self._listed())
        years = queries.class_years(self.cohort)
        students = {
            row["person_id"]: years.get(row["pk"]) for row in listed if row["role"] == Role.STUDENT
        }
        chosen, answers = self._chosen(), self._answers()
        over = self._over()
        proposed: dict[int, str] = {}
        ends: set[int] = set()
        for row in listed:
            if row["role"] == Role.STUDENT:
                fate = self._of_student(row, years.get(row["pk"]))
                proposed[row["pk"]] = fate
                if chosen.get(row["pk"], fate) in GONE:
                    ends.add(row["person_id"])
        found = []
        for row in listed:
            pk = row["pk"]
            year = years.get(pk)
            answer, places = answers.get(pk, ("", None))
            if row["role"] != Role.STUDENT:
                near = year if year is not None else students.get(row["person_id"])
                graduated = row["role"] == Role.JUNIOR_MENTOR and row["person_id"] in ends
                proposed[pk] = self._of_mentor(row, near, answer, over=graduated or pk in over)
                if year is None and proposed[pk] == F.UP:
                    proposed[pk] = F.STAYS
            found.append(
                _traveler(
                    row,
                    year,
                    proposed=proposed[pk],
                    chosen=chosen.get(pk),
                    answer=answer,
                    places=places,
                )
            )
        return found

    def by_enrollment(self) -> dict[int, Traveler]:
        return {row.enrollment: row for row in self.rows}

    def counts(self) -> Counter[str]:
        """How many of each fate."""
        return Counter(row.fate for row in self.rows)

    def _listed(self) -> Iterable[dict[str, Any]]:
        rows = Enrollment.objects.filter(
            cohort=self.cohort, role__in=list(PARTICIPANT_ROLES), state__in=Enrollment.PRESENT
        ).annotate(since=Coalesce("activated_at", "accepted_at", "created_at"))
        names = ("person__family_name", "person__given_name", "person__email")
        fields = ("pk", "key", "person_id", "role", "state", "capacity", "since", *names)
        found = list(rows.order_by(*names, "pk").values(*fields))
        return sorted(found, key=lambda row: row["role"] != Role.STUDENT)

    def _chosen(self) -> dict[int, str]:
        if not self.roll_over.is_kept:
            return {}
        rows = self.roll_over.passages.filter(chosen=True)
        return dict(rows.values_list("enrollment_id", "fate"))

    def _answers(self) -> dict[int, tuple[str, int | None]]:
        if not self.roll_over.is_kept:
            return {}
        rows = self.roll_over.questions.values_list("enrollment_id", "answer", "places")
        return {pk: (answer, places) for pk, answer, places in rows}

    def _over(self) -> set[int]:
        """Juniors whose time in their groups is over by the program."""
        return {pk for found in ports.YEAR_TIMES_UP.ask(self.roll_over) for pk in found}

    def _of_student(self, row: Mapping[str, Any], year: int | None) -> str:
        through = self._is_last(Role.STUDENT, year)
        if through is None and self.spec.duration.kind == "fixed":
            through = self._served(row) >= ceil(self.spec.years)
        if through or (year is not None and year >= HIGHEST_CLASS):
            return F.COMPLETES if row["state"] == S.ACTIVE else F.LEAVES
        return F.UP if year is not None else F.STAYS

    def _of_mentor(
        self, row: Mapping[str, Any], year: int | None, answer: str, *, over: bool
    ) -> str:
        if over or answer == StayAnswer.NO or self._is_last(row["role"], year):
            return F.COMPLETES if row["state"] == S.ACTIVE else F.LEAVES
        return F.UP if year is not None and year < HIGHEST_CLASS else F.STAYS

    def _is_last(self, role: str, year: int | None) -> bool | None:
        """Whether that class year is the last of the role; ``None`` where nobody can say."""
        years = self.spec.class_years(role)
        if role == Role.STUDENT:
            years = (*years, *self.spec.paused_class_years) if years else self._of_degree()
        return None if year is None or not years else year >= max(years)

    def _of_degree(self) -> tuple[int, ...]:
        """The last class year of a degree whose length is said, where no class years are."""
        length = self.spec.duration.years if self.spec.duration.kind == "degree" else None
        return (ceil(length),) if length is not None else ()

    def _served(self, row: Mapping[str, Any]) -> int:
        """In how many of the cohort's years somebody took part, this one included."""
        since = row["since"].astimezone(self.cohort.zone).date()
        return sum(edition.ends >= since for edition in self.cohort.years) or 1


def _traveler(
    row: Mapping[str, Any],
    year: int | None,
    *,
    proposed: str,
    chosen: str | None,
    answer: str,
    places: int | None,
) -> Traveler:
    name = f"{row['person__given_name']} {row['person__family_name']}".strip()
    return Traveler(
        enrollment=row["pk"],
        key=row["key"],
        person=row["person_id"],
        name=name or row["person__email"],
        email=row["person__email"],
        role=row["role"],
        state=row["state"],
        places=row["capacity"],
        class_before=year,
        proposed=proposed,
        fate=chosen or proposed,
        answer=answer,
        places_next=row["capacity"] if places is None else places,
    )


def mentors_to_ask(roll_over: RollOver, travelers: Travelers) -> list[Traveler]:
    """Those who mentor, would go on, and were not asked yet."""
    asked = (
        set()
        if not roll_over.is_kept
        else set(roll_over.questions.values_list("enrollment_id", flat=True))
    )
    return [
        row
        for row in travelers.rows
        if row.role in MENTOR_ROLES and row.fate in GOING and row.enrollment not in asked
    ]
