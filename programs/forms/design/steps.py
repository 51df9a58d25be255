"""The steps of the designer, and what others found about each: facts of the sources, our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.forms.design.asked import CertificatesForm, IncentiveForm, RequirementForm
from programs.forms.design.base import Part, RowForm, RowFormSet, StepForm, rows
from programs.forms.design.frame import (
    BasicsForm,
    ConfidentialityForm,
    PauseForm,
    PeopleForm,
    TermForm,
    YearForm,
)
from programs.forms.design.matching import MatchingForm
from programs.forms.design.rhythm import CadenceForm, PhaseForm
from programs.forms.design.structure import ShapeForm
from programs.forms.design.survey import SurveyForm

Text = str | Promise


@dataclass(frozen=True)
class Block:
    """A form, or rows of one kind with a button for one more."""

    prefix: str
    form: type[StepForm] | type[RowForm]
    title: Text = ""
    one_more: Text = ""

    @property
    def many(self) -> bool:
        return issubclass(self.form, RowForm)


@dataclass(frozen=True)
class Step:
    """One page of the designer."""

    slug: str
    title: Text
    blocks: tuple[Block, ...]
    finding: Text
    source: Text


STEPS: tuple[Step, ...] = (
    Step(
        "basics",
        _("What it is"),
        (Block("basics", BasicsForm),),
        _(
            "Programs with a clear purpose, known to everyone and backed by the school’s "
            "leadership, last longer."
        ),
        _("Meta-synthesis of 51 studies, component 1"),
    ),
    Step(
        "structure",
        _("Who meets whom"),
        (Block("shapes", ShapeForm, one_more=_("Another kind of group")),),
        _(
            "One-to-one suits personal matters; groups reach everyone with few mentors. Of 22 "
            "German programs six were one-to-one."
        ),
        _("Survey of German medical schools, 2009"),
    ),
    Step(
        "people",
        _("Who takes part"),
        (Block("people", PeopleForm),),
        _(
            "Mentors who joined out of interest were rated higher than those who had to; assigned "
            "mentors asked for a choice."
        ),
        _("Norwegian review; Great Western Hospital, Swindon"),
    ),
    Step(
        "rhythm",
        _("How often"),
        (
            Block("phases", PhaseForm, _("Phases"), _("Another phase")),
            Block("cadence", CadenceForm, _("Meetings and contact"), _("Another rule")),
        ),
        _(
            "Where meetings were left to the students, a third never met; at Semmelweis, with a "
            "meeting a month expected, 41 % kept it."
        ),
        _("University College of Medical Sciences, Delhi; Semmelweis University"),
    ),
    Step(
        "asked",
        _("What is asked"),
        (Block("requirements", RequirementForm, one_more=_("Something else that is asked")),),
        _(
            "Training before the start and supervision on the way prepare mentors for boundaries; "
            "where supervision was only offered, mentors stayed away."
        ),
        _("Södersjukhuset; Semmelweis; FMUSP, São Paulo"),
    ),
    Step(
        "matching",
        _("How people find each other"),
        (Block("matching", MatchingForm),),
        _(
            "In the one randomized trial, matching by an expert placed the most students; "
            "satisfaction was the same in all arms."
        ),
        _("LMU Munich, 190 students"),
    ),
    Step(
        "confidentiality",
        _("What stays inside"),
        (Block("confidentiality", ConfidentialityForm),),
        _(
            "Students speak freely where the mentor neither teaches nor assesses them, and where "
            "nothing is reported."
        ),
        _("Södersjukhuset; Calgary"),
    ),
    Step(
        "incentives",
        _("What people get"),
        (
            Block("incentives", IncentiveForm, one_more=_("Something else they get")),
            Block("certificates", CertificatesForm, _("Certificates")),
        ),
        _(
            "Missing time, money and recognition are the obstacles that new schools named most; "
            "credits, titles and certificates cost little."
        ),
        _("New US schools, 2012"),
    ),
    Step(
        "evaluation",
        _("How you learn from it"),
        (Block("evaluation", SurveyForm, one_more=_("Another moment")),),
        _(
            "About half answer a survey, mentors fewer: 52 % of students and 53 % of mentors in "
            "Delhi, 23 % of mentors in Swindon. Let the system send it, not the mentors."
        ),
        _("Delhi; Swindon; Drexel"),
    ),
    Step(
        "year",
        _("The year"),
        (
            Block("year", YearForm),
            Block("terms", TermForm, _("Terms"), _("Another term")),
            Block("pauses", PauseForm, _("Weeks in which nothing is expected"), _("Another pause")),
        ),
        _(
            "Time is what both sides miss most: a quarter of the remarks were about missed "
            "meetings."
        ),
        _("San Antonio: 25.9 % of remarks"),
    ),
)
BY_SLUG = {step.slug: step for step in STEPS}
# Which step holds which part of the document.
HOLDS = {
    "shapes": "structure",
    "containers": "structure",
    "enrollment": "people",
    "phases": "rhythm",
    "cadence": "rhythm",
    "paused_class_years": "rhythm",
    "requirements": "asked",
    "matching": "matching",
    "confidentiality": "confidentiality",
    "incentives": "incentives",
    "certificates": "incentives",
    "evaluation": "evaluation",
    "year": "year",
}


@dataclass
class Open:
    """A block with its form or rows."""

    block: Block
    form: Any


def opened(
    step: Step,
    document: Mapping[str, Any],
    data: QueryDict | None = None,
    extra: Mapping[str, Any] | None = None,
) -> list[Open]:
    """The blocks of a step, filled from the document, or with what somebody has typed."""
    found = []
    for block in step.blocks:
        known: dict[str, Any] = {"document": document}
        if block.many:
            made = rows(block.form)  # type: ignore[arg-type]
            initial: Any = made.read(document)
            form: Any = made(data, prefix=block.prefix, initial=initial, form_kwargs=known)
        else:
            single: Any = block.form
            initial = single.read(document) | dict(extra or {})
            form = single(data, prefix=block.prefix, initial=initial, **known)
        found.append(Open(block, form))
    return found


def one_more(data: QueryDict, prefix: str) -> QueryDict:
    """What was typed, with room for another row."""
    more = data.copy()
    key = f"{prefix}-TOTAL_FORMS"
    number = str(more.get(key, ""))
    if number.isdigit():
        more[key] = str(int(number) + 1)
    return more


def written(blocks: list[Open], document: Mapping[str, Any]) -> Part:
    """The document with what valid blocks say."""
    new: Part = dict(document)
    for part in blocks:
        part.form.write(new)
    return new


def valid(blocks: list[Open]) -> bool:
    """Every block is looked at, so that all mistakes are shown at once."""
    answers = [part.form.is_valid() for part in blocks]
    return all(answers)


__all__ = [
    "BY_SLUG",
    "HOLDS",
    "STEPS",
    "Open",
    "RowFormSet",
    "Step",
    "one_more",
    "opened",
    "valid",
    "written",
]
