"""One person's score on a scale.

The half-answered rule (a score where at least half of the items were answered, unless the scale
says otherwise) is the usual one of patient-reported outcomes; items that do not apply and items
left out count alike: they are not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Literal

Method = Literal["mean", "sum", "percent"]
Answers = Mapping[str, int | None]
# Guards ceil against 0.5 × 6 = 3.0000000000000004 and its like.
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Item:
    """A statement that is rated; ``reverse`` when agreement speaks against the construct."""

    slug: str
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Items that belong together, rated from ``low`` to ``high``.

    ``method``: the mean of the answers, their sum, or the mean moved to 0–100.
    ``answered``: the share of items that must be answered for a score.
    """

    slug: str
    items: tuple[Item, ...]
    low: int
    high: int
    method: Method = "mean"
    answered: float = 0.5

    def __post_init__(self) -> None:
        if not self.items or self.low >= self.high or not 0 < self.answered <= 1:
            raise ValueError(f"the scale {self.slug!r} is not one: {self}")

    @property
    def needed(self) -> int:
        """How many answers make a score."""
        return max(1, ceil(self.answered * len(self.items) - _EPSILON))

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest score."""
        if self.method == "percent":
            return 0.0, 100.0
        times = len(self.items) if self.method == "sum" else 1
        return float(self.low * times), float(self.high * times)


def value(scale: Scale, item: Item, answers: Answers) -> int | None:
    """One answer, turned where agreement speaks against (min + max − x); ``None``: no answer."""
    given = answers.get(item.slug)
    if given is None:
        return None
    if not scale.low <= given <= scale.high:
        raise ValueError(f"{item.slug}: {given} is not between {scale.low} and {scale.high}")
    return scale.low + scale.high - given if item.reverse else given


def score(scale: Scale, answers: Answers) -> float | None:
    """The score, or ``None`` where too little was answered.

    A sum with gaps is the person's own mean times the number of items.
    """
    found = [value(scale, item, answers) for item in scale.items]
    given = [one for one in found if one is not None]
    if len(given) < scale.needed:
        return None
    average = sum(given) / len(given)
    if scale.method == "sum":
        return average * len(scale.items)
    if scale.method == "percent":
        return 100 * (average - scale.low) / (scale.high - scale.low)
    return average


def favorable(scale: Scale, item: Item, answers: Answers) -> bool | None:
    """Whether the answer lies above the middle, after turning; ``None``: no answer."""
    found = value(scale, item, answers)
    return None if found is None else found > (scale.low + scale.high) / 2
