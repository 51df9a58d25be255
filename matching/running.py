"""From a run's stored inputs to what it proposes. Loads NumPy and SciPy: for jobs only."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.criteria import Criteria, Criterion, Person, broken, explain, score
from matching.engine.instance import FORBIDDEN, Instance, Procedure, Result
from matching.engine.solving import solve

Progress = Callable[[int, int], None]
Ruled = NDArray[np.bool_]
RULES = ("self", "forbid", "assesses", "former", "must")


@dataclass(frozen=True)
class Proposal:
    """What comes out for one student; ids are those of the inputs."""

    student: int
    mentor: int | None
    score: int | None
    reasons: list[dict[str, Any]]
    pinned: bool = False


@dataclass(frozen=True)
class Outcome:
    result: Result
    proposals: list[Proposal]


def run(data: Mapping[str, Any], procedure: str, seed: int, progress: Progress) -> Outcome:
    """Score, solve and explain. The same for the same inputs, procedure and seed."""
    steps = len(data["students"]) + 3
    progress(0, steps)
    criteria = criteria_of(data)
    students = [person(facts) for facts in data["students"]]
    mentors = [person(facts) for facts in data["mentors"]]
    scores = score(students, mentors, criteria)
    progress(1, steps)
    ruled, pinned = _apply_rules(data, scores)
    instance = Instance(
        students=[p.id for p in students],
        mentors=[p.id for p in mentors],
        capacity=[facts["places"] for facts in data["mentors"]],
        scores=scores,
        pinned=pinned,
        strata=[_stratum(facts, data["balanced_by"]) for facts in data["students"]],
    )
    result = solve(instance, Procedure(procedure), seed)
    progress(2, steps)
    explaining = _Explaining(data, criteria, students, mentors, scores, ruled, dict(pinned))
    proposals = []
    mentor_at = {p.id: j for j, p in enumerate(mentors)}
    chosen = {student: mentor_at[mentor] for student, mentor in result.pairs}
    for i, student in enumerate(students):
        proposals.append(explaining.proposal(i, chosen.get(student.id)))
        progress(i + 3, steps)
    return Outcome(result, proposals)


def criteria_of(data: Mapping[str, Any]) -> Criteria:
    return Criteria(
        weights={Criterion(name): weight for name, weight in data["weights"].items()},
        required=frozenset(map(Criterion, data["required"])),
        differ=frozenset(map(Criterion, data["differ"])),
    )


def person(facts: Mapping[str, Any]) -> Person:
    return Person(
        id=str(facts["id"]),
        interests=frozenset(facts["interests"]),
        languages=frozenset(facts["languages"]),
        campus=facts["campus"],
        track=facts["track"],
        gender=facts["gender"],
        free_hours=int(facts["free_time"], 16),
        class_year=facts["class_year"],
    )


def _stratum(facts: Mapping[str, Any], names: list[str]) -> str:
    return "|".join(str(facts[name]) for name in names)


def _apply_rules(
    data: Mapping[str, Any], scores: NDArray[np.int32]
) -> tuple[dict[str, Ruled], list[tuple[int, int]]]:
    """Forbids in place what the coordinators' rules forbid; which pairs by which rule, and pins.

    A pin outweighs every other rule: a coordinator made it knowing both people.
    """
    row = {facts["id"]: i for i, facts in enumerate(data["students"])}
    column = {facts["id"]: j for j, facts in enumerate(data["mentors"])}
    by_kind: dict[str, list[tuple[int, int]]] = {}
    for student, mentor, kind in data["rules"]:
        by_kind.setdefault(kind, []).append((row[student], column[mentor]))
    if data["assessor_allowed"]:
        by_kind.pop("assesses", None)
    ruled = {kind: np.zeros(scores.shape, np.bool_) for kind in RULES}
    for kind in ("forbid", "assesses", "former"):
        for pair in by_kind.get(kind, []):
            ruled[kind][pair] = True
    ruled["self"] |= _same_person(data)
    musts = by_kind.get("must", [])
    for i in {i for i, _ in musts}:
        ruled["must"][i, :] = True
    for i, j in musts:
        ruled["must"][i, j] = False
    pinned = sorted(by_kind.get("pin", []))
    free_scores = {pair: max(0, int(scores[pair])) for pair in pinned}
    for forbidden in ruled.values():
        scores[forbidden] = FORBIDDEN
    for pair, value in free_scores.items():
        scores[pair] = value
    return ruled, pinned


def _same_person(data: Mapping[str, Any]) -> Ruled:
    """Where student and mentor are one person with two roles."""
    students = np.array([facts["person"] for facts in data["students"]], np.int64)
    mentors = np.array([facts["person"] for facts in data["mentors"]], np.int64)
    same: Ruled = np.equal(students[:, None], mentors[None, :])
    return same


@dataclass(frozen=True)
class _Explaining:
    """Says why each student got what she got."""

    data: Mapping[str, Any]
    criteria: Criteria
    students: list[Person]
    mentors: list[Person]
    scores: NDArray[np.int32]
    ruled: Mapping[str, Ruled]
    pins: Mapping[int, int]

    def proposal(self, i: int, j: int | None) -> Proposal:
        student = self.data["students"][i]["id"]
        if j is None:
            return Proposal(student, None, None, [self._why_none(i)])
        reasons = [
            {"code": str(c.criterion), "points": c.points, "share": c.share, **c.data}
            for c in explain(self.students[i], self.mentors[j], self.criteria)
            if c.points
        ]
        mentor = self.data["mentors"][j]["id"]
        return Proposal(student, mentor, int(self.scores[i, j]), reasons, i in self.pins)

    def _why_none(self, i: int) -> dict[str, Any]:
        places = sum(facts["places"] for facts in self.data["mentors"])
        if not places:
            return {"code": "no_places", "mentors": len(self.mentors)}
        possible = int((self.scores[i] >= 0).sum())
        if possible == len(self.mentors):
            return {"code": "too_few_places", "places": places, "students": len(self.students)}
        if possible:
            return {"code": "possible_full", "possible": possible, "causes": self._causes(i)}
        return {"code": "none_possible", "causes": self._causes(i)}

    def _causes(self, i: int) -> dict[str, int]:
        """How many mentors each rule took away; a pair counts under the first that forbids it."""
        counted: Counter[str] = Counter()
        for j in np.nonzero(self.scores[i] < 0)[0].tolist():
            kinds = [kind for kind, forbidden in self.ruled.items() if forbidden[i, j]]
            kinds += map(str, broken(self.students[i], self.mentors[j], self.criteria))
            counted[kinds[0]] += 1
        return dict(sorted(counted.items()))
