"""Programs side by side: one line for each question a coordinator asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.accounts.permissions import Role
from programs.pictures import scene, structure_picture
from programs.pictures.words import attached_words, who_words
from programs.presenters import documents, facets, labels
from programs.spec import ProgramSpec

Lines = Callable[[ProgramSpec], Iterable[Any]]

SUPPORT: Final = ("training", "orientation", "supervision", "handbook")
WRITING: Final = ("diary", "reflection", "portfolio", "documentation", "prepared_tasks")


@dataclass(frozen=True, slots=True)
class Line:
    """A question, and each program's answer in lines; no lines: not stated."""

    title: str | Promise
    cells: list[list[Any]]


def comparison(specs: list[ProgramSpec]) -> list[Line]:
    """Every question that at least one of the programs answers."""
    lines = [
        Line(title, [[part for part in answer(spec) if part] for spec in specs])
        for title, answer in QUESTIONS
    ]
    return [line for line in lines if any(line.cells)]


def _who(spec: ProgramSpec) -> Iterable[str]:
    drawn = scene(spec)
    return [who_words(drawn, number) for number in range(len(drawn.circles))]


def _how_often(spec: ProgramSpec) -> Iterable[str]:
    yield from (documents.rule_words(rule) for rule in spec.cadence)
    yield from (attached_words(part) for shape in spec.shapes for part in shape.attached)


def _years(spec: ProgramSpec) -> Iterable[str]:
    years = spec.class_years("student")
    yield documents.runs(years) if years else ""
    if spec.paused_class_years:
        yield _("Class year %(years)s pauses") % {"years": documents.runs(spec.paused_class_years)}


def _evaluation(spec: ProgramSpec) -> Iterable[str]:
    for part in spec.evaluation:
        who = ", ".join(str(Role(role).label) for role in part.audience)
        yield f"{part.title} ({labels.MOMENTS[part.moment]}; {who})"


def _figures(spec: ProgramSpec) -> Iterable[str]:
    for what, number, source in facets.figures(spec):
        yield f"{what}: {number} ({source})" if source else f"{what}: {number}"


QUESTIONS: Final[tuple[tuple[str | Promise, Lines], ...]] = (
    (gettext_lazy("Picture"), lambda spec: [structure_picture(spec)]),
    (gettext_lazy("Model"), lambda spec: [spec.model]),
    (gettext_lazy("Who mentors whom"), _who),
    (gettext_lazy("Group size"), lambda spec: [documents.size_words(spec)]),
    (gettext_lazy("Students’ class years"), _years),
    (gettext_lazy("Duration"), lambda spec: [facets.duration_words(spec)]),
    (gettext_lazy("How often"), _how_often),
    (gettext_lazy("Matching"), documents.matching_lines),
    (gettext_lazy("Enrollment"), facets.enrollment_lines),
    (
        gettext_lazy("Training and supervision"),
        lambda spec: documents.requirement_lines(spec, *SUPPORT),
    ),
    (
        gettext_lazy("Diary and reflection"),
        lambda spec: documents.requirement_lines(spec, *WRITING),
    ),
    (gettext_lazy("Confidentiality"), documents.confidentiality_lines),
    (gettext_lazy("Incentives"), documents.incentive_lines),
    (gettext_lazy("Evaluation"), _evaluation),
    (gettext_lazy("Published figures"), _figures),
    (gettext_lazy("What we assumed"), documents.assumptions),
    (gettext_lazy("Source"), lambda spec: [spec.source]),
)
