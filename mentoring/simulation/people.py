"""People of a play: names, what they are interested in, when they have time. Pure; seeded."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from random import Random
from typing import Any

import yaml

from mentoring.simulation.plan.shares import counts, stream

NAMES: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("names.yaml").read_text(encoding="utf-8")
)
LANGUAGES_ABROAD = ("en", "de")
NATIVE = {"HU": "hu", "IN": "hi"}
FOREIGN_SHARE = 0.3
COLUMNS = (
    "email",
    "given_name",
    "family_name",
    "role",
    "year",
    "gender",
    "languages",
    "interests",
    "capacity",
    "student_number",
)


@dataclass(frozen=True)
class Person:
    """Somebody in the play, with what a roster says of her."""

    number: int
    role: str
    given_name: str
    family_name: str
    email: str
    class_year: int | None
    gender: str
    languages: tuple[str, ...]
    interests: tuple[str, ...]
    capacity: int | None
    student_number: str

    @property
    def is_student(self) -> bool:
        return self.role == "student"


@dataclass(frozen=True)
class Company:
    """What the play needs: so many people of each role, and the years they are in."""

    students: int
    mentors: dict[str, int]
    student_years: tuple[int, ...]
    mentor_years: tuple[int, ...]
    usual_capacity: int
    most_capacity: int
    country: str


def invent(company: Company, seed: int) -> list[Person]:
    """The people, students first, each numbered by her place in the list."""
    rng = stream(seed, "people")
    years = _years(company.student_years, company.students, rng)
    roles = [role for role, number in company.mentors.items() for _ in range(number)]
    mentor_years = _years(company.mentor_years, len(roles), rng)
    places = _places(company, len(roles), rng)
    seats: list[tuple[str, int | None, int | None]] = [("student", year, None) for year in years]
    seats += zip(roles, mentor_years, places, strict=True)
    return [
        _person(
            number=number,
            role=role,
            year=year,
            capacity=capacity,
            country=company.country,
            rng=rng,
        )
        for number, (role, year, capacity) in enumerate(seats)
    ]


def of(generation: str, person: Person) -> Person:
    """The same person under an address and a number of that generation; "" changes nothing."""
    if not generation:
        return person
    name, _, host = person.email.partition("@")
    number = person.student_number and f"T{generation}{person.student_number[1:]}"
    return replace(person, email=f"{name}.{generation}@{host}", student_number=number)


def split(total: int, weights: dict[str, float]) -> dict[str, int]:
    """People over roles, in the shape's proportions."""
    return dict(zip(weights, counts(list(weights.values()), total), strict=True))


def _years(years: Sequence[int], number: int, rng: Random) -> list[int | None]:
    if not years:
        return [None] * number
    even = counts([1.0] * len(years), number)
    result: list[int | None] = [
        year for year, size in zip(years, even, strict=True) for _ in range(size)
    ]
    rng.shuffle(result)
    return result


def _places(company: Company, mentors: int, rng: Random) -> list[int]:
    """Everyone takes the usual number; where that is too few, some take more, up to the most."""
    places = [company.usual_capacity] * mentors
    short = company.students - sum(places)
    while short > 0 and any(place < company.most_capacity for place in places):
        open_ = [index for index, place in enumerate(places) if place < company.most_capacity]
        for index in rng.sample(open_, min(short, len(open_))):
            places[index] += 1
            short -= 1
    return places


def _person(
    *, number: int, role: str, year: int | None, capacity: int | None, country: str, rng: Random
) -> Person:
    foreign = country not in NATIVE or rng.random() < FOREIGN_SHARE
    names = NAMES["abroad" if foreign else country]
    woman = rng.random() < 0.6
    given = rng.choice(names["women" if woman else "men"])
    family = rng.choice(names["families"])
    native = rng.choice(LANGUAGES_ABROAD) if foreign else NATIVE[country]
    languages = tuple(dict.fromkeys([native, "en"]))
    side = "students" if role == "student" else "mentors"
    return Person(
        number=number,
        role=role,
        given_name=given,
        family_name=family,
        email=f"{_plain(given)}.{_plain(family)}.{number:04}@{side}.example.edu",
        class_year=year,
        gender="female" if woman else "male",
        languages=languages,
        interests=tuple(sorted(rng.sample(NAMES["interests"], rng.randint(2, 4)))),
        capacity=capacity,
        student_number=f"S{100000 + number}" if role == "student" else "",
    )


def _plain(name: str) -> str:
    """A name as it stands in an address."""
    letters = unicodedata.normalize("NFKD", name.replace("ı", "i"))
    return "".join(c for c in letters if c.isascii() and c.isalnum()).lower()


def roster(people: Sequence[Person]) -> bytes:
    """The people as a file that a coordinator would import."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for person in people:
        writer.writerow(
            [
                person.email,
                person.given_name,
                person.family_name,
                person.role.replace("_", " "),
                person.class_year or "",
                person.gender,
                ";".join(person.languages),
                ";".join(person.interests),
                "" if person.capacity is None else person.capacity,
                person.student_number,
            ]
        )
    return out.getvalue().encode()


@dataclass(frozen=True)
class Opening:
    """Bookable hours on one weekday."""

    weekday: int
    starts: time
    ends: time


# At least one of these days lies in any five days in a row, so that no wish to meet starves.
PATTERNS = ((0, 2, 4), (1, 3), (0, 1, 3), (1, 2, 4), (0, 3, 5))


def hours(seed: int, mentor: int) -> list[Opening]:
    """A mentor's bookable week: afternoons after the ward, mostly."""
    rng = stream(seed, "hours", mentor)
    return [
        Opening(day, time(start), time(start + rng.choice((2, 3))))
        for day in rng.choice(PATTERNS)
        for start in [rng.choice((14, 15, 16, 17))]
    ]
