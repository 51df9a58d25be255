"""What coordinators' rules, the past and class years forbid in one part of a run. NumPy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import Column, lot
from matching.engine.instance import FORBIDDEN

Ruled = NDArray[np.bool_]
RULES = ("self", "forbid", "assesses", "rather_not", "former", "must", "other_year", "other_kind")
Pairs = list[tuple[int, int]]


def rulings(
    data: Mapping[str, Any],
    shape: Mapping[str, Any],
    waiting: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    scores: NDArray[np.int32],
) -> tuple[dict[str, Ruled], Pairs]:
    """Forbids in place what must not be; returns which pairs by which rule, and the pins.

    A pin outweighs every other rule: a coordinator made it knowing both people.
    """
    board = _Board(data, shape, waiting, columns, scores.shape)
    ruled = board.ruled()
    pinned = board.pinned()
    free_scores = {pair: max(0, int(scores[pair])) for pair in pinned}
    for forbidden in ruled.values():
        if any(forbidden.strides):
            scores[forbidden] = FORBIDDEN
    for pair, value in free_scores.items():
        scores[pair] = value
    return ruled, pinned


class _Board:
    """Students by rows, columns by the people who lead there."""

    def __init__(
        self,
        data: Mapping[str, Any],
        shape: Mapping[str, Any],
        waiting: Sequence[Mapping[str, Any]],
        columns: Sequence[Column],
        size: tuple[int, ...],
    ) -> None:
        self.data, self.shape, self.waiting, self.columns, self.size = (
            data, shape, waiting, columns, size,
        )  # fmt: skip
        self.row = {facts["id"]: i for i, facts in enumerate(waiting)}
        self.of_mentor: dict[int, list[int]] = {}
        for k, column in enumerate(columns):
            for mentor in column.mentors:
                self.of_mentor.setdefault(mentor, []).append(k)
        self.by_kind: dict[str, list[tuple[int, int]]] = {}
        for student, mentor, kind in data["rules"]:
            if student in self.row:
                self.by_kind.setdefault(kind, []).append((student, mentor))
        if data["assessor_allowed"]:
            self.by_kind.pop("assesses", None)
        self.own = self._own_groups()

    def ruled(self) -> dict[str, Ruled]:
        # A rule that forbids nothing takes no memory; most have nothing to say in most runs.
        nothing = np.broadcast_to(np.False_, self.size)
        ruled: dict[str, Ruled] = dict.fromkeys(RULES, nothing)
        for kind in ("forbid", "assesses", "rather_not", "former"):
            pairs = self.by_kind.get(kind, [])
            ruled[kind] = np.zeros(self.size, np.bool_) if pairs else nothing
            for student, mentor in pairs:
                for k in self.of_mentor.get(mentor, []):
                    ruled[kind][self.row[student], k] = True
        same = self._same_person()
        ruled["self"] = np.zeros(self.size, np.bool_) if same else nothing
        for i, k in same:
            ruled["self"][i, k] = (i, k) not in self.own
        musts = self.by_kind.get("must", [])
        ruled["must"] = np.zeros(self.size, np.bool_) if musts else nothing
        for student, _mentor in musts:
            ruled["must"][self.row[student], :] = True
        for student, mentor in musts:
            for k in self.of_mentor.get(mentor, []):
                ruled["must"][self.row[student], k] = False
        years = np.array([-1 if c.class_year is None else c.class_year for c in self.columns])
        hers = np.array([facts["class_year"] or 0 for facts in self.waiting])
        if len(hers) and (years >= 0).any():
            ruled["other_year"] = (years[None, :] >= 0) & (years[None, :] != hers[:, None])
        if any(column.kind is not None for column in self.columns):
            ruled["other_kind"] = self._other_kinds()
        return ruled

    def _other_kinds(self) -> Ruled:
        """Groups whose students are alike take nobody who is not."""
        forbidden = np.zeros(self.size, np.bool_)
        for k, column in enumerate(self.columns):
            if column.kind is not None:
                forbidden[:, k] = [not column.suits(one, self.shape) for one in self.waiting]
        return forbidden

    def pinned(self) -> Pairs:
        """One column for each pinned student: with that mentor, for her year, with most places."""
        wanted = dict.fromkeys((self.row[s], m) for s, m in self.by_kind.get("pin", []))
        found: dict[int, int] = dict(self.own)
        given: dict[int, int] = {}
        listed = {facts["id"]: lot(facts) for facts in self.data["mentors"]}
        for i, mentor in sorted(wanted, key=lambda pin: (pin[0], listed.get(pin[1], -1))):
            able = [k for k in self.of_mentor.get(mentor, []) if self._for_year(i, k)]
            # With her like where there is such a group; a pin counts for more than likeness.
            hers = self.waiting[i]
            able = [k for k in able if self.columns[k].suits(hers, self.shape)] or able
            if able:
                found[i] = max(able, key=lambda k: (self.columns[k].places - given.get(k, 0), -k))
                given[found[i]] = given.get(found[i], 0) + 1
        return sorted(found.items())

    def _for_year(self, i: int, k: int) -> bool:
        year = self.columns[k].class_year
        return year is None or year == self.waiting[i]["class_year"]

    def _same_person(self) -> Pairs:
        """Where the student herself leads."""
        person = {facts["id"]: facts["person"] for facts in self.data["mentors"]}
        leading: dict[int, list[int]] = {}
        for mentor, places in self.of_mentor.items():
            leading.setdefault(person[mentor], []).extend(places)
        return [
            (i, k) for i, facts in enumerate(self.waiting) for k in leading.get(facts["person"], [])
        ]

    def _own_groups(self) -> set[tuple[int, int]]:
        """Who leads as one of the students of a group has her own place in it."""
        within = set(self.shape["within"])
        if not within:
            return set()
        counted = {f["id"] for f in self.data["mentors"] if f["role"] in within}
        led = {k for mentor in counted for k in self.of_mentor.get(mentor, [])}
        hers: dict[int, int] = {}
        for i, k in self._same_person():
            if k in led and self._for_year(i, k) and self.columns[k].places:
                hers.setdefault(i, k)
        return set(hers.items())
