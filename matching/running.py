"""From a run's stored inputs to what it proposes. Loads NumPy and SciPy: for jobs only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matching import grouping, rematching
from matching.columns import Column, Group, Room, columns
from matching.engine.instance import Procedure
from matching.group_inputs import leader_columns
from matching.outcome import Outcome, Proposal
from matching.part import Part
from matching.shapes import in_teams

Progress = Callable[[int, int], None]


def run(data: Mapping[str, Any], procedure: str, seed: int, progress: Progress) -> Outcome:
    """Form groups, score, solve and explain, shape by shape.

    The same for the same inputs, procedure and seed.
    """
    steps = len(data["students"]) + 3
    progress(0, steps)
    outcome = Outcome()
    room = Room(data, seed, outcome.groups)
    for shape in data["shapes"]:
        part = solved(room, shape, procedure)
        progress(min(steps, len(outcome.proposals) + 2), steps)
        outcome.results.append(part.result)
        outcome.left_over += [one | {"shape": shape["slug"]} for one in part.left_over]
        for proposal, column in part.proposals():
            outcome.proposals.append(proposal)
            if column is not None:
                room.take(column, proposal.student)
            progress(min(steps, len(outcome.proposals) + 3), steps)
    # Groups that nobody joins are not begun.
    rematching.tell_changes(outcome, data.get("current", []))
    used = {proposal.group for proposal in outcome.proposals}
    outcome.groups = [group for group in outcome.groups if group.number in used]
    outcome.proposals += [
        Proposal(facts["id"], None, None, [{"code": "no_shape"}])
        for facts in data["students"]
        if not facts["shapes"]
    ]
    progress(steps, steps)
    return outcome


def waiting_for(data: Mapping[str, Any], shape: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The students who wait for a place in this shape."""
    return [facts for facts in data["students"] if shape["slug"] in facts["shapes"]]


def places(room: Room, shape: Mapping[str, Any]) -> list[Column]:
    """Everything students of a shape can be placed in, whoever places them."""
    waiting = waiting_for(room.data, shape)
    if not in_teams(shape):
        return columns(room, shape, waiting)
    scores = Part(room.data, shape, waiting, leader_columns(room, shape)).scores
    return grouping.team_columns(room, shape, waiting, scores)


def solved(room: Room, shape: Mapping[str, Any], procedure: str) -> Part:
    """One shape, after those before it have taken their places."""
    waiting = waiting_for(room.data, shape)
    if not grouping.forms(shape, procedure):
        above = [(a, b) for a, b in (*room.data.get("above", ()), *room.above)]
        part = Part(room.data, shape, waiting, places(room, shape), above)
        part.solve(Procedure(procedure), room.seed)
        return part
    leaders = leader_columns(room, shape)
    scores = Part(room.data, shape, waiting, leaders).scores
    formed = grouping.form(room, shape, waiting, scores, Procedure(procedure))
    part = Part(room.data, shape, waiting, formed.columns)
    part.keep(formed)
    return part


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
        waiting = waiting_for(data, shape)
        able = [column for column in places(room, shape) if column.places]
        part = Part(data, shape, waiting, able)
        part.rule()
        offset = len(found.columns)
        # Equals come in an order by lot, another one for each student.
        lot = np.random.default_rng(seed).permutation(len(able))
        found.columns += able
        for i, facts in enumerate(waiting):
            row = part.scores[i]
            mine = np.flatnonzero(row >= 0)
            order = mine[np.lexsort((np.roll(lot, i)[mine], -row[mine]))][:BEST]
            best = [(offset + int(k), int(row[k])) for k in order]
            found.best.append((facts["id"], shape["slug"], best))
    progress(1, 1)
    return found
