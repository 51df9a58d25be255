"""Which column is which: common spellings, and an explicit choice where given."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from programs.roster.cells import unaccented
from programs.roster.spellings import FIELD_OF

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


@dataclass(frozen=True)
class Columns:
    """Which field stands in which column, and the columns nobody asked for."""

    places: dict[str, int]
    unread: list[str]
    missing: list[str]
    doubled: list[str]


def normal(header: str) -> str:
    """A header as it is compared: lower case, no accents, one space between words, no signs."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unaccented(header))
    return " ".join(re.sub(r"[\W_]+", " ", spaced.casefold()).split())


def guess(header: str) -> str | None:
    """The field a header names, as far as we know its spelling."""
    plain = normal(header)
    return FIELD_OF.get(plain) or FIELD_OF.get(plain.replace(" ", ""))


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
