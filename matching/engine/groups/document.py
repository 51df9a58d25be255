"""Reads the instance that ``manage.py match_groups`` takes, and says what is wrong with one.

``students`` and ``leaders`` are objects of names; a leader has ``role``, ``groups`` and traits.
``free`` of a person is a list of hours of the week, 0 (Monday, midnight) to 167. ``shape`` has
``least``, ``most``, ``seats`` (role: number) and may have ``quotas`` (trait: value: [least,
most]), ``unlike``, ``alike``, ``balance`` and ``common_hours``. ``scores`` are [student, leader,
score]. ``together`` and ``apart`` are pairs of students, ``pinned`` and ``barred`` pairs of
student and leader, ``wanted`` is a number of groups; they may be absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from matching.engine.document import MOST_PAIRS, loaded, scores_of
from matching.engine.groups.instance import (
    ALL_HOURS,
    GroupInstance,
    GroupResult,
    GroupShape,
    Leader,
)
from matching.engine.instance import MICRO, InvalidInput

NEEDED = ("students", "leaders", "shape", "scores")
KEYS = {*NEEDED, "together", "apart", "pinned", "barred", "wanted"}
SHAPE_NEEDED = ("least", "most", "seats")
SHAPE_KEYS = {*SHAPE_NEEDED, "quotas", "unlike", "alike", "balance", "common_hours"}
HOURS = 168


def parse(text: str) -> GroupInstance:
    """The instance a JSON text describes; ``InvalidInput`` names the first thing wrong with it."""
    document = loaded(text)
    _keys(document, "", KEYS, NEEDED)
    students = _people(document["students"], "students")
    leaders = _people(document["leaders"], "leaders")
    if len(students) * len(leaders) > MOST_PAIRS:
        raise InvalidInput(f"{len(students)} students × {len(leaders)} leaders is too much")
    rows = {name: i for i, name in enumerate(students)}
    columns = {name: j for j, name in enumerate(leaders)}
    wanted = document.get("wanted")
    shape = _shape(document["shape"])
    free = [_hours(facts.get("free"), f"students[{n!r}]") for n, facts in students.items()]
    return GroupInstance(
        students=list(students),
        traits=[_traits(facts, f"students[{name!r}]") for name, facts in students.items()],
        leaders=[_leader(name, facts) for name, facts in leaders.items()],
        shape=shape,
        scores=scores_of(document["scores"], rows, columns, "leader"),
        together=_pairs(document.get("together"), "together", rows, rows),
        apart=_pairs(document.get("apart"), "apart", rows, rows),
        pinned=_pairs(document.get("pinned"), "pinned", rows, columns),
        barred=_pairs(document.get("barred"), "barred", rows, columns),
        free=free if shape.common_hours else [],
        wanted=None if wanted is None else _number(wanted, "wanted"),
    )


def _keys(found: object, where: str, known: set[str], needed: Sequence[str]) -> None:
    if not isinstance(found, dict):
        raise InvalidInput(f"{where or 'the file'} must be an object")
    prefix = f"{where}: " if where else ""
    if unknown := sorted(set(found) - known):
        raise InvalidInput(
            f"{prefix}unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}"
        )
    for key in needed:
        if key not in found:
            raise InvalidInput(f"{prefix}the key {key!r} is missing")


def _people(found: object, key: str) -> dict[str, dict[str, Any]]:
    if not isinstance(found, dict):
        raise InvalidInput(f"{key!r} must be an object of names and traits")
    for name, facts in found.items():
        if not name:
            raise InvalidInput(f"{key!r} holds an empty name")
        if not isinstance(facts, dict):
            raise InvalidInput(f"{key}[{name!r}] must be an object of traits, not {facts!r}")
    return found


def _traits(
    facts: Mapping[str, Any], where: str, besides: Sequence[str] = ("free",)
) -> dict[str, str]:
    """Traits are texts; a whole number, such as a class year, is taken as its digits."""
    found = {}
    for trait, value in facts.items():
        if trait in besides:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise InvalidInput(f"{where}[{trait!r}] must be a text, not {value!r}")
        found[trait] = str(value)
    return found


def _leader(name: str, facts: Mapping[str, Any]) -> Leader:
    where = f"leaders[{name!r}]"
    role = facts.get("role")
    if not isinstance(role, str) or not role:
        raise InvalidInput(f"{where}: the role must be a text that is not empty, not {role!r}")
    return Leader(
        name=name,
        role=role,
        groups=_number(facts.get("groups", 1), f"{where}: the number of groups"),
        traits=_traits(facts, where, ("free", "role", "groups")),
        free=_hours(facts.get("free"), where),
    )


def _number(found: object, what: str) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise InvalidInput(f"{what} must be a whole number from 0 on, not {found!r}")
    return found


def _hours(found: object, where: str) -> int:
    """The mask of these hours; who says nothing is always free."""
    if found is None:
        return ALL_HOURS
    if not isinstance(found, list):
        raise InvalidInput(f"{where}: 'free' must be a list of hours of the week")
    mask = 0
    for hour in found:
        if isinstance(hour, bool) or not isinstance(hour, int) or not 0 <= hour < HOURS:
            raise InvalidInput(f"{where}: a free hour must be from 0 to {HOURS - 1}, not {hour!r}")
        mask |= 1 << hour
    return mask


def _shape(found: Any) -> GroupShape:
    _keys(found, "'shape'", SHAPE_KEYS, SHAPE_NEEDED)
    seats = found["seats"]
    if not isinstance(seats, dict):
        raise InvalidInput("'shape': 'seats' must be an object of role and number")
    return GroupShape(
        least=_number(found["least"], "'shape': 'least'"),
        most=_number(found["most"], "'shape': 'most'"),
        seats={role: _number(n, f"'shape': seats[{role!r}]") for role, n in seats.items()},
        quotas=_quotas(found.get("quotas", {})),
        unlike=_names(found.get("unlike", []), "unlike"),
        alike=_names(found.get("alike", []), "alike"),
        balance=_names(found.get("balance", []), "balance"),
        common_hours=_number(found.get("common_hours", 0), "'shape': 'common_hours'"),
    )


def _names(found: object, key: str) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(name, str) and name for name in found):
        raise InvalidInput(f"'shape': {key!r} must be a list of traits")
    if len(set(found)) < len(found):
        raise InvalidInput(f"'shape': {key!r} names a trait twice")
    return found


def _quotas(found: object) -> dict[str, dict[str, tuple[int, int]]]:
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise InvalidInput("'shape': 'quotas' must be an object of trait, value and [least, most]")
    return {
        trait: {
            value: _span(span, f"'shape': quotas[{trait!r}][{value!r}]")
            for value, span in spans.items()
        }
        for trait, spans in found.items()
    }


def _span(found: object, where: str) -> tuple[int, int]:
    if not isinstance(found, list) or len(found) != 2:
        raise InvalidInput(f"{where} must be [least, most], not {found!r}")
    least, most = (_number(one, where) for one in found)
    return least, most


def _pairs(
    found: object, key: str, first: Mapping[str, int], second: Mapping[str, int]
) -> list[tuple[int, int]]:
    if found is None:
        return []
    if not isinstance(found, list):
        raise InvalidInput(f"{key!r} must be a list of pairs")
    pairs = []
    for at, entry in enumerate(found):
        if not isinstance(entry, list) or len(entry) != 2:
            raise InvalidInput(f"{key}[{at}]: must be a pair of names, not {entry!r}")
        a, b = entry
        for name, people, kind in ((a, first, "students"), (b, second, _kind(first, second))):
            if not isinstance(name, str) or name not in people:
                raise InvalidInput(f"{key}[{at}]: {name!r} is not among the {kind}")
        pairs.append((first[a], second[b]))
    return pairs


def _kind(first: Mapping[str, int], second: Mapping[str, int]) -> str:
    return "students" if first is second else "leaders"


def written(instance: GroupInstance, result: GroupResult) -> dict[str, Any]:
    """The result as plain data; scores are again numbers from 0 to 1.

    ``hours`` of a group are those in which all of it are free, where hours were asked for.
    """
    asked = bool(instance.shape.common_hours)
    return {
        "groups": [
            {
                "leaders": [list(one) for one in group.leaders],
                "students": list(group.students),
                "total": group.total / MICRO,
                "hours": [h for h in range(HOURS) if group.hours >> h & 1] if asked else None,
            }
            for group in result.groups
        ],
        "idle": [[list(one) for one in team] for team in result.idle],
        "unplaced": result.unplaced,
        "total": result.total / MICRO,
        "bound": result.bound / MICRO,
        "gap": result.gap,
        "proven": result.proven,
        "optimal": result.optimal,
        "balance": [asdict(one) for one in result.balance],
        "explanations": result.explanations,
    }
