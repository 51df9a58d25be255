"""One person may be mentee above and mentor below; nobody is above who is above her. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

Pairs = Sequence[tuple[int, int]]
"""Who stands above whom, by person."""


def stands_below(above: Pairs) -> dict[int, set[int]]:
    """For each person everybody who stands below her, however many are between."""
    direct: dict[int, set[int]] = {}
    for leader, below in above:
        direct.setdefault(leader, set()).add(below)
    return {person: _reached(person, direct) for person in direct}


def _reached(start: int, direct: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    left = [start]
    while left:
        fresh = direct.get(left.pop(), set()) - found
        found |= fresh
        left += fresh
    return found


def closing(above: Pairs, made: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of one circle that ``made`` closes together with ``above``; none: there is none."""
    direct: dict[int, list[int]] = {}
    for leader, below in (*above, *made):
        direct.setdefault(leader, []).append(below)
    done: set[int] = set()
    for start in sorted(direct):
        if start not in done and (path := _walk(start, direct, done)):
            return list(pairwise(path))
    return []


def _walk(start: int, direct: Mapping[int, list[int]], done: set[int]) -> list[int]:
    """From leader to student until somebody comes again: her way back to herself, or nothing."""
    path, branches = [start], [iter(sorted(direct[start]))]
    while path:
        below = next(branches[-1], None)
        if below is None:
            done.add(path.pop())
            branches.pop()
        elif below in path:
            return [*path[path.index(below) :], below]
        elif below not in done:
            path.append(below)
            branches.append(iter(sorted(direct.get(below, ()))))
    return []
