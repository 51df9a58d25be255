"""How an expectation is written."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any

from tests.personas import PERSONAS

EVERYBODY = frozenset(PERSONAS) | {"anonymous"}
SIGNED_IN = frozenset(PERSONAS)
NOBODY: frozenset[str] = frozenset()
IN_COHORT = SIGNED_IN - {
    "other_student",
    "other_mentor",
    "other_coordinator",
    "outsider",
    "site_admin",
}
COORDINATORS = frozenset({"coordinator"})
THE_PAIR = frozenset({"student", "mentor"})


def nothing(world: Any) -> dict[str, Any]:
    """The address takes no arguments."""
    return {}


def cohort(world: Any) -> dict[str, Any]:
    return {"cohort": world.cohort.key}


def other_cohort(world: Any) -> dict[str, Any]:
    return {"cohort": world.other.key}


@dataclass(frozen=True)
class Expect:
    """Who gets an answer other than 404 from an address, here and in another cohort.

    ``args`` makes the address's arguments from the world of ``tests.personas``, for objects of
    the pair and cohort at hand; ``elsewhere`` for the same objects of the other cohort.
    """

    allowed: Set[str]
    args: Callable[[Any], dict[str, Any]] = nothing
    elsewhere: Callable[[Any], dict[str, Any]] | None = None
    allowed_elsewhere: Set[str] = NOBODY
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)


def cohort_page(allowed: Set[str] = COORDINATORS, **more: Any) -> Expect:
    """A page of a cohort: for these people here, and for its own coordinator elsewhere."""
    more.setdefault("allowed_elsewhere", {"other_coordinator"})
    return Expect(allowed, args=cohort, elsewhere=other_cohort, **more)
