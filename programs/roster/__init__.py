"""Read a roster: bytes of a CSV file in, entries, rejections and warnings out. No Django."""

from programs.roster.decoding import ENCODINGS, NotATableError
from programs.roster.headers import FIELDS, REQUIRED
from programs.roster.reading import Entry, Remark, Roster, preview, read

__all__ = [
    "ENCODINGS",
    "FIELDS",
    "REQUIRED",
    "Entry",
    "NotATableError",
    "Remark",
    "Roster",
    "preview",
    "read",
]
