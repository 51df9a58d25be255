"""Groups of a run, formed by the engine for groups. Loads NumPy and SciPy: for jobs only.

Optimal and random matchings of shapes that are groups come from that engine, which minds how small
and large a group is, and how evenly people are spread. The other procedures know of places alone:
they give students to the places of the same teams.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.alike import common, kind_of
from matching.columns import Column, Facts, Room, lot, numbered, seats_in
from matching.engine.groups.instance import GroupInstance, GroupResult
from matching.engine.groups.solving import drawn_teams, solve_groups
from matching.engine.instance import FORBIDDEN, Procedure, Result
from matching.group_inputs import Scores, instance_of, leader_columns, open_groups
from matching.shapes import grouped

FORMED = frozenset({Procedure.OPTIMAL, Procedure.RANDOM, Procedure.KEEPING})
SIZE = "size"
"""A trait that nobody has: to spread it evenly makes groups of even size."""
MOST_LOTS = 1_000_000
CAUSES = frozenset({"circle", "common_hours", "quota_most"})
"""What closes a group to somebody, beside the rules about two people."""
AS_RULED = {"own": "self", "barred": "forbid", "alike": "other_kind", "named": "must"}
"""What the engine for groups calls other than the rules of a run do."""
NEW: Facts = {"members": [], "mentorship": None, "students": []}


@dataclass(frozen=True)
class Formation:
    """The groups with their places, who sits where, and why others are left over.

    ``scores`` are those of students in the columns they are placed in, both by position. ``why``
    has a reason for each who is left over, by id; ``left_over`` each reason once, with how many it
    leaves.
    """

    columns: list[Column]
    result: Result
    scores: dict[tuple[int, int], int]
    why: dict[int, dict[str, Any]]
    left_over: list[dict[str, Any]]


def _by_name(room: Room) -> dict[str, int]:
    """Mentors by what the engine calls them."""
    return {str(lot(facts)): facts["id"] for facts in room.data["mentors"]}


def forms(shape: Facts, procedure: str) -> bool:
    """Whether the engine for groups forms the groups of this shape under this procedure."""
    return grouped(shape) and procedure in FORMED


def team_columns(
    room: Room, shape: Facts, waiting: Sequence[Facts], scores: Scores
) -> list[Column]:
    """The places of all groups: of those that stand, and of new ones with the teams they get."""
    found: list[Column] = []
    names = shape.get("alike", ())
    for facts in open_groups(room, shape):
        group = numbered(room, shape, facts["members"], facts["mentorship"])
        kind = common(kind_of(one, names) for one in facts["students"]) if names else None
        found += seats_in(shape, group, facts["students"], len(waiting), kind)
    leaders = [column.mentors[0] for column in leader_columns(room, shape)]
    instance = instance_of(room, shape, waiting, leaders, scores)
    drawn = drawn_teams(instance, room.seed)
    share = -(-len(waiting) // max(1, len(drawn)))
    known = _by_name(room)
    for team, of_kind in drawn:
        members = [[known[name], role] for name, role in team]
        group = numbered(room, shape, members, None)
        found += seats_in(shape, group, (), share, of_kind if names else None)
    return found


def form(
    room: Room, shape: Facts, waiting: Sequence[Facts], scores: Scores, procedure: Procedure
) -> Formation:
    """The groups of one shape; ``scores`` are of all students with the leaders' columns.

    The same for the same people, scores and seed, in whatever order they come.
    """
    leaders = [column.mentors[0] for column in leader_columns(room, shape)]
    instance = instance_of(room, shape, waiting, leaders, scores)
    asked = _by_lot(instance, room.seed) if procedure is Procedure.RANDOM else instance
    result = solve_groups(asked, room.seed)
    columns, seats = _seats(room, shape, waiting, result)
    at = {who: position for position, who in enumerate(leaders)}
    taken = {
        (i, k): _score(instance, i, [at[who] for who in columns[k].mentors])
        for i, k in seats.items()
    }
    ids = {str(lot(facts)): facts["id"] for facts in waiting}
    named = {(instance.students[i], columns[k].name): value for (i, k), value in taken.items()}
    return Formation(
        columns=columns,
        result=_measured(procedure, instance, result, named),
        scores=taken,
        why={
            ids[name]: _plain(reason) for reason in result.explanations for name in reason["names"]
        },
        left_over=[_plain(one) | {"left": len(one["names"])} for one in result.explanations],
    )


def _by_lot(instance: GroupInstance, seed: int) -> GroupInstance:
    """The same with chance instead of scores, and groups of even size before all else."""
    chance = np.random.default_rng(seed)
    lots = chance.integers(0, MOST_LOTS, instance.scores.shape, np.int32)
    rows = sorted(range(len(instance.students)), key=lambda i: int(instance.students[i]))
    columns = sorted(range(len(instance.leaders)), key=lambda j: int(instance.leaders[j].name))
    drawn = np.empty_like(lots)
    drawn[np.ix_(rows, columns)] = lots
    drawn[instance.scores < 0] = FORBIDDEN
    shape = replace(instance.shape, balance=(SIZE, *instance.shape.balance))
    return replace(instance, scores=drawn, shape=shape)


def _seats(
    room: Room, shape: Facts, waiting: Sequence[Facts], result: GroupResult
) -> tuple[list[Column], dict[int, int]]:
    """The places of the groups that are joined, and the column of each student placed."""
    position = {str(lot(facts)): i for i, facts in enumerate(waiting)}
    known = _by_name(room)
    there = {str(facts["mentorship"]): facts for facts in open_groups(room, shape)}
    columns: list[Column] = []
    seats: dict[int, int] = {}
    for one in result.groups:
        facts = there.get(one.standing, NEW)
        members = facts["members"] or [[known[name], role] for name, role in one.leaders]
        group = numbered(room, shape, members, facts["mentorship"])
        joined = [position[name] for name in one.students]
        names = shape.get("alike", ())
        kind = kind_of(waiting[joined[0]], names) if names else None
        places = seats_in(shape, group, facts["students"], len(waiting), kind)
        for i in joined:
            of_year = (None, waiting[i]["class_year"])
            own = next(k for k, column in enumerate(places) if column.class_year in of_year)
            seats[i] = len(columns) + own
        columns += places
    return columns, seats


def _score(instance: GroupInstance, i: int, team: Sequence[int]) -> int:
    """As the engine counts: the mean over those who lead and with whom she may be."""
    able = [score for at in team if (score := int(instance.scores[i, at])) >= 0]
    return sum(able) // len(able) if able else 0


def _measured(
    procedure: Procedure,
    instance: GroupInstance,
    result: GroupResult,
    taken: Mapping[tuple[str, str], int],
) -> Result:
    """What is known about it, in the scores of the run. The bound holds for these teams."""
    total = sum(taken.values())
    drawn = procedure is Procedure.RANDOM
    bound = _best_for_each(instance, result) if drawn else result.bound
    return Result(
        procedure=procedure,
        seed=result.seed,
        pairs=sorted(taken),
        unmatched=result.unplaced,
        total=total,
        bound=bound,
        optimal=total == bound and result.proven,
        minimum=min(taken.values(), default=None),
    )


def _best_for_each(instance: GroupInstance, result: GroupResult) -> int:
    """What students could have at most in these groups, each for herself."""
    at = {one.name: position for position, one in enumerate(instance.leaders)}
    teams = [[at[name] for name, _role in group.leaders] for group in result.groups]
    teams += [[at[name] for name, _role in team] for team in result.idle]
    return sum(
        max((_score(instance, i, team) for team in teams), default=0)
        for i in range(len(instance.students))
    )


def _plain(reason: Mapping[str, Any]) -> dict[str, Any]:
    """A reason of the engine as a run keeps it: without names, told by traits if it can be."""
    kept = {key: value for key, value in reason.items() if key not in ("names", "among", "traits")}
    if "causes" in kept:
        kept["causes"] = {AS_RULED.get(code, code): n for code, n in kept["causes"].items()}
    if reason["code"] == "too_few_places" and reason["traits"]:
        return kept | {"code": "too_few_alike", "alike": reason["traits"]}
    return kept
