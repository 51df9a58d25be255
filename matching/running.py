"""From a run's stored inputs to what it proposes. Loads NumPy and SciPy: for jobs only."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.alike import kind_of
from matching.columns import Column, Group, Room, columns
from matching.engine.criteria import Criteria, Person, broken, explain, score
from matching.engine.instance import FORBIDDEN, Instance, Procedure, Result
from matching.engine.solving import solve
from matching.rulings import Ruled, rulings

Progress = Callable[[int, int], None]


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


def run(data: Mapping[str, Any], procedure: str, seed: int, progress: Progress) -> Outcome:
    """Form groups, score, solve and explain, shape by shape.

    The same for the same inputs, procedure and seed.
    """
    steps = len(data["students"]) + 3
    progress(0, steps)
    outcome = Outcome()
    room = Room(data, seed, outcome.groups)
    for shape in data["shapes"]:
        waiting = [facts for facts in data["students"] if shape["slug"] in facts["shapes"]]
        part = Part(data, shape, waiting, columns(room, shape, waiting))
        part.solve(Procedure(procedure), seed)
        progress(min(steps, len(outcome.proposals) + 2), steps)
        outcome.results.append(part.result)
        for proposal, column in part.proposals():
            outcome.proposals.append(proposal)
            if column is not None:
                room.take(column, 1)
            progress(min(steps, len(outcome.proposals) + 3), steps)
    # Groups that nobody joins are not begun.
    used = {proposal.group for proposal in outcome.proposals}
    outcome.groups = [group for group in outcome.groups if group.number in used]
    outcome.proposals += [
        Proposal(facts["id"], None, None, [{"code": "no_shape"}])
        for facts in data["students"]
        if not facts["shapes"]
    ]
    progress(steps, steps)
    return outcome


BEST = 30
"""How many columns a board keeps for each student: more than anybody reads."""


@dataclass
class Ranking:
    """What a board starts from: all columns, and for each student the best with their scores."""

    columns: list[Column] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    best: list[tuple[int, str, list[tuple[int, int]]]] = field(default_factory=list)


def rank(data: Mapping[str, Any], seed: int, progress: Progress) -> Ranking:
    """The best columns of every student in every shape; nobody is placed.

    Those without a place are left out, and so are those that a rule forbids.
    """
    found = Ranking()
    room = Room(data, seed, found.groups)
    for done, shape in enumerate(data["shapes"]):
        progress(done, len(data["shapes"]))
        waiting = [facts for facts in data["students"] if shape["slug"] in facts["shapes"]]
        places = [column for column in columns(room, shape, waiting) if column.places]
        part = Part(data, shape, waiting, places)
        part.rule()
        offset = len(found.columns)
        # Equals come in an order by lot, another one for each student.
        lot = np.random.default_rng(seed).permutation(len(places))
        found.columns += places
        for i, facts in enumerate(waiting):
            row = part.scores[i]
            able = np.flatnonzero(row >= 0)
            order = able[np.lexsort((np.roll(lot, i)[able], -row[able]))][:BEST]
            best = [(offset + int(k), int(row[k])) for k in order]
            found.best.append((facts["id"], shape["slug"], best))
    progress(1, 1)
    return found


def criteria_of(data: Mapping[str, Any]) -> Criteria:
    return Criteria(
        weights=dict(data["weights"]),
        required=frozenset(data["required"]),
        differ=frozenset(data["differ"]),
    )


def person(facts: Mapping[str, Any]) -> Person:
    return Person(
        id=str(_lot(facts)),
        interests=frozenset(facts["interests"]),
        languages=frozenset(facts["languages"]),
        campus=facts["campus"],
        track=facts["track"],
        gender=facts["gender"],
        free_hours=int(facts["free_time"], 16),
        class_year=facts["class_year"],
        expectation=facts.get("expectation", ""),
        choices={name: frozenset(chosen) for name, chosen in facts.get("choices", {}).items()},
    )


def _lot(facts: Mapping[str, Any]) -> int:
    """By which number somebody takes part in lots; older inputs know none but the row's."""
    number: int = facts.get("lot", facts["id"])
    return number


