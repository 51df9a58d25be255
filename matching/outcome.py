"""What a run found: a proposal for each student, groups, figures. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from matching.columns import Group
from matching.engine.instance import Result


@dataclass(frozen=True)
class Proposal:
    """What comes out for one student in one shape; ids are those of the inputs."""

    student: int
    mentor: int | None
    score: int | None
    reasons: list[dict[str, Any]]
    pinned: bool = False
    shape: str = ""
    group: int | None = None


@dataclass
class Outcome:
    """What the procedure found in all shapes, added up; totals are in millionths."""

    results: list[Result] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    # Why students are left over in shapes whose groups were formed: each reason once.
    left_over: list[dict[str, Any]] = field(default_factory=list)
    # Where pairs that exist could be changed: how many stay, and who moves.
    kept: int = 0
    moves: list[dict[str, Any]] = field(default_factory=list)

    @property
    def placed(self) -> int:
        return sum(proposal.mentor is not None for proposal in self.proposals)

    @property
    def unmatched(self) -> int:
        return len(self.proposals) - self.placed

    @property
    def total(self) -> int:
        return sum(result.total for result in self.results)

    @property
    def bound(self) -> int:
        return sum(result.bound for result in self.results)

    @property
    def optimal(self) -> bool:
        """Whether every part is; several parts share mentors, so nothing is claimed of them."""
        return len(self.results) == 1 and self.results[0].optimal

    @property
    def minimum(self) -> int | None:
        return min((r.minimum for r in self.results if r.minimum is not None), default=None)

    def loads(self) -> Counter[int]:
        """Students by mentor, whoever leads their group."""
        members = {group.number: group.members for group in self.groups}
        found: Counter[int] = Counter()
        for one in self.proposals:
            if one.mentor is None:
                continue
            leads = members[one.group] if one.group else [(one.mentor, "")]
            found.update(who for who, _role in leads)
        return found
