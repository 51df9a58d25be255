"""How many groups there are to be, and how small one may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.traits import Bools, kind, kinds_among, kinds_of, values


def needed(instance: GroupInstance) -> int:
    """The fewest new groups that could give everybody a place, by size and quotas alone."""
    return sum(_needed(instance, of) for of in _of_kinds(instance))


def at_most(instance: GroupInstance) -> int:
    """So many groups can reach their least number; one at least is tried."""
    of_kinds = _of_kinds(instance)
    number = 0
    for of, least in zip(of_kinds, leasts(instance), strict=True):
        number += int(of.sum()) // least
    return max(1, number) if of_kinds else 0


def leasts(instance: GroupInstance) -> list[int]:
    """The least number of students of a new group of each kind.

    Where groups may be ``short``, that is what everybody makes in the fewest groups that hold all,
    if it is fewer: 175 in groups of six are groups of five and six.
    """
    least, found = max(1, instance.shape.least), []
    for of in _of_kinds(instance):
        waiting = max(0, int(of.sum()) - _room(instance, of))
        groups = _needed(instance, of)
        each = waiting // groups if groups else least
        found.append(max(1, min(least, each)) if instance.shape.short else least)
    return found


def _of_kinds(instance: GroupInstance) -> list[Bools]:
    """Of each kind those whom a group can have at all: not those with a quota of nobody."""
    kinds, kind_of = kinds_of(instance)
    able = np.ones(len(kind_of), np.bool_)
    for trait, spans in instance.shape.quotas.items():
        found = values(instance.traits, trait)
        for value, (_least, limit) in spans.items():
            able &= (found != value) | (limit > 0)
    return [(kind_of == number) & able for number in range(len(kinds))]


def _needed(instance: GroupInstance, of: Bools) -> int:
    """For the students of one kind."""
    shape, standing = instance.shape, _for(instance, of)
    waiting = max(0, int(of.sum()) - _room(instance, of))
    if not waiting:
        return 0
    most = [-(-waiting // shape.most) if shape.most else 0 if standing else 1]
    for trait, spans in shape.quotas.items():
        found = values(instance.traits, trait)
        for value, (_least, limit) in spans.items():
            if limit:
                number = int((of & (found == value)).sum())
                free = sum(
                    max(0, limit - sum(one.get(trait, "") == value for one in members))
                    for members in standing
                )
                most.append(-(-max(0, number - free) // limit))
    return max(most)


def _room(instance: GroupInstance, of: Bools) -> int:
    """Places in the standing groups of this kind."""
    most = instance.shape.most
    return sum(max(0, most - len(members)) for members in _for(instance, of)) if most else 0


def _for(instance: GroupInstance, of: Bools) -> list[Sequence[Mapping[str, str]]]:
    """The members of the standing groups that students of this kind can join for sure."""
    names = instance.shape.alike
    hers = kind(instance.traits[int(np.argmax(of))], names)
    return [
        one.members
        for one in instance.standing
        if not names or kinds_among(one.members, names) == {hers}
    ]
