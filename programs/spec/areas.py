"""Every single thing that a document sets, and whether it is the source's word or our choice."""

from collections.abc import Iterator
from typing import Any

from programs.spec.document import ProgramSpec
from programs.spec.published import covering

# What describes the program, rather than says how it works.
DESCRIPTION = {
    "format",
    "slug",
    "title",
    "school",
    "model",
    "summary",
    "source",
    "since",
    "stated",
    "from_source",
    "assumed",
}
NAMES = ("slug", "title", "role", "path", "criterion", "name")
# What holds in every program, whether its document says so or not.
ALWAYS = (
    "duration.kind",
    "enrollment.students",
    "matching.procedure",
    "matching.assessor",
    "confidentiality.level",
)


def areas(spec: ProgramSpec) -> list[str]:
    """The paths of all that is set: ``cadence.monthly.times``, ``shapes.pair.seats.mentor.count``.

    A range counts as one thing, and so does a list of plain values.
    """
    document = {k: v for k, v in spec.document.items() if k not in DESCRIPTION}
    return list(dict.fromkeys([*_leaves("", document), *ALWAYS]))


def unmarked(spec: ProgramSpec) -> list[str]:
    """What is set, and neither stated by the source nor marked as assumed."""
    marked = (*spec.from_source, *(part.path for part in spec.assumed))
    return [area for area in areas(spec) if covering(marked, area) is None]


def is_assumed(spec: ProgramSpec, area: str) -> bool:
    """Whether an area is our choice: the most specific mark decides."""
    ours = tuple(part.path for part in spec.assumed)
    mark = covering((*spec.from_source, *ours), area)
    return mark is None or mark in ours


def _leaves(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict) and not set(value) <= {"min", "max"}:
        for key, part in value.items():
            if key not in NAMES:
                yield from _leaves(f"{path}.{key}".lstrip("."), part)
    elif isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        for part in value:
            name = next((part[key] for key in ("slug", "role") if key in part), None)
            yield from _leaves(f"{path}.{name}", part) if name else (path,)
    else:
        yield path
