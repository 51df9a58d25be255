"""What is counted in each group: its size, quotas, and the values of balanced traits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.groups import sizes
from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.traits import Bools, Ints, Kind, kinds_among, values


@dataclass(frozen=True)
class Feature:
    """Something to count in each group, with the least and most of it where there are such.

    What a certain group still needs and takes says ``Task.least_of`` and ``most_of``.

    ``kind``: it counts only for groups of this kind. ``trait``: the position of the balanced
    trait it belongs to, −1 if it is a limit. It counts those with this ``value`` of the trait
    ``name``; without a name, everybody.
    """

    kind: int = -1
    least: int = 0
    most: int | None = None
    trait: int = -1
    name: str = ""
    value: str = ""


def features_of(instance: GroupInstance, kind_of: Ints, kinds: int) -> tuple[list[Feature], Ints]:
    """The features of all groups and, by student and feature, 1 where it counts her."""
    shape, count = instance.shape, len(instance.students)
    features: list[Feature] = []
    columns: list[Ints] = []

    def add(feature: Feature, of: Bools) -> None:
        features.append(feature)
        columns.append(of.astype(np.int64))

    leasts = sizes.leasts(instance)
    for kind in range(kinds):
        least = leasts[kind] if kind < len(leasts) else max(1, shape.least)
        add(Feature(kind, least, shape.most or None), kind_of == kind)
    for name, spans in sorted(shape.quotas.items()):
        for value, (least, limit) in sorted(spans.items()):
            of_value = values(instance.traits, name) == value
            add(Feature(-1, least, limit, name=name, value=value), of_value)
    for at, name in enumerate(shape.balance):
        of_trait = values(instance.traits, name)
        for value in sorted(set(of_trait.tolist())):
            for kind in range(kinds):
                of = (of_trait == value) & (kind_of == kind)
                if of.any():
                    add(Feature(kind, trait=at, name=name, value=value), of)
    table = np.stack(columns, axis=1) if columns else np.zeros((count, 0), np.int64)
    return features, table


def counted(
    instance: GroupInstance, kinds: Sequence[Kind], features: Sequence[Feature]
) -> tuple[Ints, Ints]:
    """What each standing group counts of each feature, and of which kind it is, −1: of any."""
    fixed = np.array([_kind_of(instance, at, kinds) for at in range(len(instance.standing))])
    there = np.zeros((len(instance.standing), len(features)), np.int64)
    for j, one in enumerate(instance.standing):
        for f, feature in enumerate(features):
            if feature.trait >= 0 and feature.kind != fixed[j]:
                continue
            there[j, f] = sum(
                not feature.name or member.get(feature.name, "") == feature.value
                for member in one.members
            )
    return there, fixed.astype(np.int64)


def _kind_of(instance: GroupInstance, at: int, kinds: Sequence[Kind]) -> int:
    """−1 where nobody is in it, or its people are mixed; past all kinds where none waits for it."""
    found = kinds_among(instance.standing[at].members, instance.shape.alike)
    if len(found) != 1:
        return -1
    (only,) = found
    return kinds.index(only) if only in kinds else len(kinds)
