"""What students can be placed in: a mentor's places, or the group that a team leads. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from matching.alike import Kind, dealt, kind_of
from matching.engine import teams

UNLIMITED = 1_000_000
# In what co-leaders of unlike background differ, the weightiest first.
TRAITS = ("track", "gender", "campus")

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """Places for students, of one class year or kind or of any, with the people who lead there.

    ``team`` is the number of the group in the run; without one the places are a single mentor's,
    who may lead several groups.
    """

    mentors: tuple[int, ...]
    places: int
    class_year: int | None = None
    team: int | None = None
    kind: Kind | None = None

    @property
    def name(self) -> str:
        """Distinct in its part, and for a mentor's own places her id."""
        name = str(self.mentors[0]) if self.team is None else f"group {self.team}"
        if self.kind is not None and self.team is None:
            return f"{name}/{self.kind!r}"
        return name if self.class_year is None else f"{name}/{self.class_year}"

    def suits(self, student: Facts, shape: Facts) -> bool:
        """Whether it is for students of her kind, or for any."""
        return self.kind is None or self.kind == kind_of(student, shape.get("alike", ()))


@dataclass
class Group:
    """A group of the run: one that stands, or a new one with its team."""

    number: int
    shape: str
    members: list[tuple[int, str]]
    mentorship: int | None = None

    def plain(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "shape": self.shape,
            "members": [list(member) for member in self.members],
            "mentorship": self.mentorship,
        }


@dataclass
class Room:
    """What is left to give while one shape after the other is looked at."""

    data: Facts
    seed: int
    groups: list[Group] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)

    def places(self, mentor: Facts) -> int:
        return max(0, int(mentor["places"]) - self.taken.get(mentor["id"], 0))

    def take(self, column: Column, students: int) -> None:
        """Counts students whom a shape has placed with these mentors."""
        for mentor in column.mentors:
            self.taken[mentor] = self.taken.get(mentor, 0) + students


def columns(room: Room, shape: Facts, waiting: Sequence[Facts]) -> list[Column]:
    """Where the students of one shape can be placed."""
    return _team_columns(room, shape, waiting) if shape["team"] else _own(room, shape, waiting)


def _own(room: Room, shape: Facts, waiting: Sequence[Facts]) -> list[Column]:
    """Every mentor's own places; new groups only as many as reach the least number."""
    roles = {seat["role"] for seat in shape["seats"]}
    mentors = [facts for facts in room.data["mentors"] if facts["role"] in roles]
    if shape["unit"] == "students_per_class":
        return _per_class(shape, mentors)
    if shape.get("alike", ()):
        return _own_alike(room, shape, mentors, waiting)
    places = {facts["id"]: _places_of_one(room, shape, facts) for facts in mentors}
    opened = _opened(room, shape, mentors, places, len(waiting))
    return [
        Column((facts["id"],), places[facts["id"]] if facts["id"] in opened else 0)
        for facts in mentors
    ]


def _places_of_one(room: Room, shape: Facts, mentor: Facts) -> int:
    if shape["unit"] == "groups":
        most = shape["most"] or UNLIMITED
        return min(
            UNLIMITED, int(mentor["groups_left"] * most + mentor["room"].get(shape["slug"], 0))
        )
    return room.places(mentor)


def _own_alike(
    room: Room, shape: Facts, mentors: Sequence[Facts], waiting: Sequence[Facts]
) -> list[Column]:
    """The groups of single mentors, each for students of one kind: those that stand come first."""
    number = Counter(kind_of(facts, shape.get("alike", ())) for facts in waiting)
    found: Counter[tuple[int, Kind | None]] = Counter()
    new: list[tuple[int, int]] = []
    for facts in mentors:
        standing = facts["kinds"].get(shape["slug"], [])
        for kind, places in standing:
            found[facts["id"], tuple(kind) if kind else None] += places
        # A mentor of so many students has them in one group.
        own = [shape["most"] or len(waiting)] * facts["groups_left"]
        if shape["unit"] != "groups":
            own = [] if standing else [room.places(facts)]
        new += [(facts["id"], size) for size in own if size > 0]
    for (_mentor, kind), places in found.items():
        if kind is not None:
            number[kind] = max(0, number[kind] - places)
    Random(f"{room.seed}:{shape['slug']}:open").shuffle(new)  # noqa: S311 (a lot, no secret)
    kinds = dealt(number, [size for _mentor, size in new], shape["least"])
    for (mentor, size), kind in zip(new, kinds, strict=True):
        if kind is not None:
            found[mentor, kind] += size
    return [Column((mentor,), places, kind=kind) for (mentor, kind), places in found.items()]


def _opened(
    room: Room, shape: Facts, mentors: Sequence[Facts], places: Mapping[int, int], waiting: int
) -> set[int]:
    """Those who take students now: a group below its least number is not begun, if it can be."""
    if shape["least"] <= 1:
        return {facts["id"] for facts in mentors}
    slug = shape["slug"]
    opened = {facts["id"] for facts in mentors if slug in facts["room"]}
    standing = sum(facts["room"].get(slug, 0) for facts in mentors)
    new = max(0, waiting - standing)
    idle = [facts["id"] for facts in mentors if slug not in facts["room"]]
    Random(f"{room.seed}:{slug}:open").shuffle(idle)  # noqa: S311 (a lot, no secret)
    number, reached = new // shape["least"], standing
    for mentor in idle:
        if number <= 0 and reached >= waiting:
            break
        opened.add(mentor)
        number -= 1
        reached += places[mentor]
    return opened


