"""From a run's inputs to an instance of the engine for groups. Pure but for NumPy's arrays."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.alike import Kind, common, kind_of
from matching.columns import Column, Facts, Room, lot, new_groups
from matching.engine.groups.instance import ALL_HOURS, GroupInstance, GroupShape, Leader, Standing
from matching.engine.instance import FORBIDDEN

Scores = NDArray[np.int32]
# In what co-leaders of unlike background differ, the weightiest first.
UNLIKE = ("track", "gender", "campus")
TOLD = ("class_year", "campus", "track", "gender")
"""In what students can be described, where it counts in this run."""
BARRED = ("forbid", "assesses", "former")


def open_groups(room: Room, shape: Facts) -> list[Facts]:
    """The groups of this shape that stand, in a fixed order."""
    found = [facts for facts in room.data["groups"] if facts["shape"] == shape["slug"]]
    return sorted(found, key=lambda facts: int(facts["mentorship"]))


def leader_columns(room: Room, shape: Facts) -> list[Column]:
    """One for each who leads in this shape, or could: to see how well she suits whom."""
    roles = {seat["role"] for seat in shape["seats"]}
    there = {who for group in open_groups(room, shape) for who, _role in group["members"]}
    return [
        Column((facts["id"],), 1)
        for facts in room.data["mentors"]
        if facts["role"] in roles or facts["id"] in there
    ]


def instance_of(
    room: Room, shape: Facts, waiting: Sequence[Facts], leaders: Sequence[int], scores: Scores
) -> GroupInstance:
    """What the engine is asked for one shape; ``scores`` are of all students with these leaders.

    As everywhere, a pin outweighs every other rule about its student.
    """
    facts_of = {facts["id"]: facts for facts in room.data["mentors"]}
    mentors = [facts_of[who] for who in leaders]
    levels = _levels([*map(tuple, room.data.get("above", ())), *room.above])
    leads = [_leader(room, shape, facts, levels.get(facts["person"], 0)) for facts in mentors]
    standing = _standing(room, shape, {who: at for at, who in enumerate(leaders)})
    rules = _Rules(room, shape, waiting, mentors, leads, standing)
    above = {person for person, _below in [*room.data.get("above", ()), *room.above]}
    needed = int("free_time" in room.data["required"])
    return GroupInstance(
        students=[str(lot(facts)) for facts in waiting],
        traits=[_traits(room, shape, facts) for facts in waiting],
        leaders=leads,
        shape=_shape(room, shape, waiting, needed),
        scores=rules.applied(scores),
        pinned=sorted(rules.pinned.items()),
        barred=rules.barred,
        named=rules.named,
        own=rules.own,
        free=[int(facts["free_time"], 16) for facts in waiting] if needed else (),
        depth=[
            levels.get(facts["person"], 0) if facts["person"] in above else -1 for facts in waiting
        ],
        standing=standing,
        wanted=_wanted(room, shape, waiting),
    )


def _shape(room: Room, shape: Facts, waiting: Sequence[Facts], common_hours: int) -> GroupShape:
    seats = {seat["role"]: int(seat["least"]) for seat in shape["seats"]}
    if not any(seats.values()):
        seats[next(iter(seats))] = 1
    most = {seat["role"]: int(seat["most"]) for seat in shape["seats"]}
    alike = list(shape.get("alike", ()))
    quotas = {str(year): (0, int(n)) for year, n in shape["per_class"].items()}
    if quotas:  # other class years have no place
        quotas = {str(facts["class_year"] or ""): (0, 0) for facts in waiting} | quotas
    return GroupShape(
        least=int(shape["least"]),
        most=int(shape["most"]),
        seats=seats,
        quotas={"class_year": quotas} if quotas else {},
        unlike=UNLIKE if shape["unlike"] else (),
        alike=alike,
        balance=[name for name in room.data["balanced_by"] if name not in alike],
        common_hours=common_hours,
        short=True,
        extra={role: most[role] - n for role, n in seats.items() if most[role] > n},
        within=frozenset(shape["within"]),
    )


def _leader(room: Room, shape: Facts, facts: Facts, depth: int) -> Leader:
    """With as many groups as she can begin."""
    return Leader(
        name=str(lot(facts)),
        role=facts["role"],
        groups=new_groups(room, shape, facts),
        traits={name: str(facts[name] or "") for name in UNLIKE},
        free=int(facts["free_time"], 16),
        person=str(facts["person"]),
        depth=depth,
    )


def _standing(room: Room, shape: Facts, at: Mapping[int, int]) -> list[Standing]:
    """The groups that can take somebody."""
    most = int(shape["most"])
    return [
        Standing(
            name=str(group["mentorship"]),
            leaders=tuple(at[who] for who, _role in group["members"] if who in at),
            members=[_traits(room, shape, facts) for facts in group["students"]],
            free=_shared(group["students"]),
        )
        for group in open_groups(room, shape)
        if not most or len(group["students"]) < most
    ]


def _shared(students: Sequence[Facts]) -> int:
    hours = ALL_HOURS
    for facts in students:
        hours &= int(facts["free_time"], 16)
    return hours


def _traits(room: Room, shape: Facts, facts: Facts) -> dict[str, str]:
    """What counts in this run: in what groups are alike, even or limited, or pairs must be."""
    counts = {*shape.get("alike", ()), *room.data["balanced_by"]}
    counts |= {*room.data["required"], *room.data["differ"]}
    counts |= {"class_year"} if shape["per_class"] else set()
    return {name: str(facts[name] or "") for name in TOLD if name in counts}


def _levels(above: Sequence[Sequence[int]]) -> dict[int, int]:
    """How many stand above each person, one above the other; a circle of old is not gone into."""
    found: dict[int, int] = {}
    for _ in range(len({person for pair in above for person in pair})):
        before = dict(found)
        for leader, below in above:
            found[below] = max(found.get(below, 0), found.get(leader, 0) + 1)
        if found == before:
            break
    return found


@dataclass
class _Rules:
    """What coordinators said, the past, and who is whom, as positions of students and leaders."""

    room: Room
    shape: Facts
    waiting: Sequence[Facts]
    mentors: Sequence[Facts]
    leads: Sequence[Leader]
    standing: Sequence[Standing]

    def __post_init__(self) -> None:
        row = {facts["id"]: i for i, facts in enumerate(self.waiting)}
        column = {facts["id"]: j for j, facts in enumerate(self.mentors)}
        self.by_kind: dict[str, list[tuple[int, int]]] = {}
        for student, mentor, kind in self.room.data["rules"]:
            if student in row and mentor in column:
                self.by_kind.setdefault(kind, []).append((row[student], column[mentor]))
        if self.room.data["assessor_allowed"]:
            self.by_kind.pop("assesses", None)
        self.pinned = self._pinned()
        self.own = self._own()
        said = {pair for kind in BARRED for pair in self.by_kind.get(kind, [])}
        self.barred = sorted(pair for pair in said if pair[0] not in self.pinned)
        self.named = sorted(
            pair for pair in self.by_kind.get("must", []) if pair[0] not in self.pinned
        )

    def _pinned(self) -> dict[int, int]:
        """Those who are kept with somebody who leads in this shape."""
        roles = {seat["role"] for seat in self.shape["seats"]}
        there = {at for one in self.standing for at in one.leaders}
        able = {
            j
            for j, one in enumerate(self.leads)
            if j in there or (one.groups > 0 and one.role in roles)
        }
        # Of two pins of one student the same one holds, in whatever order people come.
        pins = sorted(self.by_kind.get("pin", []), key=lambda pin: lot(self.mentors[pin[1]]))
        return {i: j for i, j in pins if j in able}

    def _own(self) -> list[tuple[int, int]]:
        hers: dict[int, list[int]] = {}
        for j, facts in enumerate(self.mentors):
            hers.setdefault(facts["person"], []).append(j)
        return [(i, j) for i, one in enumerate(self.waiting) for j in hers.get(one["person"], [])]

    def applied(self, scores: Scores) -> Scores:
        """Nobody counts as her own leader; a pin is possible whatever the criteria say."""
        found = scores.copy()
        for i, j in self.own:
            found[i, j] = FORBIDDEN
        for i, j in self.pinned.items():
            found[i, j] = max(0, int(found[i, j]))
        return found


def _wanted(room: Room, shape: Facts, waiting: Sequence[Facts]) -> int:
    """As many new groups as reach the least number, at least as many as there is need for."""
    names = shape.get("alike", ())
    of_kind: dict[Kind, list[Facts]] = {}
    able = [
        facts
        for facts in waiting
        if not shape["per_class"] or str(facts["class_year"]) in shape["per_class"]
    ]
    for facts in able:
        of_kind.setdefault(kind_of(facts, names), []).append(facts)
    return sum(
        _wanted_of(shape, theirs, [group["students"] for group in _of_kind(room, shape, kind)])
        for kind, theirs in of_kind.items()
    )


def _of_kind(room: Room, shape: Facts, kind: Kind) -> list[Facts]:
    """The standing groups that students of this kind can join."""
    names, most = shape.get("alike", ()), int(shape["most"])
    return [
        group
        for group in open_groups(room, shape)
        if (not most or len(group["students"]) < most)
        and (not names or common(kind_of(one, names) for one in group["students"]) == kind)
    ]


def _wanted_of(shape: Facts, waiting: Sequence[Facts], there: Sequence[Sequence[Facts]]) -> int:
    most = int(shape["most"])
    room = sum(most - len(students) if most else len(waiting) for students in there)
    new = max(0, len(waiting) - room)
    if not new:
        return 0
    needed = math.ceil(new / most) if most else 0
    for year, limit in shape["per_class"].items():
        free = sum(limit - _in_year(students, year) for students in there)
        needed = max(needed, math.ceil((_in_year(waiting, year) - free) / limit) if limit else 0)
    begun = new // int(shape["least"])
    return max(needed if not there or begun else 0, begun, 0 if there else 1)


def _in_year(students: Sequence[Mapping[str, Any]], year: str) -> int:
    return sum(str(facts["class_year"]) == year for facts in students)
