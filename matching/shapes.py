"""What matching asks of a program's shapes: who belongs where, and how many fit in."""

from collections.abc import Iterable, Mapping
from typing import Any

from mentoring.accounts.permissions import Role
from programs.spec import ProgramSpec, Shape
from programs.spec.base import MENTORING_ROLES


def described(spec: ProgramSpec) -> list[dict[str, Any]]:
    """Every shape as plain data, ready to be kept with a run.

    ``least`` and ``most`` students of one group (0: no limit), ``per_class`` the most of each
    class year, ``alike`` in what the students of one group are the same, ``seats`` the mentoring
    people of one group, ``unit`` what a capacity counts.
    """
    return [_shape(spec, shape) for shape in spec.shapes]


def grouped(shape: Mapping[str, Any]) -> bool:
    """Whether its students are formed into groups: with a team, or of so many students each.

    Where a capacity counts students, a mentor alone has as many as she takes: what is sought then
    is who they are, and no size.
    """
    if shape["team"]:
        return True
    sized = shape["unit"] == "groups" or (shape["per_class"] and shape["unit"] == "students")
    return bool(shape["most"] != 1 and sized)


def in_teams(shape: Mapping[str, Any]) -> bool:
    """Whether its places are those of groups, and not of mentors who have several groups each."""
    return bool(shape["team"] or (grouped(shape) and shape["per_class"]))


def _shape(spec: ProgramSpec, shape: Shape) -> dict[str, Any]:
    students = [seat for seat in shape.seats if seat.role == "student"]
    people = shape.people(Role.STUDENT)
    per_class = {
        str(year): int(span.max or span.min or 0)
        for seat in students
        for year, span in seat.per_class.items()
    }
    seats = _seats(shape)
    held_by = next((part for part in spec.containers if part.slug == shape.container), None)
    return {
        "slug": shape.slug,
        "years": [y for y in shape.class_years(Role.STUDENT) if y not in spec.paused_class_years],
        "least": max(1, int(people.min or 1)) if people else 1,
        "most": int(people.max or 0) if people else 0,
        "per_class": per_class,
        "seats": seats,
        "unit": unit(spec, shape),
        "team": sum(seat["most"] for seat in seats) > 1,
        "within": sorted(str(s.role) for s in shape.seats if s.within == "student"),
        "unlike": spec.matching.mentors_unlike,
        "alike": list(shape.alike),
        "container": held_by.title if held_by else "",
        "containers": int(held_by.count.max or 1) if held_by and held_by.count else 1,
    }


def _seats(shape: Shape) -> list[dict[str, Any]]:
    """Mentoring people of one group by role; one where the program does not say how many."""
    found: dict[str, dict[str, Any]] = {}
    for seat in shape.seats:
        if seat.role not in MENTORING_ROLES:
            continue
        span = seat.people
        least = int(span.min if span and span.min is not None else 1)
        most = int(span.max) if span and span.max else max(1, least)
        one = found.setdefault(seat.role, {"role": str(seat.role), "least": 0, "most": 0})
        one["least"] += least
        one["most"] += most
    return list(found.values())


def unit(spec: ProgramSpec, shape: Shape) -> str:
    """What one mentor's capacity counts in this shape: students, groups, students_per_class."""
    stated = [spec.capacity(seat.role).unit for seat in shape.seats if seat.role in MENTORING_ROLES]
    return next((found for found in stated if found != "students"), "students")


def belongs(shapes: Iterable[dict[str, Any]], spec: ProgramSpec, year: int | None) -> list[str]:
    """The shapes a student of that class year has a place in.

    A program with one shape takes whoever is on its list, but for a class year that pauses.
    """
    if year is not None and year in spec.paused_class_years:
        return []
    listed = list(shapes)
    if len(listed) == 1 and not listed[0]["per_class"]:
        return [listed[0]["slug"]]
    return [shape["slug"] for shape in listed if not shape["years"] or year in shape["years"]]


def the_shape(spec: ProgramSpec, *, year: int | None, mentor_role: str) -> Shape:
    """The shape that joins a student of that year and a mentor of that role; else the first."""
    listed = described(spec)
    hers = set(belongs(listed, spec, year))
    fitting = [s["slug"] for s in listed if mentor_role in {seat["role"] for seat in s["seats"]}]
    for slug in [*(slug for slug in fitting if slug in hers), *fitting]:
        return spec.shape(slug)
    return spec.shapes[0]
