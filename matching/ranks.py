"""What people have ranked, as the engine is given it and as a pair is explained with it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.engine.criteria import Criterion, Person, tenths

if TYPE_CHECKING:
    from matching.engine.instance import Ranks


def ranks(
    students: Sequence[Person], columns: Sequence[Sequence[Person]]
) -> "tuple[Ranks | None, Ranks | None]":
    """How much each student wants a column, and its leaders her; nothing where nobody ranked."""
    led = [(k, leader) for k, leaders in enumerate(columns) for leader in leaders]
    if not any(one.wishes for one in students) and not any(one.wishes for _, one in led):
        return None, None
    wishes = np.zeros((len(students), len(columns)), np.int16)
    likes = np.zeros((len(students), len(columns)), np.int16)
    row = {one.id: i for i, one in enumerate(students)}
    columns_of: dict[str, list[int]] = {}
    for k, leader in led:
        columns_of.setdefault(leader.id, []).append(k)
        for i, worth in _worths(leader, row):
            likes[i, k] = max(likes[i, k], worth)
    for i, one in enumerate(students):
        for here, worth in _worths(one, columns_of):
            wishes[i, here] = np.maximum(wishes[i, here], worth)
    return wishes, likes


def _worths(one: Person, known: Mapping[str, Any]) -> Iterable[tuple[Any, int]]:
    return [(known[who], tenths(place)) for place, who in enumerate(one.wishes) if who in known]


def wished(
    student: Person, mentor: Person, told: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The ranks of a pair that its score does not tell already."""
    codes = {reason["code"] for reason in told}
    found = []
    for code, one, other in (
        (Criterion.WISH, student, mentor), (Criterion.LIKING, mentor, student),
    ):  # fmt: skip
        if code not in codes and other.id in one.wishes:
            rank = one.wishes.index(other.id) + 1
            found.append({"code": str(code), "points": 0, "share": 0, "rank": rank})
    return found
