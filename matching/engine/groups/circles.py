"""Leaders who are students themselves: where they sit, and whom they cannot be led by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.traits import Bools, Team

LAST = 1_000_000


def seated(instance: GroupInstance, teams: Sequence[Team]) -> dict[int, int]:
    """The group of each student who leads as one of the students of it.

    A pin outweighs it: whoever is pinned to somebody else is with her.
    """
    pinned = {i for i, _leader in instance.pinned}
    found: dict[int, int] = {}
    for i, leader in instance.own:
        if instance.leaders[leader].role not in instance.shape.within or i in pinned:
            continue
        hers = [k for k, team in enumerate(teams) if leader in team]
        if hers:
            found.setdefault(i, hers[0])
    return found


def closed(instance: GroupInstance, teams: Sequence[Team]) -> Bools:
    """``[student, group]``: she leads it, or somebody who leads it is below her.

    Everybody who leads and is led has a rank: how many stand above her already, then the first of
    her groups in the order of the teams. Whoever leads ranks before whom she leads, so no circle
    can close.
    """
    found = np.zeros((len(instance.students), len(teams)), np.bool_)
    own: dict[int, list[int]] = {}
    for i, leader in instance.own:
        own.setdefault(i, []).append(leader)
    within = set(seated(instance, teams))
    led = {leader for i, leader in instance.own if i not in within}
    led |= {at for at, one in enumerate(instance.leaders) if one.depth > 0}
    order = _order(instance, teams, led)
    first = {at: min((order[k] for k, t in enumerate(teams) if at in t), default=LAST)
             for at in range(len(instance.leaders))}  # fmt: skip
    for i in range(len(instance.students)):
        hers = own.get(i, [])
        depth = max([instance.depth[i] if instance.depth else -1]
                    + [instance.leaders[at].depth for at in hers])  # fmt: skip
        if depth < 0:
            continue
        rank = (depth, min((first[at] for at in hers), default=LAST))
        for k, team in enumerate(teams):
            below = any((instance.leaders[at].depth, first[at]) >= rank for at in led & set(team))
            found[i, k] = below or not set(hers).isdisjoint(team)
    return found


def _order(instance: GroupInstance, teams: Sequence[Team], led: set[int]) -> list[int]:
    """The place of each team: those come first whose leaders have the fewest above them."""
    depth = [
        max((instance.leaders[at].depth for at in led & set(team)), default=0) for team in teams
    ]
    places = sorted(range(len(teams)), key=lambda k: (depth[k], k))
    return [places.index(k) for k in range(len(teams))]