def _per_class(shape: Facts, mentors: Sequence[Facts]) -> list[Column]:
    """So many students of each class year with every mentor."""
    return [
        Column(
            (facts["id"],),
            max(0, facts["capacity"] - facts["by_class"].get(str(year), 0)),
            class_year=year,
        )
        for facts in mentors
        for year in shape["years"]
    ]


def _team_columns(room: Room, shape: Facts, waiting: Sequence[Facts]) -> list[Column]:
    """Groups that stand and have room, and new ones for the rest."""
    found: list[Column] = []
    standing = 0
    for facts in room.data["groups"]:
        if facts["shape"] == shape["slug"]:
            group = _numbered(room, shape, facts["members"], facts["mentorship"])
            added = _seats_in(shape, group, facts["by_class"], len(waiting))
            if shape.get("alike", ()):
                kind = tuple(facts["kind"]) if facts["kind"] else None
                added = [replace(column, kind=kind) for column in added]
            standing += min(len(waiting), sum(column.places for column in added))
            found += added
    pool = _pool(room, shape)
    seats = [teams.Seat(s["role"], s["least"], s["most"]) for s in shape["seats"]]
    if shape.get("alike", ()):
        left, wanted = _of_kinds(shape, waiting, found)
    else:
        left, wanted = {}, _wanted(shape, waiting, standing, any_=bool(found))
    formed = teams.form(
        seats, pool, wanted=wanted, seed=f"{room.seed}:{shape['slug']}", unlike=shape["unlike"]
    )
    size = shape["most"] or len(waiting)
    kinds: list[Kind | None] = [None] * len(formed)
    if left:
        kinds = dealt(left, [size] * len(formed), shape["least"])
    for team, kind in zip(formed, kinds, strict=True):
        if left and kind is None:
            continue
        members = [[member.id, role] for member, role in team.members]
        group = _numbered(room, shape, members, None)
        share = len(waiting) if kind is None else left[kind]
        added = _seats_in(shape, group, {}, math.ceil(share / kinds.count(kind)))
        found += [replace(column, kind=kind) for column in added] if kind else added
    return found


def _of_kinds(
    shape: Facts, waiting: Sequence[Facts], standing: Sequence[Column]
) -> tuple[dict[Kind, int], int]:
    """How many students of each kind wait for a new group, and how many groups are wanted."""
    of_kind: dict[Kind, list[Facts]] = {}
    for facts in waiting:
        of_kind.setdefault(kind_of(facts, shape["alike"]), []).append(facts)
    left, wanted = {}, 0
    for kind, theirs in of_kind.items():
        there = [column for column in standing if column.kind == kind]
        places = min(len(theirs), sum(column.places for column in there))
        left[kind] = len(theirs) - places
        wanted += _wanted(shape, theirs, places, any_=bool(there))
    return left, wanted


def _numbered(
    room: Room, shape: Facts, members: Sequence[Sequence[Any]], mentorship: int | None
) -> Group:
    group = Group(
        number=len(room.groups) + 1,
        shape=shape["slug"],
        members=[(int(who), str(role)) for who, role in members],
        mentorship=mentorship,
    )
    room.groups.append(group)
    return group


def _seats_in(
    shape: Facts, group: Group, by_class: Mapping[str, int], unlimited: int
) -> list[Column]:
    """The places of one group. Where no size is stated, its share of those who wait."""
    people = tuple(who for who, _role in group.members)
    if shape["per_class"]:
        return [
            Column(people, max(0, most - by_class.get(year, 0)), int(year), group.number)
            for year, most in shape["per_class"].items()
        ]
    most = shape["most"] or sum(by_class.values()) + unlimited
    return [Column(people, max(0, most - sum(by_class.values())), None, group.number)]


def _pool(room: Room, shape: Facts) -> dict[str, list[teams.Candidate]]:
    pool: dict[str, list[teams.Candidate]] = {}
    roles = {seat["role"] for seat in shape["seats"]}
    for facts in room.data["mentors"]:
        if facts["role"] not in roles:
            continue
        groups = facts["groups_left"]
        if shape["unit"] != "groups":
            leads = shape["slug"] in facts["room"]
            groups = 0 if leads or room.places(facts) <= 0 else 1
        if groups > 0:
            traits = tuple(str(facts[name]) for name in TRAITS)
            lot = facts.get("lot", facts["id"])
            candidate = teams.Candidate(facts["id"], facts["person"], groups, traits, lot)
            pool.setdefault(facts["role"], []).append(candidate)
    return pool


def _wanted(shape: Facts, waiting: Sequence[Facts], standing: int, *, any_: bool) -> int:
    """As many new groups as reach the least number, at least as many as there is need for."""
    new = max(0, len(waiting) - standing)
    if not new:
        return 0
    if shape["per_class"]:
        sizes = shape["per_class"].items()
        of_class = {y: sum(str(s["class_year"]) == y for s in waiting) for y, _most in sizes}
        needed = max(math.ceil(of_class[y] / most) for y, most in sizes if most)
    else:
        needed = math.ceil(new / shape["most"]) if shape["most"] else 0
    begun = new // int(shape["least"])
    return max(needed if not any_ or begun else 0, begun, 0 if any_ else 1)
