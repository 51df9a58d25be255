"""A task as a mixed-integer program, over the pairs (block, group) that are worth a look.

Variables: x of each such pair; z of each group and kind it may be (1: begun, with students of
that kind); for each evenly spread feature its least number in a group; for each balanced trait
how far groups are apart; for each group and hour whether that hour is common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matching.engine.groups.features import Feature
from matching.engine.groups.task import Task
from matching.engine.groups.traits import Bools, Ints

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Goal:
    """What is already settled, and what is sought now.

    ``full``: everybody who can be anywhere is placed and every group begun. ``placed``: at least
    so many pinned students, students and groups. ``spreads``: the greatest difference allowed in
    each of the first traits. ``aim``: "placed", "spread" (of the next trait) or "total".
    """

    aim: str
    full: bool = False
    placed: tuple[int, int, int] = (0, 0, 0)
    spreads: tuple[int, ...] = ()


@dataclass
class Rows:
    """Constraints, one after the other; −inf and inf where a side is open."""

    columns: list[Ints] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(
        self, parts: Sequence[tuple[Ints, Ints | int]], least: float, most: float
    ) -> int | None:
        """The number of the new row; none is needed where no variable is concerned."""
        columns = np.concatenate([one for one, _ in parts])
        values = np.concatenate([np.broadcast_to(v, one.shape) for one, v in parts])
        used = values != 0
        if not used.any():
            return None
        self.columns.append(columns[used])
        self.values.append(values[used].astype(np.float64))
        self.least.append(least)
        self.most.append(most)
        return len(self.least) - 1


class Model:
    """The program for one goal. ``of_feature`` says which rows count which feature of a group."""

    def __init__(self, task: Task, pairs: Bools, goal: Goal) -> None:
        self.task, self.goal = task, goal
        self.placeable = task.allowed.any(axis=1)
        self.block, self.group = np.nonzero(pairs & task.allowed)
        self.at_group = [np.nonzero(self.group == j)[0] for j in range(len(task.able))]
        self.z_group, self.z_kind = np.nonzero(task.able)
        self.lower: list[float] = [0.0] * len(self.block)
        self.upper: list[float] = [1.0] * len(self.block)
        self.z = self._variables(len(self.z_group), 0, 1)
        self.rows = Rows()
        self.of_feature: list[tuple[int, int, int]] = []
        self.of_all: list[tuple[int, Ints]] = []
        self._groups()
        self._blocks()
        self._limits()
        self._spreads()
        self._apart()
        self._hours()
        self._settled()

    def _variables(self, number: int, lower: float, upper: float) -> Ints:
        first = len(self.lower)
        self.lower += [lower] * number
        self.upper += [upper] * number
        return np.arange(first, first + number, dtype=np.int64)

    def _begun(self, j: int, kind: int = -1) -> Ints:
        """The variables that say that group j is begun, with students of this kind."""
        begun: Ints = self.z[(self.z_group == j) & ((self.z_kind == kind) | (kind < 0))]
        return begun

    def _blocks(self) -> None:
        least = 1.0 if self.goal.full else 0.0
        first = np.searchsorted(self.block, np.arange(len(self.task.kinds) + 1))
        for b in np.nonzero(self.placeable)[0].tolist():
            own = np.arange(first[b], first[b + 1], dtype=np.int64)
            self.rows.add([(own, 1)], least, 1.0)

    def _groups(self) -> None:
        for j in range(len(self.task.able)):
            least = 1.0 if self.goal.full and not self._is_open(j) else 0.0
            self.rows.add([(self._begun(j), 1)], least, 1.0)

    def _is_open(self, j: int) -> bool:
        """Whether group j stands and is of no kind, so that it counts only if somebody joins it."""
        return j < self.task.stand and int(self.task.fixed[j]) < 0

    def _count(self, j: int, f: int) -> tuple[Ints, Ints]:
        here = self.at_group[j]
        return here, self.task.counts[self.block[here], f]

    def _note(self, row: int | None, j: int, f: int) -> None:
        if row is not None:
            self.of_feature.append((row, j, f))

    def _limits(self) -> None:
        for f, feature in enumerate(self.task.features):
            if feature.trait < 0:
                for j in range(len(self.task.able)):
                    self._limit(j, f, feature)

    def _limit(self, j: int, f: int, feature: Feature) -> None:
        counted, begun = self._count(j, f), self._begun(j, feature.kind)
        least, most = self.task.least_of(j, f), self.task.most_of(j, f)
        if most == least:
            self._note(self.rows.add([counted, (begun, -least)], 0, 0), j, f)
            return
        if least:
            self._note(self.rows.add([counted, (begun, -least)], 0, np.inf), j, f)
        if most is None and feature.kind >= 0:
            most = int(self.task.counts[:, f].sum())
        if most is not None:
            self._note(self.rows.add([counted, (begun, -most)], -np.inf, 0), j, f)

    def _spreads(self) -> None:
        settled = len(self.goal.spreads)
        self.apart_by: Ints = np.zeros(0, np.int64)
        if self.goal.aim == "spread":
            self.apart_by = self._variables(1, 1, max(1, int(self.task.sizes.sum())))
        for f, feature in enumerate(self.task.features):
            if 0 <= feature.trait < settled + len(self.apart_by):
                self._spread(f, feature, open_=feature.trait == settled)

    def _spread(self, f: int, feature: Feature, *, open_: bool) -> None:
        """Groups of the kind have from the least number on so many more as they may differ."""
        number = int(self.task.counts[self.placeable, f].sum() + self.task.there[:, f].sum())
        allowed = 0 if open_ else self.goal.spreads[feature.trait]
        of_kind = [j for j in range(len(self.task.able)) if self.task.able[j, feature.kind]]
        if not of_kind:
            return
        lower, upper = 0, number
        whole = self.goal.full and not any(self._is_open(j) for j in of_kind)
        if whole and self.task.able[of_kind].sum() == len(of_kind) and not open_:
            groups = len(of_kind)
            lower, upper = max(0, -(-(number - groups * allowed) // groups)), number // groups
            lower = upper if allowed == 1 else lower
        least = self._variables(1, lower, upper)
        for j in of_kind:
            counted, begun = self._count(j, f), self._begun(j, feature.kind)
            inside, is_of = self.task.inside(j, f), self.task.is_of(j, feature.kind)
            low = self.rows.add(
                [counted, (least, -1), (begun, 0 if is_of else -number)],
                (0 if is_of else -number) - inside,
                np.inf,
            )
            high = self.rows.add(
                [counted, (least, -1), (self.apart_by, -1 if open_ else 0)],
                -np.inf,
                allowed - inside,
            )
            self._note(low, j, f)
            self._note(high, j, f)

    def _apart(self) -> None:
        where = {(int(b), int(j)): x for x, (b, j) in enumerate(zip(self.block, self.group))}  # noqa: B905
        for a, b in self.task.apart:
            for j in range(len(self.task.able)):
                if (a, j) in where and (b, j) in where:
                    both = np.array([where[a, j], where[b, j]], np.int64)
                    self.rows.add([(both, 1)], -np.inf, 1)

    def _hours(self) -> None:
        if not self.task.hours:
            return
        for j in range(len(self.task.able)):
            here = self.at_group[j]
            masks = [self.task.free[b] for b in self.block[here]]
            sorts = alike_hours(self.task.open_hours[j], masks)
            common = self._variables(len(sorts), 0, 1)
            numbers = np.array(list(sorts.values()), np.int64)
            begun = self._begun(j)
            self.rows.add([(common, numbers), (begun, -self.task.hours)], 0, np.inf)
            for hour, signature in zip(common, sorts, strict=True):
                for x, is_free in zip(here, signature, strict=True):
                    if not is_free:
                        self.rows.add([(np.array([x, hour]), 1)], -np.inf, 1)

    def _settled(self) -> None:
        """What earlier goals reached is kept."""
        if self.goal.full:
            return
        pins, placed, begun = self.goal.placed
        everyone = np.arange(len(self.block), dtype=np.int64)
        for counts, least in ((self.task.pins, pins), (self.task.sizes, placed)):
            if least:
                row = self.rows.add([(everyone, counts[self.block])], least, np.inf)
                if row is not None:
                    self.of_all.append((row, counts))
        if begun:
            self.rows.add([(self._new(), 1)], begun, np.inf)

    def _new(self) -> Ints:
        """The variables of groups that do not stand yet."""
        new: Ints = self.z[self.z_group >= self.task.stand]
        return new

    @property
    def worth(self) -> Ints:
        """What each variable adds to what is sought, as whole numbers."""
        worth = np.zeros(len(self.lower), np.int64)
        if self.goal.aim == "total":
            worth[: len(self.block)] = self.task.weights[self.block, self.group]
        elif self.goal.aim == "spread":
            worth[self.apart_by] = -1
        else:
            students, groups = int(self.task.sizes.sum()), len(self.task.able)
            each = self.task.pins * (students + 1) + self.task.sizes
            worth[: len(self.block)] = each[self.block] * (groups + 1)
            worth[self._new()] = 1
        return worth

    def matrix(self) -> csr_array:
        lengths = [len(one) for one in self.rows.columns]
        columns = np.concatenate([*self.rows.columns, np.zeros(0, np.int64)])
        values = np.concatenate([*self.rows.values, np.zeros(0)])
        rows = np.repeat(np.arange(len(lengths)), lengths)
        return csr_array((values, (rows, columns)), shape=(len(lengths), len(self.lower)))

    def chosen(self, values: Floats) -> Ints:
        """The group of each block, −1 for none."""
        found = np.full(len(self.task.kinds), -1, np.int64)
        taken = np.nonzero(values[: len(self.block)] > 0.5)[0]
        found[self.block[taken]] = self.group[taken]
        return found


def alike_hours(open_hours: int, masks: Sequence[int]) -> dict[tuple[bool, ...], int]:
    """How many of the open hours suit the same people, by who they are."""
    sorts: dict[tuple[bool, ...], int] = {}
    for hour in range(open_hours.bit_length()):
        if open_hours >> hour & 1:
            signature = tuple(bool(mask >> hour & 1) for mask in masks)
            sorts[signature] = sorts.get(signature, 0) + 1
    return sorts
