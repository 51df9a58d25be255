"""By what programs are told apart: model, length, who mentors, and whether one has to take part."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs.pictures import scene, structure_words
from programs.pictures.structure import assumed
from programs.pictures.words import marked
from programs.spec import ProgramSpec

Choices = Mapping[str, str | Promise]

MODELS: Final[Choices] = {
    "pair": gettext_lazy("One to one"),
    "group": gettext_lazy("In groups"),
    "combined": gettext_lazy("Alone and in groups"),
    "near-peer": gettext_lazy("Older students mentor"),
    "vertical": gettext_lazy("Several class years in one group"),
    "tiers": gettext_lazy("One kind of mentor after another"),
    "colleges": gettext_lazy("In colleges or societies"),
    "virtual": gettext_lazy("By video"),
}
# Letters that are no letter with a mark.
LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "þ": "th"})
LENGTHS: Final[Choices] = {
    "short": gettext_lazy("Under three months"),
    "year": gettext_lazy("Three months to a year"),
    "years": gettext_lazy("Several years"),
    "degree": gettext_lazy("The whole degree"),
    "pair": gettext_lazy("As long as each pair wants"),
}
MENTORS: Final[Choices] = {
    "students": gettext_lazy("Older students"),
    "doctors": gettext_lazy("Doctors"),
    "faculty": gettext_lazy("Faculty"),
}
ENROLLMENTS: Final[Choices] = {
    "mandatory": gettext_lazy("All students take part"),
    "voluntary": gettext_lazy("Students choose"),
    "unstated": gettext_lazy("Not stated"),
}
KINDS: Final = {
    "near_peer": "students",
    "resident": "doctors",
    "physician": "doctors",
    "faculty": "faculty",
    "clinical_faculty": "faculty",
}
STUDENTS: Final = {
    "mandatory": gettext_lazy("All students take part"),
    "opt_in": gettext_lazy("Students join if they want"),
    "opt_out": gettext_lazy("All students are in unless they say no"),
}
VOLUNTEERS: Final = {
    "volunteer": gettext_lazy("Mentors volunteer"),
    "selected": gettext_lazy("Mentors are selected"),
    "assigned": gettext_lazy("Mentors are assigned"),
    "trained": gettext_lazy("Mentors are trained for it"),
}


def models_of(spec: ProgramSpec) -> set[str]:
    """Every model that a program is an example of."""
    drawn, modes = scene(spec), spec.modes
    found = {
        "pair": "one_to_one" in modes,
        "group": "group" in modes,
        "combined": "combined" in modes,
        "near-peer": "students" in mentors_of(spec),
        "vertical": any(circle.vertical for circle in drawn.circles),
        "tiers": drawn.tiers,
        "colleges": any(circle.container is not None for circle in drawn.circles),
        "virtual": "virtual" in modes,
    }
    return {model for model, holds in found.items() if holds}


def length_of(spec: ProgramSpec) -> str:
    """How long it lasts, as one of ``LENGTHS``."""
    if spec.duration.kind == "fixed":
        return "short" if spec.short else "year" if spec.years <= 1 else "years"
    return "degree" if spec.duration.kind == "degree" else "pair"


def mentors_of(spec: ProgramSpec) -> set[str]:
    """Who mentors, as keys of ``MENTORS``."""
    seats = [seat for shape in spec.shapes for seat in shape.seats if seat.role != "student"]
    kinds = {KINDS[seat.kind] for seat in seats if seat.kind in KINDS}
    return kinds | {"students" for seat in seats if seat.role == "junior_mentor"}


def enrollment_of(spec: ProgramSpec) -> str:
    """Whether students have to, as one of ``ENROLLMENTS``."""
    students = spec.enrollment.students
    return {"mandatory": "mandatory", None: "unstated"}.get(students, "voluntary")


def enrollments_of(spec: ProgramSpec) -> set[str]:
    """The same for a search: what we assumed is also not stated."""
    ours = {"unstated"} if assumed(spec, "enrollment.students") else set()
    return {enrollment_of(spec)} | ours


def enrollment_words(spec: ProgramSpec) -> str:
    """Whether students have to take part, marked where that is our choice."""
    words = str(ENROLLMENTS[enrollment_of(spec)])
    return marked(words, assumed(spec, "enrollment.students"))


def duration_words(spec: ProgramSpec) -> str:
    """How long a student is in it."""
    if spec.duration.kind == "per_pair":
        return _("As long as each pair wants")
    years, months = spec.duration.years, spec.duration.months
    if months is not None:
        words = ngettext("%(number)s month", "%(number)s months", int(months))
        return words % {"number": f"{months:g}"}
    if years is None:
        return _("The whole degree") if spec.duration.kind == "degree" else _("Not stated")
    words = ngettext("%(number)s year", "%(number)s years", int(years)) % {"number": f"{years:g}"}
    if spec.duration.kind == "degree":
        return _("The whole degree, %(years)s") % {"years": words}
    return words


def enrollment_lines(spec: ProgramSpec) -> list[str]:
    """How students and mentors come in."""
    enrollment = spec.enrollment
    lines = [
        marked(
            str(STUDENTS.get(str(enrollment.students), "")),
            assumed(spec, "enrollment.students"),
        ),
        VOLUNTEERS.get(str(enrollment.mentors)),
        {
            "compulsory": _("Coming to the meetings is compulsory"),
            "voluntary": _("Coming to the meetings is voluntary"),
        }.get(str(enrollment.attendance)),
        _("Part of a course") if enrollment.course else None,
        _("Mentors may serve again") if enrollment.returning else None,
        enrollment.note,
    ]
    return [str(line) for line in lines if line]


def figures(spec: ProgramSpec) -> list[tuple[str, str, str]]:
    """What is published of it: what it is, the number, and where it stands."""
    return [(part.what, part.shown, part.source or "") for part in spec.stated.values()]


def fits(spec: ProgramSpec, wanted: Mapping[str, str]) -> bool:
    """Whether a program is what somebody looks for; what is not asked for does not count."""
    tests: dict[str, Callable[[str], bool]] = {
        "q": lambda text: all(word in _haystack(spec) for word in plain(text).split()),
        "model": lambda model: model in models_of(spec),
        "length": lambda length: length == length_of(spec),
        "mentors": lambda who: who in mentors_of(spec),
        "enrollment": lambda how: how in enrollments_of(spec),
    }
    return all(test(wanted[name]) for name, test in tests.items() if wanted.get(name))


def _haystack(spec: ProgramSpec) -> str:
    said = (spec.title, spec.school, spec.model, spec.summary or "", spec.source, *spec.topics)
    return plain(" ".join([*said, structure_words(spec)]))


def plain(text: str) -> str:
    """As somebody types it who has no such key: “tromso” finds Tromsø."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
