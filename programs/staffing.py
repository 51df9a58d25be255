"""Whom a cohort still needs: read from its people, in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Cohort, Enrollment, EnrollmentYear
from programs.spec import ProgramSpec
from programs.spec.staffing import ShapeNeed, staffing, students_each

S = Enrollment.State
# On the list, with or without an answer.
EXPECTED = (S.INVITED, S.APPLIED, S.WAITLISTED, S.ACCEPTED, S.ACTIVE)
TRAITS = ("campus", "languages", "interests", "track")


@dataclass(frozen=True)
class Answers:
    """How the people of one role have answered so far."""

    role: str
    said_yes: int
    to_decide: int
    silent: int
    said_no: int


@dataclass(frozen=True)
class Gap:
    """One campus, language or field: students on the list with it, and mentors who said yes."""

    value: str
    students: int
    mentors: int
    places: int

    @property
    def short(self) -> int:
        """Students beyond the places of mentors who share it."""
        return max(0, self.students - self.places)


@dataclass(frozen=True)
class Staffing:
    """What the page shows."""

    needs: list[ShapeNeed]
    answers: list[Answers]
    gaps: dict[str, list[Gap]]
    expected: int


def of_cohort(cohort: Cohort, *, students: int | None = None) -> Staffing:
    """Needs of everyone on the list, or of so many ``students`` spread over the years as they are.

    Supply is those who said yes; gaps count everyone on the list, because who is still silent is
    expected too.
    """
    spec, rows = cohort.planned_spec, _rows(cohort)
    years = Counter(row["year"] for row in rows if _expected_student(row))
    supply: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row["role"] in MENTOR_ROLES and row["state"] in Enrollment.PRESENT:
            supply[row["role"]].append(row["capacity"])
    expected = sum(years.values())
    if students is not None:
        years = _scaled(years, students, spec.class_years(Role.STUDENT))
    return Staffing(
        needs=staffing(spec, years, supply),
        answers=_answers(spec, rows),
        gaps={name: found for name in TRAITS if (found := _gaps(spec, rows, name))},
        expected=expected,
    )


def places(cohort: Cohort) -> tuple[int, int, int]:
    """Students who said yes, those of them in a class year with a group, and places for these."""
    spec, rows = cohort.planned_spec, _rows(cohort)
    present = [row for row in rows if row["state"] in Enrollment.PRESENT]
    years = Counter(row["year"] for row in present if row["role"] == Role.STUDENT)
    supply: dict[str, list[int]] = defaultdict(list)
    for row in present:
        if row["role"] in MENTOR_ROLES:
            supply[row["role"]].append(row["capacity"])
    needs = staffing(spec, years, supply)
    placed = sum(min(need.places, need.students) for need in needs)
    total = sum(need.places for need in needs)
    asked = sum(need.students for need in needs)
    return asked, asked - placed, total


def _rows(cohort: Cohort) -> list[dict[str, Any]]:
    year = EnrollmentYear.objects.filter(
        enrollment=OuterRef("pk"), academic_year__lte=cohort.planned.starts.year
    ).order_by("-academic_year")
    # Those in reserve give no places: they stand in when a mentor is away.
    found = Enrollment.objects.filter(
        cohort=cohort, role__in=[Role.STUDENT, *MENTOR_ROLES], reserve=False
    ).annotate(year=Subquery(year.values("class_year")[:1]))
    return list(found.order_by("pk").values("role", "state", "capacity", "year", *TRAITS))


def _expected_student(row: Mapping[str, Any]) -> bool:
    return row["role"] == Role.STUDENT and row["state"] in EXPECTED


def _scaled(
    years: Counter[int | None], total: int, of_program: Iterable[int]
) -> Counter[int | None]:
    """So many students in the proportions there are; evenly over the program's years if none."""
    shares: Counter[int | None] = Counter(years) or Counter(dict.fromkeys(of_program, 1))
    if not shares:
        return Counter({None: total})
    whole = sum(shares.values())
    found: Counter[int | None] = Counter({y: total * n // whole for y, n in shares.items()})
    rest = sorted(shares, key=lambda y: (-(total * shares[y] % whole), str(y)))
    for year in rest[: total - sum(found.values())]:
        found[year] += 1
    return found


def _answers(spec: ProgramSpec, rows: Iterable[Mapping[str, Any]]) -> list[Answers]:
    table: Counter[tuple[str, str]] = Counter((row["role"], row["state"]) for row in rows)
    roles = [role for role in spec.roles if role == Role.STUDENT or role in MENTOR_ROLES]
    listed = [str(role) for role in (*MENTOR_ROLES, Role.STUDENT)]
    others = [role for role in listed if role not in roles and any(r == role for r, _s in table)]
    return [
        Answers(
            role=str(role),
            said_yes=table[role, S.ACCEPTED] + table[role, S.ACTIVE],
            to_decide=table[role, S.APPLIED] + table[role, S.WAITLISTED],
            silent=table[role, S.INVITED],
            said_no=table[role, S.DECLINED] + table[role, S.WITHDRAWN],
        )
        for role in [*roles, *others]
    ]


def _gaps(spec: ProgramSpec, rows: Iterable[Mapping[str, Any]], name: str) -> list[Gap]:
    """By value, the greatest lack first. Who leads a group shares it with all in it."""
    each = {str(role): students_each(spec, role) for role in MENTOR_ROLES}
    students: Counter[str] = Counter()
    mentors: Counter[str] = Counter()
    room: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for row in rows:
        held = row[name] if isinstance(row[name], list) else [row[name]]
        for value in {str(one).strip().casefold(): str(one).strip() for one in held if one}.items():
            key = value[0]
            spelled.setdefault(key, value[1])
            if _expected_student(row):
                students[key] += 1
            elif row["role"] in MENTOR_ROLES and row["state"] in Enrollment.PRESENT:
                mentors[key] += 1
                room[key] += row["capacity"] * each[row["role"]]
    found = [Gap(spelled[k], students[k], mentors[k], room[k]) for k in spelled]
    return sorted(found, key=lambda gap: (-gap.short, -gap.students, gap.value.casefold()))
