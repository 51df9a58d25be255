"""Types and traits that everything about groups starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.engine.groups.instance import GroupInstance

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Kind = tuple[str, ...]
Team = tuple[int, ...]
"""Positions of the leaders of one group."""


def kind(traits: Mapping[str, str], names: Sequence[str]) -> Kind:
    """What somebody is in these traits."""
    return tuple(traits.get(name, "") for name in names)


def kinds_among(people: Iterable[Mapping[str, str]], names: Sequence[str]) -> set[Kind]:
    """The kinds that some people are of."""
    return {kind(one, names) for one in people}


def kinds_of(instance: GroupInstance) -> tuple[list[Kind], Ints]:
    """The kinds there are, in the order of first sight, and each student's."""
    at: dict[Kind, int] = {}
    names = instance.shape.alike
    of = [at.setdefault(kind(traits, names), len(at)) for traits in instance.traits]
    return list(at), np.array(of, np.int64)


def values(traits: Sequence[Mapping[str, str]], name: str) -> NDArray[np.object_]:
    found = np.empty(len(traits), object)
    found[:] = [one.get(name, "") for one in traits]
    return found
