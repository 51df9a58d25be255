"""What a run would give with other weights and rules. Loads NumPy and SciPy: for jobs only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching import wish_lists
from matching.engine.criteria import Criteria, Person, broken, explain
from matching.outcome import Outcome
from matching.part import called, criteria_of, person
from matching.run_changes import NAMED, counted
from matching.running import Progress, run

Data = Mapping[str, Any]
Place = tuple[int, str]


@dataclass(frozen=True)
class Given:
    """What a student gets in a shape: those who lead there, whom she is paired with first.

    ``score`` is what the procedure counted for it, in millionths. Nobody leads where she is left
    over.
    """

    student: int
    shape: str
    leaders: tuple[int, ...] = ()
    score: int = 0

    @property
    def mentor(self) -> int | None:
        return self.leaders[0] if self.leaders else None


Side = Mapping[Place, Given]


def attempt(
    data: Data,
    changed: Data,
    before: Sequence[Given],
    *,
    procedure: str,
    seed: int,
    progress: Progress,
) -> dict[str, Any]:
    """Solve the changed inputs and compare with what the run gave, as plain data with ids.

    Every figure has two values, of the run and as tried. ``weighed`` holds totals and the weakest
    pair of both (millionths) with the weights of the run (``was``) and, where they are others, with
    those tried (``now``); a pinned pair that breaks a must counts as nothing. ``loads`` counts the
    mentors by number of students.
    """
    sides = [
        {(one.student, one.shape): one for one in side}
        for side in (before, _given(run(changed, procedure, seed, progress)))
    ]
    moves = counted(*({place: one.mentor for place, one in side.items()} for side in sides))
    placed = [sum(bool(one.leaders) for one in side.values()) for side in sides]
    return {
        "placed": placed,
        "left": [len(side) - count for side, count in zip(sides, placed, strict=True)],
        "wished": [
            wish_lists.met(data, ((one.student, one.shape, one.mentor) for one in side.values()))
            for side in sides
        ],
        "weighed": _weighed(data, changed, *sides),
        "loads": [_loads(data, side) for side in sides],
        "moved": moves.moved,
        "found": moves.found,
        "lost": moves.lost,
        "same": moves.same,
        "named": [list(change) for change in moves.changed[:NAMED]],
    }


def _given(outcome: Outcome) -> list[Given]:
    members = {group.number: [who for who, _role in group.members] for group in outcome.groups}
    return [
        Given(one.student, one.shape)
        if one.mentor is None
        else Given(
            one.student,
            one.shape,
            leading(one.mentor, members[one.group] if one.group else ()),
            one.score or 0,
        )
        for one in outcome.proposals
    ]


def leading(mentor: int, leaders: Sequence[int]) -> tuple[int, ...]:
    """All who lead, whom the student is paired with first."""
    return (mentor, *(who for who in leaders if who != mentor))


def _weighed(data: Data, changed: Data, before: Side, after: Side) -> dict[str, Any]:
    if data["weights"] == changed["weights"]:
        return {"was": _sums(_own(before), _own(after))}
    # What each has been given is worth what its procedure counted; only the others' is looked up.
    return {
        "was": _sums(_own(before), _crossed(data, after, before)),
        "now": _sums(_crossed(changed, before, after), _own(after)),
    }


def _own(side: Side) -> list[int]:
    return [one.score for one in side.values() if one.leaders]


def _crossed(data: Data, side: Side, known: Side) -> list[int]:
    """What the places of one side are worth as the other weighs."""
    worth = _Worth(data)
    return [
        same.score
        if (same := known.get(place)) is not None and same.leaders == one.leaders
        else worth.of(one)
        for place, one in side.items()
        if one.leaders
    ]


def _sums(*sides: Sequence[int]) -> dict[str, list[int | None]]:
    return {
        "total": [sum(scores) for scores in sides],
        "minimum": [min(scores, default=None) for scores in sides],
    }


class _Worth:
    """What single pairs are worth with the weights of these inputs."""

    def __init__(self, data: Data) -> None:
        self.criteria: Criteria = criteria_of(data)
        self.facts = {
            facts["id"]: facts for side in ("students", "mentors") for facts in data[side]
        }
        self.called = called(self.facts.values())
        self.people: dict[Place, Person] = {}

    def of(self, given: Given) -> int:
        """The mean over the leaders with whom she may be, as in a run."""
        student = self._person(given.student, given.shape)
        leaders = [self._person(who, given.shape) for who in given.leaders]
        scores = [
            sum(part.points for part in explain(student, leader, self.criteria))
            for leader in leaders
            if not broken(student, leader, self.criteria)
        ]
        return sum(scores) // len(scores) if scores else 0

    def _person(self, who: int, shape: str) -> Person:
        if (who, shape) not in self.people:
            self.people[who, shape] = person(self.facts[who], shape, self.called)
        return self.people[who, shape]


def _loads(data: Data, side: Side) -> dict[str, int]:
    students = Counter(who for one in side.values() for who in one.leaders)
    spread = Counter(students[facts["id"]] for facts in data["mentors"])
    return {str(load): mentors for load, mentors in sorted(spread.items())}
