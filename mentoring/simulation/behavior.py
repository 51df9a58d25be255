"""How the people of a simulated cohort behave: a small, typed file.

Monitoring never sees it, only what it leaves in the database.
"""

from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FOLDER = Path(__file__).parent / "behaviors"
Share = Annotated[float, Field(ge=0, le=1)]
SLACK = 0.005


class BehaviorError(ValueError):
    """A behavior file that cannot be played; the text names each path and value."""


class Part(BaseModel):
    """A piece of the file: unknown keys are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shares(Part):
    """Of mentorships. Fading stops in a random week; silent meets once."""

    engaged: Share
    fading: Share = 0.0
    silent: Share = 0.0
    never: Share = 0.0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = self.engaged + self.fading + self.silent + self.never
        if abs(total - 1) > SLACK:
            raise ValueError(f"the shares add up to {total:.3f}, not to 1")
        return self


class Sides(Part):
    """One probability for each side."""

    student: Share
    mentor: Share


class AbsencePlan(Part):
    """A share of the mentors who declare an absence, from the first day of a week on."""

    mentors: Share
    from_week: int = Field(ge=1, le=520)
    weeks: int = Field(ge=1, le=520)


class Finding(Part):
    """How students find a mentor in a trial: the share of each arm, by procedure, who find one.

    ``decline``: how often a mentor says that she cannot; ``never_ask``: of those in an arm that
    chooses who find nobody, how many ask nobody.
    """

    found: dict[str, Share] = Field(default_factory=dict)
    decline: Share = 0.2
    never_ask: Share = 0.5
    consent: Share = 1.0


class Behavior(Part):
    """The whole file; keys as in section 9 of the design."""

    shares: Shares
    weekly_contact: Share
    monthly_meeting: Share
    mentor_reply: tuple[tuple[Share, Annotated[float, Field(gt=0, le=60)]], ...] = ((1.0, 1.0),)
    attend: Sides = Sides(student=1.0, mentor=1.0)
    diary: Share = 1.0
    training: Share = 1.0
    supervision: Share = 1.0
    survey: Sides = Sides(student=1.0, mentor=1.0)
    absence: tuple[AbsencePlan, ...] = ()
    finding: Finding = Finding()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name in ("weekly_contact", "monthly_meeting"):
            if getattr(self, name) > self.shares.engaged + SLACK:
                raise ValueError(
                    f"{name}: {getattr(self, name)} is more than shares.engaged "
                    f"({self.shares.engaged}); only engaged mentorships keep it up"
                )
        answering = sum(share for share, _ in self.mentor_reply)
        if answering > 1 + SLACK:
            raise ValueError(f"mentor_reply: the shares add up to {answering:.3f}, more than 1")
        quiet = self.shares.silent + self.shares.never
        if 1 - answering > quiet + SLACK:
            raise ValueError(
                f"mentor_reply: {1 - answering:.3f} of the mentors never answer, but only "
                f"{quiet:.3f} of the mentorships are silent or never"
            )
        return self


def load(template: str, path: Path | None = None) -> Behavior:
    """The template's default, with the keys of the file at ``path`` put over it."""
    base = FOLDER / f"{template}.yaml"
    data = _read(base if base.exists() else FOLDER / "default.yaml")
    if path is not None:
        data |= _read(path)
    try:
        return Behavior.model_validate(data)
    except ValidationError as error:
        lines = [_say(problem) for problem in error.errors()]
        raise BehaviorError("The behavior file cannot be played.\n" + "\n".join(lines)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise BehaviorError(f"The behavior file {path} cannot be read: {why}.") from None
    except yaml.YAMLError as error:
        raise BehaviorError(f"The behavior file {path} is not YAML: {error}") from None
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise BehaviorError(
            f"The behavior file {path} must hold keys such as `weekly_contact: 0.51`."
        )
    return data


def _say(problem: Any) -> str:
    path = ".".join(str(part) for part in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    if not path:
        return f"- {message}"
    if problem["type"] == "missing":
        return f"- {path}: is missing"
    if problem["type"] == "extra_forbidden":
        return f"- {path}: {problem['input']!r}: there is no such key"
    return f"- {path}: {problem['input']!r}: {message}"
