"""What other schools found, where a program does the same. Facts of the sources; words of ours."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from programs.spec.advice.base import Remark
from programs.spec.base import MENTORING_ROLES
from programs.spec.document import ProgramSpec

# Above this, fewer than half came to the meetings (São Paulo, groups of 12 to 14).
LARGE_GROUP = 12


def wise(spec: ProgramSpec) -> Iterator[Remark]:
    mentors = [role for role in spec.roles if role in MENTORING_ROLES]
    kinds = {part.kind for part in spec.requirements if part.role in mentors}
    if not kinds & {"training", "orientation"}:
        yield Remark(
            "requirements",
            "unwise",
            _("Mentors get no training. Where they do, it prepares them for boundaries and roles."),
            _("Meta-synthesis of 51 studies, component 4; Södersjukhuset; Semmelweis"),
        )
    if spec.short:
        yield Remark(
            "duration",
            "unwise",
            _("Shorter than three months: reviews leave such programs out as too short to matter."),
            _("Norwegian review of mentoring programs for medical students"),
        )
    yield from _wise_structure(spec)
    if spec.enrollment.mentors == "assigned":
        yield Remark(
            "enrollment.mentors",
            "unwise",
            _("Mentors who were assigned wished it were voluntary."),
            _("Great Western Hospital, Swindon (Hawkins 2014)"),
        )
    if spec.matching.assessor == "allowed":
        yield Remark(
            "matching.assessor",
            "unwise",
            _("Mentors may assess their own students. Where they may not, students speak freely."),
            _("Södersjukhuset and Drexel; the University of Washington allows it"),
        )


def _wise_structure(spec: ProgramSpec) -> Iterator[Remark]:
    for index, shape in enumerate(spec.shapes):
        people = shape.people("student")
        if people is not None and people.max and people.max > LARGE_GROUP and not shape.subgroups:
            yield Remark(
                f"shapes[{index}].seats",
                "unwise",
                _("In groups of 12 to 14, fewer than half came to the meetings."),
                _("FMUSP, São Paulo: under 5 of 10 attended"),
            )
    bases = {rule.basis for rule in spec.cadence}
    if "left_to_students" in bases:
        yield Remark(
            "cadence",
            "unwise",
            _("Where meetings were left to the students, a third never met their mentor."),
            _("University College of Medical Sciences, Delhi"),
        )
    elif not spec.cadence:
        yield Remark(
            "cadence",
            "unwise",
            _("No rhythm is set. Reminders then take one meeting a month as meant."),
            _("Rule M1, after Delhi and Semmelweis"),
        )
