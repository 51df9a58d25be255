"""What a rule is: a small object that says what it looks for and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from mentoring.accounts.visibility import sees_meeting_counts, sees_meeting_facts

if TYPE_CHECKING:
    from evaluation.monitoring.world import World

Text = str | Promise

# A nudge that could not go out within so many days of its threshold is stale: the flag follows.
NUDGE_WINDOW = 7


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a coordinator may change, explained."""

    key: str
    label: Text
    default: int
    unit: Text
    explain: Text
    minimum: int = 1
    maximum: int = 365
    # Measured otherwise than the step before it, so that the two cannot be compared.
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What happens when a threshold is reached. Without a severity only nudges go out."""

    slug: str
    threshold: str
    says: Text
    severity: str = ""
    suggestion: Text = ""


@dataclass(frozen=True, slots=True)
class Nudge:
    """A friendly mail to one person concerned. ``step`` keeps it from being sent twice."""

    kind: str
    step: str
    person: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's condition holds for a subject now.

    Without ``step`` no flag is due (yet); a flag that stands for the same occurrence stays.
    ``evidence`` holds facts that do not change from day to day, so that a scan changes nothing
    when nothing happened.
    """

    rule: str
    cohort: int
    # Empty where it is about one person alone and not about what happens in a pair.
    mentorship: int | None
    subject: str
    occurrence: str
    since: datetime
    enrollment: int | None = None
    step: str = ""
    severity: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    nudges: tuple[Nudge, ...] = ()
    # What the nudges' mails need to look the facts up again.
    facts: dict[str, Any] = field(default_factory=dict)

    def leaves_the_pair(self, rule: Rule, level: str) -> bool:
        """Whether a flag about it may be shown to a coordinator."""
        if not rule.of_the_pair or sees_meeting_facts(level):
            return True
        return sees_meeting_counts(level) and rule.only_counts and self.enrollment is None


@dataclass(frozen=True, slots=True)
class Rule:
    """A monitoring rule of domain.md E."""

    slug: str
    title: Text
    domain_id: str
    source: Text
    about: Text
    told: Text
    clears: Text
    thresholds: tuple[Threshold, ...]
    steps: tuple[Step, ...]
    find: Callable[[World], Iterable[Finding]]
    # What is known, in a sentence or two. The second argument: whether single facts (who missed,
    # what is booked) may be told, or only how often they met.
    evidence: Callable[[dict[str, Any], bool], Text]
    # Whether the flag of a whole pair or group says no more than how often they met.
    only_counts: bool = False
    # Whether it looks at what happens between the two; levels of confidentiality apply to that.
    of_the_pair: bool = True

    def step(self, slug: str) -> Step:
        """The step of that name; the first one that flags where a stored name is not known."""
        flagging = [step for step in self.steps if step.severity]
        known = (step for step in self.steps if step.slug == slug)
        return next(known, (flagging or list(self.steps))[0])

    @property
    def flags(self) -> bool:
        """Whether it ever opens a flag; some rules only remind."""
        return any(step.severity for step in self.steps)

    @property
    def defaults(self) -> dict[str, int]:
        return {threshold.key: threshold.default for threshold in self.thresholds}
