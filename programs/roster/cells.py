"""What may stand in a cell. Each reader returns the value, or raises with the problem."""

import re
import unicodedata

from programs.roster.languages import LANGUAGES

LONGEST = {
    "given_name": 150,
    "family_name": 150,
    "campus": 100,
    "track": 100,
    "gender": 40,
    "student_number": 60,
}
LONGEST_INTEREST = 80
MOST_INTERESTS = 50
ROLES = {
    "student": "student",
    "mentee": "student",
    "mentor": "mentor",
    "lead mentor": "lead_mentor",
    "junior mentor": "junior_mentor",
    "supervisor": "supervisor",
    "coordinator": "coordinator",
    "program lead": "program_lead",
    "programme lead": "program_lead",
    "at risk officer": "at_risk_officer",
    "wellbeing contact": "wellbeing_contact",
    "evaluator": "evaluator",
}
# As universities of the continent write them, without accents.
ROLES |= dict.fromkeys(
    ("hallgato", "mentoralt", "studierende", "studierender", "etudiant", "etudiante", "mentore",
     "mentoree", "estudiante", "alumno", "alumna", "estudante", "aluno", "aluna", "mentorando",
     "mentoranda", "studente", "studentessa", "studentin", "students", "mentees"),
    "student",
)  # fmt: skip
ROLES |= dict.fromkeys(("mentorin", "mentora", "mentors", "mentoren", "mentrice"), "mentor")
ROLES |= dict.fromkeys(("koordinator", "koordinatorin", "coordinateur", "coordinatrice",
                        "coordinador", "coordinadora", "coordenador", "coordenadora",
                        "coordinatore"), "coordinator")  # fmt: skip
_NAMES = {name.casefold(): code for code, name in LANGUAGES.items()}
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LETTER = r"[^\W_]"
_LABEL = rf"{_LETTER}(?:(?:{_LETTER}|-){{0,61}}{_LETTER})?"
ADDRESS = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?!\d){_LETTER}(?:{_LETTER}|-){{0,61}}{_LETTER}",
    re.IGNORECASE,
)
# Whitespace that people paste without seeing it.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u2060\ufeff\u00ad\u200e\u200f"))
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CellError(ValueError):
    """What is wrong with a cell, in words."""


def clean(value: str) -> str:
    """A cell as it is kept: composed letters, single spaces, nothing around it."""
    composed = unicodedata.normalize("NFC", value)
    return " ".join(composed.replace("\u00a0", " ").split())


def unaccented(value: str) -> str:
    """The letters without the marks above and below them."""
    apart = unicodedata.normalize("NFD", value)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def formula(value: str) -> bool:
    """Whether a spreadsheet program would take the value for a formula."""
    return value.startswith(FORMULA) or value.lstrip().startswith(FORMULA[:4])


def email(value: str) -> str:
    """An address in its one spelling: case-folded."""
    plain = value.translate(INVISIBLE).strip().strip("\u00a0").casefold()
    plain = plain.removeprefix("mailto:").removeprefix("<").removesuffix(">")
    if not plain:
        raise CellError("is missing")
    name, _, _host = plain.partition("@")
    if len(plain) > 254 or len(name) > 64 or not name.isascii() or not ADDRESS.fullmatch(plain):
        raise CellError("is not an e-mail address")
    return plain


def name(field: str, value: str) -> str:
    """A given or family name: not empty."""
    if not clean(value).translate(INVISIBLE).strip():
        raise CellError("is empty")
    return text(field, value)


def text(field: str, value: str) -> str:
    """Any text that fits."""
    cleaned = clean(value)
    if len(cleaned) > LONGEST[field]:
        raise CellError(f"is longer than {LONGEST[field]} characters")
    return cleaned


def role(value: str) -> str:
    """A role by its English name, or as it is written in a language of the continent."""
    plain = unaccented(" ".join(re.sub(r"[\W_]+", " ", value.casefold()).split()))
    if not plain:
        raise CellError("is missing")
    if plain not in ROLES:
        raise CellError(
            "is not a role; write student, mentor, lead mentor, junior mentor, supervisor, "
            "coordinator, program lead, at-risk officer, wellbeing contact or evaluator"
        )
    return ROLES[plain]


def number(value: str, low: int, high: int) -> int | None:
    """A whole number between two; ``None`` for an empty cell."""
    plain = clean(value)
    if not plain:
        return None
    if not re.fullmatch(r"[0-9]{1,9}([.,]0+)?", plain):
        raise CellError(f"is not a whole number from {low} to {high}")
    found = int(re.split("[.,]", plain)[0])
    if not low <= found <= high:
        raise CellError(f"is not between {low} and {high}")
    return found


def parts(value: str) -> list[str]:
    """The entries of a list, whatever separates them, each once."""
    entries = (clean(part) for part in re.split(r"[;,\n]", value))
    return list({entry.casefold(): entry for entry in entries if entry}.values())


def languages(value: str) -> list[str]:
    """Two-letter codes of a list of codes (``hu``, ``en-GB``) or English names."""
    found = []
    for entry in parts(value):
        plain = entry.casefold().replace("_", "-")
        code = _NAMES.get(plain) or plain.split("-")[0]
        if code not in LANGUAGES or not re.fullmatch(r"[a-z]+(-[a-z0-9]{2,8})*", plain):
            raise CellError(
                f"“{entry}” is not a language; write two-letter codes such as en, hu, de"
            )
        found.append(code)
    return list(dict.fromkeys(found))


def interests(value: str) -> list[str]:
    """A list of free entries."""
    found = parts(value)
    for entry in found:
        if len(entry) > LONGEST_INTEREST:
            raise CellError(f"has an entry longer than {LONGEST_INTEREST} characters")
    if len(found) > MOST_INTERESTS:
        raise CellError(f"has more than {MOST_INTERESTS} entries")
    return found
