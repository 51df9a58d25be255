"""What an assignment of students to teams amounts to."""

from __future__ import annotations

import numpy as np

from matching.engine.groups.instance import ALL_HOURS, Balance, Group, GroupInstance, Leaders
from matching.engine.groups.task import Task
from matching.engine.groups.traits import Ints, Team


def standing(task: Task, chosen: Ints) -> tuple[int, int, int]:
    """Pinned students and students placed, and new groups begun."""
    there = chosen >= 0
    begun = sum(j >= task.stand for j in set(chosen[there].tolist()))
    return int(task.pins[there].sum()), int(task.sizes[there].sum()), begun


def spread(task: Task, chosen: Ints, trait: int) -> int:
    """The greatest difference between two groups of one kind in a value of this trait."""
    found = [max(counts) - min(counts) for counts in _counts(task, chosen, trait)]
    return max(found, default=0)


def _counts(task: Task, chosen: Ints, trait: int) -> list[list[int]]:
    """For each value and kind the number of such students in each group begun or standing."""
    found = []
    for f, feature in enumerate(task.features):
        if feature.trait == trait:
            of_kind = {*chosen[(chosen >= 0) & (task.kinds == feature.kind)].tolist()}
            of_kind |= {j for j in range(task.stand) if task.is_of(j, feature.kind)}
            found.append(
                [int(task.counts[chosen == j, f].sum()) + task.inside(j, f) for j in of_kind]
            )
    return [counts for counts in found if counts]


def balances(instance: GroupInstance, task: Task, chosen: Ints) -> list[Balance]:
    found = []
    for at, trait in enumerate(instance.shape.balance):
        counts = _counts(task, chosen, at)
        means = [sum(one) / len(one) for one in counts]
        away = [abs(n - mean) for one, mean in zip(counts, means, strict=True) for n in one]
        found.append(Balance(trait, spread(task, chosen, at), round(max(away, default=0.0), 3)))
    return found


def begun_groups(
    instance: GroupInstance, task: Task, teams: list[Team], chosen: Ints
) -> list[Group]:
    """The groups that somebody joins: those that stand, then new ones by their leaders' names."""
    found = []
    for j, team in enumerate(teams):
        blocks = np.nonzero(chosen == j)[0].tolist()
        if not blocks:
            continue
        mask = ALL_HOURS & task.open_hours[j]
        for b in blocks:
            mask &= task.free[b]
        group = Group(
            leaders=as_seated(instance, team),
            students=tuple(sorted(instance.students[i] for b in blocks for i in task.members[b])),
            total=int(task.weights[blocks, j].sum()),
            hours=mask,
            standing=instance.standing[j].name if j < task.stand else "",
        )
        found.append(group)
    return sorted(found, key=_in_order)


def _in_order(group: Group) -> tuple[bool, str, Leaders, tuple[str, ...]]:
    return not group.standing, group.standing, group.leaders, group.students


def idle_teams(instance: GroupInstance, teams: list[Team], chosen: Ints) -> list[Leaders]:
    """New teams that nobody joins."""
    begun = {*chosen.tolist(), *range(len(instance.standing))}
    return sorted(as_seated(instance, team) for j, team in enumerate(teams) if j not in begun)


def as_seated(instance: GroupInstance, team: Team) -> Leaders:
    """In the order in which the shape names the roles: the first leads."""
    order = {role: n for n, role in enumerate(instance.shape.seats)}
    leaders = [(instance.leaders[at].name, instance.leaders[at].role) for at in team]
    return tuple(sorted(leaders, key=lambda one: (order.get(one[1], len(order)), one[0])))
