"""Which column is which: common English spellings, and an explicit choice where given."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FIELDS = (
    "email",
    "given_name",
    "family_name",
    "role",
    "year",
    "campus",
    "track",
    "gender",
    "languages",
    "interests",
    "capacity",
    "student_number",
)
REQUIRED = FIELDS[:4]

SPELLINGS: dict[str, tuple[str, ...]] = {
    "email": (
        "email",
        "e mail",
        "mail",
        "email address",
        "e mail address",
        "mail address",
        "emailaddress",
        "university email",
        "student email",
        "contact email",
    ),
    "given_name": (
        "given name",
        "givenname",
        "first name",
        "firstname",
        "forename",
        "fore name",
        "given names",
        "first names",
        "given",
        "first",
    ),
    "family_name": (
        "family name",
        "familyname",
        "last name",
        "lastname",
        "surname",
        "sur name",
        "family names",
        "last names",
        "family",
        "last",
    ),
    "role": ("role", "roles", "participant role", "participant type", "user role"),
    "year": (
        "year",
        "class year",
        "study year",
        "year of study",
        "year of studies",
        "academic year",
        "year level",
        "current year",
    ),
    "campus": ("campus", "site", "location", "teaching site"),
    "track": (
        "track",
        "degree",
        "degree program",
        "degree programme",
        "study program",
        "study programme",
        "program",
        "programme",
        "course of study",
    ),
    "gender": ("gender", "sex"),
    "languages": ("languages", "language", "spoken languages", "languages spoken", "lang"),
    "interests": ("interests", "interest", "topics", "areas of interest", "specialties"),
    "capacity": (
        "capacity",
        "places",
        "max mentees",
        "max students",
        "maximum mentees",
        "maximum students",
        "number of mentees",
        "number of students",
    ),
    "student_number": (
        "student number",
        "studentnumber",
        "student no",
        "student id",
        "studentid",
        "matriculation number",
        "matriculation no",
        "registration number",
        "id number",
    ),
}
_KNOWN = {spelling: field for field, spellings in SPELLINGS.items() for spelling in spellings}


@dataclass(frozen=True)
class Columns:
    """Which field stands in which column, and the columns nobody asked for."""

    places: dict[str, int]
    unread: list[str]
    missing: list[str]
    doubled: list[str]


def normal(header: str) -> str:
    """A header as it is compared: lower case, one space between words, no other signs."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.sub(r"[\W_]+", " ", spaced.casefold()).split())


def guess(header: str) -> str | None:
    """The field a header names, as far as we know its spelling."""
    plain = normal(header)
    return _KNOWN.get(plain) or _KNOWN.get(plain.replace(" ", ""))


def recognized(headers: Sequence[str]) -> set[str]:
    """The fields that a line of headers names."""
    return {field for field in map(guess, headers) if field}


def assign(headers: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """Assign columns to fields: by spelling, or as ``mapping`` (header → field, or "") says.

    Where two columns could be one field, the one with the field's own name is it; without such a
    name the first is, unless the field is required: then a person must decide.
    """
    wanted: dict[str, list[int]] = {}
    unread = []
    for index, header in enumerate(headers):
        name = header.strip()
        field = guess(header) if mapping is None else mapping.get(name)
        if field in FIELDS:
            wanted.setdefault(field, []).append(index)
        elif name:
            unread.append(name)
    places, doubled = {}, []
    for field, indexes in wanted.items():
        named = [i for i in indexes if normal(headers[i]).replace(" ", "_") == field]
        if len(indexes) > 1 and field in REQUIRED and len(named) != 1:
            doubled.append(field)
        places[field] = (named or indexes)[0]
        unread += [headers[i].strip() for i in indexes if i != places[field]]
    missing = [field for field in REQUIRED if field not in places]
    return Columns(places, unread, missing, doubled)