class Part:
    """One shape: its students, the columns they can be placed in, and what comes of it."""

    result: Result

    def __init__(
        self,
        data: Mapping[str, Any],
        shape: Mapping[str, Any],
        waiting: Sequence[Mapping[str, Any]],
        places: Sequence[Column],
    ) -> None:
        self.data, self.shape, self.waiting, self.columns = data, shape, waiting, places
        self.criteria = criteria_of(data)
        self.students = [person(facts) for facts in waiting]
        of_columns = {who for column in places for who in column.mentors}
        facts_of = [facts for facts in data["mentors"] if facts["id"] in of_columns]
        self.mentors = [person(facts) for facts in facts_of]
        self.at = {facts["id"]: j for j, facts in enumerate(facts_of)}
        lots = {facts["id"]: _lot(facts) for facts in facts_of}
        self.names = [replace(column, mentors=(lots[column.mentors[0]],)).name for column in places]
        self.single = score(self.students, self.mentors, self.criteria)
        self.scores = self._column_scores()
        self.ruled: dict[str, Ruled] = {}
        self.pins: dict[int, int] = {}

    def _column_scores(self) -> NDArray[np.int32]:
        """A group's score is the mean over those of its leaders with whom the student may be."""
        if all(len(column.mentors) == 1 for column in self.columns):
            order = [self.at[column.mentors[0]] for column in self.columns]
            # Most often it is the same; a copy for thousands of people would be large.
            same = order == list(range(len(self.mentors)))
            return self.single if same else self.single[:, order]
        scores = np.full((len(self.students), len(self.columns)), FORBIDDEN, np.int32)
        for k, column in enumerate(self.columns):
            of_leaders = self.single[:, [self.at[who] for who in column.mentors]]
            able = of_leaders >= 0
            number = able.sum(axis=1)
            sums = np.where(able, of_leaders, 0).sum(axis=1, dtype=np.int64)
            scores[:, k] = np.where(number > 0, sums // np.maximum(number, 1), FORBIDDEN)
        return scores

    def rule(self) -> None:
        """Forbids what must not be, and notes the pins."""
        self.ruled, pinned = rulings(self.data, self.shape, self.waiting, self.columns, self.scores)
        self.pins = dict(pinned)

    def solve(self, procedure: Procedure, seed: int) -> None:
        """Applies the rules, then the procedure."""
        self.rule()
        self.result = solve(self.instance(), procedure, seed)

    def instance(self) -> Instance:
        """What the engine is given, once the rules are applied."""
        return Instance(
            students=[p.id for p in self.students],
            mentors=self.names,
            capacity=[column.places for column in self.columns],
            scores=self.scores,
            pinned=sorted(self.pins.items()),
            strata=[_stratum(facts, self.data["balanced_by"]) for facts in self.waiting],
        )

    def proposals(self) -> list[tuple[Proposal, Column | None]]:
        """One for each student, with the reasons, and the column she is placed in."""
        place = {name: k for k, name in enumerate(self.names)}
        chosen = {student: place[name] for student, name in self.result.pairs}
        return [self._proposal(i, chosen.get(p.id)) for i, p in enumerate(self.students)]

    def _proposal(self, i: int, k: int | None) -> tuple[Proposal, Column | None]:
        student, slug = self.waiting[i]["id"], self.shape["slug"]
        if k is None:
            return Proposal(student, None, None, [self._why_none(i)], shape=slug), None
        column = self.columns[k]
        nearest = max(column.mentors, key=lambda who: int(self.single[i, self.at[who]]))
        reasons: list[dict[str, Any]] = [
            {"code": str(c.criterion), "points": c.points, "share": c.share, **c.data}
            for c in explain(self.students[i], self.mentors[self.at[nearest]], self.criteria)
            if c.points
        ]
        proposal = Proposal(
            student=student,
            mentor=column.mentors[0],
            score=int(self.scores[i, k]),
            reasons=reasons,
            pinned=i in self.pins,
            shape=slug,
            group=column.team,
        )
        return proposal, column

    def _why_none(self, i: int) -> dict[str, Any]:
        places = sum(column.places for column in self.columns)
        if not places:
            return {"code": "no_places", "mentors": len(self.mentors)}
        possible = int((self.scores[i] >= 0).sum())
        her = self.waiting[i]
        hers = [k for k, column in enumerate(self.columns) if column.suits(her, self.shape)]
        if self.shape.get("alike", ()) and possible == len(hers) < len(self.columns):
            return self._too_few_alike(i, hers)
        if possible == len(self.columns):
            return {"code": "too_few_places", "places": places, "students": len(self.students)}
        if possible:
            return {"code": "possible_full", "possible": possible, "causes": self._causes(i)}
        return {"code": "none_possible", "causes": self._causes(i)}

    def _too_few_alike(self, i: int, columns: Sequence[int]) -> dict[str, Any]:
        """Only how many are like her counts: so many students, and places in groups for them."""
        names = self.shape.get("alike", ())
        kind = kind_of(self.waiting[i], names)
        return {
            "code": "too_few_alike",
            "alike": [list(pair) for pair in zip(names, kind, strict=True)],
            "students": sum(kind_of(facts, names) == kind for facts in self.waiting),
            "places": sum(self.columns[k].places for k in columns),
        }

    def _causes(self, i: int) -> dict[str, int]:
        """How many columns each rule took away; a pair counts under the first that forbids it."""
        counted: Counter[str] = Counter()
        for k in np.nonzero(self.scores[i] < 0)[0].tolist():
            leader = self.mentors[self.at[self.columns[k].mentors[0]]]
            kinds = [kind for kind, forbidden in self.ruled.items() if forbidden[i, k]]
            kinds += map(str, broken(self.students[i], leader, self.criteria))
            counted[kinds[0]] += 1
        return dict(sorted(counted.items()))


def _stratum(facts: Mapping[str, Any], names: list[str]) -> str:
    return "|".join(str(facts[name]) for name in names)
