"""What changed between two versions of a program document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from programs.spec.document import ProgramSpec


@dataclass(frozen=True)
class Change:
    """One changed place; ``None`` on the side that does not say it."""

    path: str
    before: Any
    after: Any


def difference(old: ProgramSpec, new: ProgramSpec) -> list[Change]:
    """Every place where two versions differ, in the order of the document."""
    before = old.model_dump(mode="json", exclude_defaults=True)
    after = new.model_dump(mode="json", exclude_defaults=True)
    return list(_compare("", before, after))


def _compare(path: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _compare(f"{path}.{key}".lstrip("."), old.get(key), new.get(key))
    elif (named_old := _by_name(old)) is not None and (named_new := _by_name(new)) is not None:
        # Parts with a name are the same part wherever they stand.
        for key in dict.fromkeys([*named_old, *named_new]):
            yield from _compare(f"{path}.{key}", named_old.get(key), named_new.get(key))
        if list(named_old) != list(named_new) and set(named_old) == set(named_new):
            yield Change(path, list(named_old), list(named_new))
    else:
        yield Change(path or "document", old, new)


def _by_name(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, list) or not value:
        return None
    for name in ("slug", "role", "criterion", "path", "name"):
        if all(isinstance(part, dict) and name in part for part in value):
            named = {str(part[name]): part for part in value}
            return named if len(named) == len(value) else None
    return None
