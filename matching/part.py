"""One shape of a run: scored, ruled, solved and explained. Loads NumPy and SciPy: for jobs only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import grouping
from matching.alike import kind_of
from matching.circles import Pairs, closing, stands_below
from matching.columns import Column, lot
from matching.engine.criteria import Criteria, Person, broken, explain, score
from matching.engine.instance import FORBIDDEN, Instance, Procedure, Result
from matching.engine.solving import solve
from matching.outcome import Proposal
from matching.ranks import ranks, wished
from matching.rulings import Ruled, rulings


def criteria_of(data: Mapping[str, Any]) -> Criteria:
    return Criteria(
        weights=dict(data["weights"]),
        required=frozenset(data["required"]),
        differ=frozenset(data["differ"]),
    )


def person(
    facts: Mapping[str, Any], shape: str = "", named: Mapping[int, str] = MappingProxyType({})
) -> Person:
    """``shape``: whose lists of ranks count; ``named``: what those on them are called."""
    return Person(
        id=str(lot(facts)),
        interests=frozenset(facts["interests"]),
        languages=frozenset(facts["languages"]),
        campus=facts["campus"],
        track=facts["track"],
        gender=facts["gender"],
        free_hours=int(facts["free_time"], 16),
        class_year=facts["class_year"],
        expectation=facts.get("expectation", ""),
        choices={name: frozenset(chosen) for name, chosen in facts.get("choices", {}).items()},
        wishes=tuple(named[who] for who in facts.get("wishes", {}).get(shape, ()) if who in named),
    )


def called(people: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """What these people are called in scores and lists."""
    return {facts["id"]: str(lot(facts)) for facts in people}


class Part:
    """One shape: its students, the columns they can be placed in, and what comes of it."""

    result: Result

    def __init__(
        self,
        data: Mapping[str, Any],
        shape: Mapping[str, Any],
        waiting: Sequence[Mapping[str, Any]],
        places: Sequence[Column],
        above: Pairs = (),
    ) -> None:
        self.data, self.shape, self.waiting, self.columns = data, shape, waiting, places
        self.criteria = criteria_of(data)
        of_columns = {who for column in places for who in column.mentors}
        facts_of = [facts for facts in data["mentors"] if facts["id"] in of_columns]
        slug = shape["slug"]
        # Made once: made anew for each person it takes as many looks as there are pairs.
        mentors_called, students_called = called(facts_of), called(waiting)
        self.students = [person(facts, slug, mentors_called) for facts in waiting]
        self.mentors = [person(facts, slug, students_called) for facts in facts_of]
        self.at = {facts["id"]: j for j, facts in enumerate(facts_of)}
        self.person_of = {facts["id"]: facts["person"] for facts in facts_of}
        lots = {facts["id"]: lot(facts) for facts in facts_of}
        self.names = [replace(column, mentors=(lots[column.mentors[0]],)).name for column in places]
        self.single = score(self.students, self.mentors, self.criteria)
        self.scores = self._column_scores()
        self.ruled: dict[str, Ruled] = {}
        self.pins: dict[int, int] = {}
        self.why: dict[int, dict[str, Any]] = {}
        self.left_over: list[dict[str, Any]] = []
        self.above = above

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
        self._keep_below()

    def solve(self, procedure: Procedure, seed: int) -> None:
        """Applies the rules, then the procedure; a circle that comes of it is opened again."""
        self.rule()
        first = self.result = solve(self.instance(), procedure, seed)
        while pair := self._closes():
            self._forbid(*pair)
            again = solve(self.instance(), procedure, seed)
            # What holds with circles allowed holds without them.
            as_many = len(again.pairs) == len(first.pairs)
            bound = first.bound if as_many else again.bound
            best = as_many and first.optimal and again.total == bound
            self.result = replace(again, bound=bound, optimal=best)

    def _keep_below(self) -> None:
        """Who stands below a student does not lead her."""
        below = stands_below(self.above)
        for i, facts in enumerate(self.waiting):
            hers = below.get(facts["person"], set())
            for k, column in enumerate(self.columns) if hers else ():
                if (
                    any(self.person_of[who] in hers for who in column.mentors)
                    and i not in self.pins
                ):
                    self._forbid(i, k)

    def _forbid(self, i: int, k: int) -> None:
        self.scores[i, k] = FORBIDDEN
        rule = self.ruled.get("circle")
        if rule is None or not rule.flags.writeable:
            self.ruled["circle"] = rule = np.zeros(self.scores.shape, np.bool_)
        rule[i, k] = True

    def _closes(self) -> tuple[int, int] | None:
        """Of the pairs that close a circle the one with the least score; no pin."""
        leading = set(self.person_of.values())
        both = {i: one["person"] for i, one in enumerate(self.waiting) if one["person"] in leading}
        if not both:
            return None
        place = {name: k for k, name in enumerate(self.names)}
        row = {one.id: i for i, one in enumerate(self.students)}
        made: dict[tuple[int, int], tuple[int, int]] = {}
        for student, name in self.result.pairs:
            i, k = row[student], place[name]
            for who in self.columns[k].mentors if i in both else ():
                if not self._is_herself(i, who):
                    made[self.person_of[who], both[i]] = i, k
        circle = [made[pair] for pair in closing(self.above, made) if pair in made]
        able = [pair for pair in circle if pair[0] not in self.pins]
        return min(able, key=lambda pair: (int(self.scores[pair]), pair), default=None)

    def keep(self, formed: grouping.Formation) -> None:
        """Applies the rules, to tell of them, and takes the groups as they were formed."""
        self.rule()
        self.result, self.why, self.left_over = formed.result, formed.why, formed.left_over
        for place, value in formed.scores.items():
            self.scores[place] = value

    def instance(self) -> Instance:
        """What the engine is given, once the rules are applied."""
        leaders = [[self.mentors[self.at[who]] for who in c.mentors] for c in self.columns]
        wishes, likes = ranks(self.students, leaders)
        return Instance(
            wishes=wishes,
            likes=likes,
            students=[p.id for p in self.students],
            mentors=self.names,
            capacity=[column.places for column in self.columns],
            scores=self.scores,
            pinned=sorted(self.pins.items()),
            current=self._current(),
            strata=[_stratum(facts, self.data["balanced_by"]) for facts in self.waiting],
        )

    def _current(self) -> list[tuple[int, int]]:
        """The pairs of this shape that exist and may be changed."""
        column = {c.mentors[0]: k for k, c in enumerate(self.columns) if c.team is None}
        row = {facts["id"]: i for i, facts in enumerate(self.waiting)}
        return [
            (row[student], column[mentor])
            for student, mentor, shape, _mentorship in self.data.get("current", [])
            if shape == self.shape["slug"] and student in row and mentor in column
        ]

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
        others = [who for who in column.mentors if not self._is_herself(i, who)]
        nearest = max(others or column.mentors, key=lambda who: int(self.single[i, self.at[who]]))
        reasons: list[dict[str, Any]] = [
            {"code": str(c.criterion), "points": c.points, "share": c.share, **c.data}
            for c in explain(self.students[i], self.mentors[self.at[nearest]], self.criteria)
            if c.points
        ]
        reasons = wished(self.students[i], self.mentors[self.at[nearest]], reasons) + reasons
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

    def _is_herself(self, i: int, mentor: int) -> bool:
        return bool(self.person_of[mentor] == self.waiting[i]["person"])

    def _why_none(self, i: int) -> dict[str, Any]:
        if self.waiting[i]["id"] in self.why:
            return self._told(i, self.why[self.waiting[i]["id"]])
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

    def _told(self, i: int, why: dict[str, Any]) -> dict[str, Any]:
        """The reason of the groups' engine, with the rules between two people one by one."""
        if why["code"] != "none_possible":
            return why
        of_groups = {code: n for code, n in why["causes"].items() if code in grouping.CAUSES}
        return why | {"causes": self._causes(i) | of_groups}

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
