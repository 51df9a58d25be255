"""What a run would give with other weights and rules. Loads NumPy and SciPy: for jobs only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.criteria import score
from matching.run_changes import NAMED, counted
from matching.running import Outcome, Progress, criteria_of, person, run

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """What a student gets in a shape: those who lead there, whom she is paired with first.

    Nobody leads where she is left over.
    """

    student: int
    shape: str
    leaders: tuple[int, ...]

    @property
    def mentor(self) -> int | None:
        return self.leaders[0] if self.leaders else None


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
    those tried (``now``); nothing of a pinned pair that breaks a must. ``loads`` counts the mentors
    by number of students.
    """
    after = _given(run(changed, procedure, seed, progress))
    sides = (before, after)
    moves = counted(*({(one.student, one.shape): one.mentor for one in side} for side in sides))
    weighings = {"was": data}
    if data["weights"] != changed["weights"]:
        weighings["now"] = changed
    return {
        "placed": [sum(bool(one.leaders) for one in side) for side in sides],
        "left": [sum(not one.leaders for one in side) for side in sides],
        "weighed": {name: _weighed(inputs, sides) for name, inputs in weighings.items()},
        "loads": [_loads(data, side) for side in sides],
        "moved": moves.moved,
        "found": moves.found,
        "lost": moves.lost,
        "same": moves.same,
        "named": [list(change) for change in moves.changed[:NAMED]],
    }


def _given(outcome: Outcome) -> list[Given]:
    members = {group.number: [who for who, _role in group.members] for group in outcome.groups}
    found = []
    for one in outcome.proposals:
        lead = members[one.group] if one.group else [one.mentor]
        leaders = () if one.mentor is None else leading(one.mentor, lead)
        found.append(Given(one.student, one.shape, leaders))
    return found


def leading(mentor: int, leaders: Sequence[int | None]) -> tuple[int, ...]:
    """All who lead, whom the student is paired with first."""
    return (mentor, *(who for who in leaders if who not in {mentor, None}))


def _weighed(data: Data, sides: Sequence[Sequence[Given]]) -> dict[str, list[int | None]]:
    """One matrix for both sides: pairs are worth what the engine says, whoever made them."""
    worth = score(
        [person(facts) for facts in data["students"]],
        [person(facts) for facts in data["mentors"]],
        criteria_of(data),
    )
    row = {facts["id"]: i for i, facts in enumerate(data["students"])}
    column = {facts["id"]: j for j, facts in enumerate(data["mentors"])}
    scores = [
        [
            _score(worth[row[one.student], [column[who] for who in one.leaders]])
            for one in side
            if one.leaders
        ]
        for side in sides
    ]
    return {
        "total": [sum(found) for found in scores],
        "minimum": [min(found, default=None) for found in scores],
    }


def _score(of_leaders: NDArray[np.int32]) -> int:
    """The mean over the leaders with whom she may be, as in a run."""
    able = [int(one) for one in of_leaders if one >= 0]
    return sum(able) // len(able) if able else 0


def _loads(data: Data, side: Sequence[Given]) -> dict[str, int]:
    students = Counter(who for one in side for who in one.leaders)
    spread = Counter(students[facts["id"]] for facts in data["mentors"])
    return {str(load): mentors for load, mentors in sorted(spread.items())}
