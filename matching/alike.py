"""Groups whose students are alike, such as all of one class year. Pure.

A program says in what (`Shape.alike`); who has nothing on record there is alike with those who
have nothing either.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Kind = tuple[str, ...]
Facts = Mapping[str, Any]


def kind_of(facts: Facts, names: Sequence[str]) -> Kind:
    """What somebody is in the things that count."""
    return tuple(str(facts[name] or "") for name in names)


def common(kinds: Iterable[Kind]) -> Kind | None:
    """The kind of all of them; ``None`` where there is nobody, or they are mixed already."""
    found = set(kinds)
    return found.pop() if len(found) == 1 else None


def dealt(waiting: Mapping[Kind, int], sizes: Sequence[int], least: int) -> list[Kind | None]:
    """Which kind each new group is for, given how many students it takes; ``None``: none needed.

    First groups go where the most students are without a place, so that as few as can be are left
    over; then, while groups reach their least number, where they are fullest.
    """
    left = Counter(waiting)
    groups: Counter[Kind] = Counter()
    found: list[Kind | None] = []
    for size in sizes:
        kind = _neediest(left)
        # Where groups may be mixed there is one kind alone, which is empty.
        kind = _fullest(waiting, groups, least) if kind is None else kind
        found.append(kind)
        if kind is not None:
            groups[kind] += 1
            left[kind] -= size
    return found


def _neediest(left: Mapping[Kind, int]) -> Kind | None:
    kind = max(sorted(left), key=lambda one: left[one], default=None)
    return kind if kind is not None and left[kind] > 0 else None


def _fullest(waiting: Mapping[Kind, int], groups: Mapping[Kind, int], least: int) -> Kind | None:
    able = [one for one in sorted(waiting) if waiting[one] // (groups[one] + 1) >= max(1, least)]
    return max(able, key=lambda one: waiting[one] / groups[one], default=None)
