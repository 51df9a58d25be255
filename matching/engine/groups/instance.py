"""What forming groups starts from and what it ends in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from matching.engine.instance import shuffled_order

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.int32]

Quotas = Mapping[str, Mapping[str, tuple[int, int]]]
Leaders = tuple[tuple[str, str], ...]
"""Names and roles, in the order in which the shape names the roles."""
ALL_HOURS = (1 << 168) - 1


@dataclass(frozen=True)
class Leader:
    """Somebody who can lead ``groups`` groups more, in one role.

    ``person``: leaders who are the same person are never in one team. ``depth``: how many people
    stand above her already, one above the other, as leader and student (see ``own``).
    """

    name: str
    role: str
    groups: int
    traits: Mapping[str, str] = field(default_factory=dict)
    free: int = ALL_HOURS
    person: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Standing:
    """A group that is there already: who leads it, and the traits of those who stay in it.

    ``leaders`` are positions; ``free`` are the hours that all its students share.
    """

    name: str
    leaders: tuple[int, ...]
    members: Sequence[Mapping[str, str]] = ()
    free: int = ALL_HOURS


@dataclass(frozen=True)
class GroupShape:
    """What every group must look like.

    ``most`` 0 means no limit. ``short``: a group may be smaller than ``least`` where somebody would
    be left over otherwise, by as little as can be. ``seats`` says how many leaders of each role a
    group has, ``extra`` how many more of a role may join them, ``within`` which roles count among
    the students: whoever leads in one of these sits in the group she leads.
    ``quotas[trait][value]`` is the least and most number of such students of a group; a value
    that is not named has no quota of its own. Students of one group are the same in every trait
    of ``alike``; co-leaders differ in those of ``unlike`` as far as there are such people. The
    values of each trait in ``balance`` are spread evenly over the groups (of the same kind, where
    groups are ``alike``), the first trait before the next. All of a group share at least
    ``common_hours`` hours of the week.
    """

    least: int
    most: int
    seats: Mapping[str, int]
    quotas: Quotas = field(default_factory=dict)
    unlike: Sequence[str] = ()
    alike: Sequence[str] = ()
    balance: Sequence[str] = ()
    common_hours: int = 0
    short: bool = False
    extra: Mapping[str, int] = field(default_factory=dict)
    within: Collection[str] = ()


@dataclass(frozen=True)
class GroupInstance:
    """Students, leaders, the shape of a group, and the score of every allowed pair.

    ``scores[i, l]`` is in millionths, ``FORBIDDEN`` where student and leader have nothing that
    allows the pair: a student may still join a group for the sake of its other leaders. She never
    joins one that somebody of ``barred`` leads; who is in ``named`` joins one that one of those
    leaders leads. ``together``, ``apart`` (student, student) and ``pinned``, ``barred``, ``named``
    (student, leader) hold positions. ``free`` has a bit for each hour of the week; without it
    everybody is always free. ``wanted`` groups are formed, as far as leaders and students suffice;
    with ``None`` as few as give everybody a place.

    ``standing`` groups keep their people; whom they have a place for may join. ``own`` pairs are
    one person, who mentors and is mentored: she is in no group that she leads (but see ``within``),
    and nobody comes to lead somebody who stands above her, directly or over others. ``depth`` is
    that of students (−1: she leads nobody outside this instance).
    """

    students: Sequence[str]
    traits: Sequence[Mapping[str, str]]
    leaders: Sequence[Leader]
    shape: GroupShape
    scores: Scores
    together: Sequence[tuple[int, int]] = ()
    apart: Sequence[tuple[int, int]] = ()
    pinned: Sequence[tuple[int, int]] = ()
    barred: Sequence[tuple[int, int]] = ()
    free: Sequence[int] = ()
    wanted: int | None = None
    named: Sequence[tuple[int, int]] = ()
    own: Sequence[tuple[int, int]] = ()
    depth: Sequence[int] = ()
    standing: Sequence[Standing] = ()

    def shuffled(self, seed: int) -> GroupInstance:
        """The same instance in an order that depends on the seed and the names alone."""
        rows = shuffled_order(self.students, seed, "student")
        columns = shuffled_order([one.name for one in self.leaders], seed, "leader")
        row_of = {old: new for new, old in enumerate(rows)}
        column_of = {old: new for new, old in enumerate(columns)}

        def mates(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
            found = {(min(row_of[a], row_of[b]), max(row_of[a], row_of[b])) for a, b in pairs}
            return sorted(found)

        def led(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
            return sorted({(row_of[i], column_of[j]) for i, j in pairs})

        return GroupInstance(
            students=[self.students[i] for i in rows],
            traits=[self.traits[i] for i in rows],
            leaders=[self.leaders[j] for j in columns],
            shape=self.shape,
            scores=self.scores[rows][:, columns].reshape(len(rows), len(columns)),
            together=mates(self.together),
            apart=mates(self.apart),
            pinned=led(self.pinned),
            barred=led(self.barred),
            free=[self.free[i] for i in rows] if self.free else (),
            wanted=self.wanted,
            named=led(self.named),
            own=led(self.own),
            depth=[self.depth[i] for i in rows] if self.depth else (),
            standing=[
                replace(one, leaders=tuple(column_of[at] for at in one.leaders))
                for one in sorted(self.standing, key=lambda one: one.name)
            ],
        )


@dataclass(frozen=True)
class Group:
    """One group that is begun, or one that stands (by its name) with those who join it.

    ``hours`` are those in which all of it are free.
    """

    leaders: Leaders
    students: tuple[str, ...]
    total: int
    hours: int
    standing: str = ""


@dataclass(frozen=True)
class Balance:
    """How evenly a trait is spread: over all its values and groups of one kind,

    ``difference`` is the greatest between the numbers of two groups, ``deviation`` the greatest
    from the mean of all groups.
    """

    trait: str
    difference: int
    deviation: float


@dataclass(frozen=True)
class GroupResult:
    """Groups and what is known about them. Totals are in millionths.

    ``idle`` are teams that nobody joins.

    ``bound`` limits the total of every way to give students to these teams of leaders that keeps
    all rules, places as many pinned and as many other students, begins as many groups and is as
    evenly spread (``difference`` of each trait no greater, or at most 1). Where the teams were
    given a kind of students each (see ``kinds``), it is one that keeps those. It says nothing
    about other teams. ``proven`` says that, for these teams, nobody can place more students,
    begin more groups or spread them more evenly; ``optimal`` that the bound is reached, too.
    """

    seed: int
    groups: list[Group]
    idle: list[Leaders]
    unplaced: list[str]
    total: int
    bound: int
    proven: bool
    balance: list[Balance] = field(default_factory=list)
    explanations: list[dict[str, Any]] = field(default_factory=list)

    @property
    def gap(self) -> float:
        """How much of the bound is missing, as a share of it."""
        return (self.bound - self.total) / self.bound if self.bound else 0.0

    @property
    def optimal(self) -> bool:
        return self.proven and self.total == self.bound
