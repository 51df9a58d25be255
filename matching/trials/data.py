"""What a report is computed from: everyone who was assessed, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from math import isfinite

from matching.trials.allocation import Arm, InvalidTrial

DECLINED = "declined"
"""The reason of whoever was not excluded for another, and did not consent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One person who was assessed for eligibility.

    Not randomized: ``excluded`` (why), or no ``consent``, or still waiting for an ``arm``.

    Randomized: ``due_on`` is the last day on which a first meeting counts; ``established`` whether
    there was one by then, ``None`` as long as, or because, nobody knows. ``received`` is the
    procedure that was in fact carried out, ``not_received`` why the arm's was not. ``lost`` says
    why the person could not be followed, ``withdrawn`` why she left the trial. A reason may be ""
    where none was given. Personal texts have no place in a reason: the report prints it.
    """

    id: str
    stratum: tuple[str, ...] = ()
    excluded: str | None = None
    consent: bool = True
    arm: str | None = None
    due_on: date | None = None
    received: str | None = None
    not_received: str | None = None
    deviation: str | None = None
    withdrawn: str | None = None
    withdrawn_on: date | None = None
    lost: str | None = None
    matched: bool = False
    established: bool | None = None
    satisfaction: float | None = None
    subgroups: Mapping[str, str] = field(default_factory=dict)

    @property
    def got_her_arm(self) -> bool:
        return self.received is not None and self.received == self.arm

    def due(self, as_of: date) -> bool:
        """Whether the last day that counts is over."""
        return self.due_on is not None and self.due_on < as_of


@dataclass(frozen=True, slots=True)
class Contrast:
    """Arms that the program wants compared, those of a side taken together."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialData:
    """A trial on a day. ``contrasts`` are named before the first outcome is known; none named
    means every two arms. ``survey_closed``: no answer about satisfaction can come any more.
    ``allocation_closed``: nobody is drawn any more; one more person would tell what she alone said.
    """

    arms: Sequence[Arm]
    records: Sequence[Record]
    as_of: date
    contrasts: Sequence[Contrast] = ()
    survey_closed: bool = False
    allocation_closed: bool = True
    level: float = 0.95

    @property
    def slugs(self) -> list[str]:
        return [arm.slug for arm in self.arms]

    @property
    def randomized(self) -> list[Record]:
        return [record for record in self.records if record.arm is not None]

    @property
    def final(self) -> bool:
        """Whether allocation is closed, somebody was drawn, and everybody's last day is over."""
        everybody = self.randomized
        return (
            self.allocation_closed
            and bool(everybody)
            and all(record.due(self.as_of) for record in everybody)
        )

    @property
    def planned(self) -> list[Contrast]:
        if self.contrasts:
            return list(self.contrasts)
        return [Contrast(f"{a} – {b}", (a,), (b,)) for a, b in combinations(self.slugs, 2)]


def check(data: TrialData) -> None:
    """Refuses what cannot be, before any figure is made of it."""
    known = set(data.slugs)
    seen: set[str] = set()
    for record in data.records:
        if record.id in seen:
            raise InvalidTrial(f"The participant {record.id} is there twice.")
        seen.add(record.id)
        if record.arm is not None:
            _check_randomized(record, known)
    names = [contrast.name for contrast in data.contrasts]
    if len(set(names)) < len(names):
        raise InvalidTrial("Two contrasts have the same name.")
    for contrast in data.contrasts:
        sides = [*contrast.left, *contrast.right]
        if not (contrast.left and contrast.right) or len(set(sides)) < len(sides):
            raise InvalidTrial(f"The contrast {contrast.name} needs different arms on both sides.")
        if not known.issuperset(sides):
            raise InvalidTrial(f"The contrast {contrast.name} names an arm that is not there.")


def _check_randomized(record: Record, known: set[str]) -> None:
    if record.arm not in known:
        raise InvalidTrial(f"The participant {record.id} is in an arm that is not there.")
    if record.excluded is not None or not record.consent:
        raise InvalidTrial(
            f"The participant {record.id} was randomized, yet excluded or without consent: "
            "who leaves afterwards has withdrawn, and counts."
        )
    if record.due_on is None:
        raise InvalidTrial(f"The participant {record.id} was randomized and is never due.")
    if record.got_her_arm and record.not_received is not None:
        raise InvalidTrial(f"The participant {record.id} received and did not receive her arm.")
    if record.satisfaction is not None and not isfinite(record.satisfaction):
        raise InvalidTrial(f"The satisfaction of the participant {record.id} is no number.")
