"""Instruments: items, scales and how they are scored, as versioned data.

A file is ``<slug>.<version>.yaml``. A version that was sent is never edited: a change is a new
file. Texts are by language; English must be there and stands in where a language is missing.
Published questionnaires are not shipped: a school imports what it has a license for.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from evaluation.surveys import scoring

FOLDER = Path(__file__).parent
Side = Literal["student", "mentor"]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
# What a program's plan may call an instrument that has a form for each side.
FORMS = {"relation": {"student": "relation-student", "mentor": "relation-mentor"}}
USUAL = {
    "student": ("relation-student", "needs-pulse", "open-word"),
    "mentor": ("relation-mentor", "open-word"),
    "staff": ("open-word",),
}
# What is asked of everyone before a program begins.
NEEDS = "needs-assessment"


def _has_english(texts: dict[str, str]) -> dict[str, str]:
    if not texts.get("en"):
        raise ValueError("has no English text (en)")
    return texts


Texts = Annotated[dict[str, str], AfterValidator(_has_english)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Part):
    """A statement to rate."""

    slug: Slug
    text: Texts
    reverse: bool = False


class Scale(_Part):
    """Items rated alike that make one score; ``ends`` name the lowest and the highest answer."""

    slug: Slug
    title: Texts
    low: int
    high: int
    ends: tuple[Texts, Texts]
    items: tuple[Item, ...] = Field(min_length=1)
    method: Literal["mean", "sum", "percent"] = "mean"
    answered: float = Field(default=0.5, gt=0, le=1)

    @model_validator(mode="after")
    def _some_answers(self) -> Self:
        if not self.low < self.high <= self.low + 10:
            raise ValueError("needs two to eleven answers, the lowest first")
        return self

    def as_scored(self, prefix: str) -> scoring.Scale:
        """The same for the scoring engine; items carry the instrument's name."""
        return scoring.Scale(
            slug=f"{prefix}.{self.slug}",
            items=tuple(scoring.Item(f"{prefix}.{one.slug}", one.reverse) for one in self.items),
            low=self.low,
            high=self.high,
            method=self.method,
            answered=self.answered,
        )


class Question(_Part):
    """An open question."""

    slug: Slug
    text: Texts
    help: Texts | None = None


class Instrument(_Part):
    """One version of an instrument. Without ``side`` it is for both."""

    slug: Slug
    version: int = Field(ge=1)
    title: Texts
    intro: Texts | None = None
    side: Side | None = None
    # Asked only before a program begins; else while it runs and after.
    when: Literal["before"] | None = None
    scales: tuple[Scale, ...] = ()
    questions: tuple[Question, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        slugs = [item.slug for scale in self.scales for item in scale.items]
        slugs += [question.slug for question in self.questions]
        if not slugs or len(set(slugs)) < len(slugs):
            raise ValueError("asks nothing, or the same twice")
        return self

    @property
    def name(self) -> str:
        """Slug and version, as a survey stores it."""
        return f"{self.slug}.{self.version}"


def say(texts: dict[str, str], language: str) -> str:
    """The text in a language, its main language (``pt`` for ``pt-br``), or English."""
    return texts.get(language) or texts.get(language.split("-", maxsplit=1)[0]) or texts["en"]


@cache
def load(name: str) -> Instrument:
    """The instrument of that name (``needs-pulse.1``); ``KeyError`` when there is none."""
    path = FOLDER / f"{name}.yaml"
    if path.parent != FOLDER or not path.is_file():
        raise KeyError(name)
    document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = Instrument.model_validate(document)
    if found.name != name:
        raise ValueError(f"{path.name} says that it is {found.name}")
    return found


@cache
def newest() -> dict[str, Instrument]:
    """The newest version of each instrument, by slug."""
    known: dict[str, Instrument] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        found = load(path.stem)
        if found.slug not in known or known[found.slug].version < found.version:
            known[found.slug] = found
    return known


def questionnaire(wanted: Iterable[str], side: str) -> list[str]:
    """The names of what one side is asked, newest versions; the usual ones if none is known."""
    slugs = [FORMS.get(slug, {}).get(side, slug) for slug in wanted]
    fitting = [one for one in slugs if one in newest() and newest()[one].side in (None, side)]
    return [newest()[slug].name for slug in dict.fromkeys(fitting) or USUAL[side]]
