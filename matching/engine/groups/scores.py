"""How well each student is with each team, and which hours a group has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.engine.groups import circles
from matching.engine.groups.instance import ALL_HOURS, GroupInstance, Standing
from matching.engine.groups.traits import Bools, Ints, Team
from matching.engine.instance import FORBIDDEN


def group_scores(
    instance: GroupInstance, teams: Sequence[Team], standing: Sequence[Standing] = ()
) -> Ints:
    """A student's score in a group: the mean over those leaders with whom she may be.

    Forbidden where there is none, where somebody who leads is barred, where she is pinned to
    somebody else or has others named, or where she and the leaders have too few hours in common.
    The first teams are those of ``standing``.
    """
    scores = np.full((len(instance.students), len(teams)), FORBIDDEN, np.int64)
    barred = np.zeros((len(instance.students), len(instance.leaders)), np.bool_)
    for i, j in instance.barred:
        barred[i, j] = True
    closed = circles.closed(instance, teams)
    seats = circles.seated(instance, teams)
    hours, needed = group_hours(instance, teams, standing), instance.shape.common_hours
    for k, team in enumerate(teams):
        of_leaders = instance.scores[:, list(team)].astype(np.int64)
        may = of_leaders >= 0
        number = may.sum(axis=1)
        sums = np.where(may, of_leaders, 0).sum(axis=1)
        fits = (number > 0) & ~closed[:, k]
        for i, seat in seats.items():
            fits[i] = seat == k
        fits &= ~barred[:, list(team)].any(axis=1) & _asked_for(instance, team)
        if needed:
            meets = [(one & hours[k]).bit_count() >= needed for one in free_of(instance)]
            fits &= np.array(meets, np.bool_)
        scores[:, k] = np.where(fits, sums // np.maximum(number, 1), FORBIDDEN)
    return scores


def _asked_for(instance: GroupInstance, team: Team) -> Bools:
    """Whether somebody leads to whom she is pinned, or one of those named for her."""
    fits = np.ones(len(instance.students), np.bool_)
    for i, leader in instance.pinned:
        fits[i] &= leader in team
    named: dict[int, set[int]] = {}
    for i, leader in instance.named:
        named.setdefault(i, set()).add(leader)
    for i, theirs in named.items():
        fits[i] &= not theirs.isdisjoint(team)
    return fits


def group_hours(
    instance: GroupInstance, teams: Sequence[Team], standing: Sequence[Standing]
) -> list[int]:
    """Of each group the hours in which its leaders, and those who are in it already, are free."""
    hours = [team_hours(instance, team) for team in teams]
    for k, one in enumerate(standing):
        hours[k] &= one.free
    return hours


def team_hours(instance: GroupInstance, team: Team) -> int:
    """Hours in which all leaders of a team are free."""
    mask = ALL_HOURS
    for leader in team:
        mask &= instance.leaders[leader].free
    return mask


def free_of(instance: GroupInstance) -> Sequence[int]:
    return instance.free or [ALL_HOURS] * len(instance.students)
