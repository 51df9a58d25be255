"""Exact counts for shares, and random streams that do not depend on each other."""

from collections.abc import Sequence
from random import Random


def counts(shares: Sequence[float], total: int) -> list[int]:
    """Whole numbers in the proportion of the shares, by largest remainder."""
    whole = sum(shares)
    if whole <= 0:
        return [0] * len(shares)
    exact = [share / whole * total for share in shares]
    result = [int(value + 1e-9) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (result[i] - exact[i], i))
    for index in by_remainder[: total - sum(result)]:
        result[index] += 1
    return result


def count(share: float, total: int) -> int:
    """The exact count of one share against the rest."""
    return counts([share, 1 - share], total)[0]


def stream(seed: int, *names: object) -> Random:
    """Random numbers of one matter; another matter's draws never shift them."""
    return Random(":".join(str(name) for name in (seed, *names)))  # noqa: S311 (a play, no secret)
