"""What every part of a program document is made of."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
ClassYear = Annotated[int, Field(ge=1, le=10)]
Role = Literal[
    "student",
    "mentor",
    "lead_mentor",
    "junior_mentor",
    "supervisor",
    "coordinator",
    "program_lead",
    "at_risk_officer",
    "wellbeing_contact",
    "evaluator",
]
MENTORING_ROLES: tuple[Role, ...] = ("mentor", "lead_mentor", "junior_mentor")
MeetingKind = Literal["mentoring", "group", "plenary", "training", "orientation", "supervision"]
Channel = Literal["in_person", "video", "phone", "online", "any"]
Unit = Literal["week", "month", "term", "year", "program"]


class Part(BaseModel):
    """A part of the document: immutable, and without a key it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False
    )


class Span(Part):
    """From ``min`` to ``max``, either open. Written ``3``, ``[2, 3]`` or ``{min: 2}``."""

    min: float | None = Field(default=None, ge=0)
    max: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give at least one end of the range")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"the range ends ({self.max:g}) before it begins ({self.min:g})")
        return self

    def pair(self) -> list[float | int | None]:
        """``[min, max]``, whole numbers as integers, an open end as ``None``."""
        return [_whole(self.min), _whole(self.max)]

    def __str__(self) -> str:
        if self.min == self.max:
            return f"{self.min:g}"
        if self.max is None:
            return f"{self.min:g} or more"
        if self.min is None:
            return f"up to {self.max:g}"
        return f"{self.min:g}–{self.max:g}"

    def __add__(self, other: "Span") -> "Span":
        return Span(min=_sum(self.min, other.min), max=_sum(self.max, other.max))

    def __contains__(self, number: float) -> bool:
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)


def span(value: Any) -> Any:
    """Let people write a number or a pair where a range is meant."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return {"min": value, "max": value}
    if isinstance(value, list | tuple) and len(value) == 2:
        return {"min": value[0], "max": value[1]}
    return value


Range = Annotated[Span, BeforeValidator(span)]


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


def _sum(one: float | None, other: float | None) -> float | None:
    # An open end stays open: two known and one unknown is unknown.
    return None if one is None or other is None else one + other


def hull(spans: list[Span | None]) -> Span | None:
    """From the least to the most of several ranges; ``None`` where one of them is not known."""
    known = [span for span in spans if span is not None]
    if not known or len(known) < len(spans):
        return None
    least = [span.min for span in known]
    most = [span.max for span in known]
    low = None if None in least else min(v for v in least if v is not None)
    high = None if None in most else max(v for v in most if v is not None)
    return None if low is None and high is None else Span(min=low, max=high)


def dotted(loc: tuple[int | str, ...]) -> str:
    """``("shapes", 0, "seats")`` as ``shapes[0].seats``."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return path.lstrip(".") or "document"


def follow(document: Any, path: str) -> bool:
    """Whether a dotted path leads somewhere in a document of dictionaries and lists."""
    for name, index in re.findall(r"([A-Za-z_0-9-]+)|\[(\d+)\]", path):
        if index:
            if not isinstance(document, list) or int(index) >= len(document):
                return False
            document = document[int(index)]
        elif isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list):
            named = [part for part in document if isinstance(part, dict) and _is(part, name)]
            if not named:
                return False
            document = named[0]
        else:
            return False
    return True


def _is(part: dict[str, Any], name: str) -> bool:
    return name in (part.get("slug"), part.get("role"), part.get("kind"))
