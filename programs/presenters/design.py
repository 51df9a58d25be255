"""What the designer shows beside its forms."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from programs.forms.design.steps import BY_SLUG, HOLDS, STEPS, Step
from programs.pictures import structure_picture, year_picture
from programs.spec import Change, ProgramSpec, SpecError
from programs.spec.advice import Plan, Remark, advice


@dataclass(frozen=True)
class Said:
    """A remark, and the step where it can be mended."""

    remark: Remark
    step: Step | None
    where: str


def said(spec: ProgramSpec, plan: Plan) -> list[Said]:
    """All remarks about a program, each with its place."""
    found = []
    for remark in advice(spec, plan):
        step = BY_SLUG.get(HOLDS.get(re.split(r"[.\[]", remark.path)[0], "basics"))
        found.append(Said(remark, step, place(remark.path)))
    return found


def place(path: str) -> str:
    """Where a path leads, as the designer calls it: “How often, 2”."""
    name, _dot, _rest = path.partition("[")
    name = name.split(".")[0]
    step = BY_SLUG.get(HOLDS.get(name, "basics"))
    row = re.match(r"[a-z_]+\[(\d+)\]", path)
    title = str(step.title) if step else name
    return f"{title}, {int(row.group(1)) + 1}" if row else title


def problems(error: SpecError) -> list[str]:
    """What keeps a document from being a program, with its place in words."""
    return [f"{place(part.path)}: {part.problem}" for part in error.problems]


def panel(spec: ProgramSpec, plan: Plan) -> dict[str, Any]:
    """The pictures and remarks beside a form."""
    return {
        "picture": structure_picture(spec),
        "year": year_picture(spec),
        "remarks": said(spec, plan),
    }


def steps(current: str) -> list[dict[str, Any]]:
    """All steps, for the way through."""
    return [{"step": step, "current": step.slug == current} for step in STEPS]


def following(step: Step) -> Step | None:
    at = STEPS.index(step)
    return STEPS[at + 1] if at + 1 < len(STEPS) else None


def before(step: Step) -> Step | None:
    at = STEPS.index(step)
    return STEPS[at - 1] if at else None


def changes(found: Iterable[Change]) -> list[dict[str, str]]:
    """A difference for people: where, what it was, what it is."""
    return [
        {"where": _where(change.path), "before": _said(change.before), "after": _said(change.after)}
        for change in found
    ]


def _where(path: str) -> str:
    first, *rest = path.split(".")
    step = BY_SLUG.get(HOLDS.get(first, "basics"))
    title = str(step.title) if step else first
    detail = " › ".join(part.replace("_", " ").replace("-", " ") for part in (rest or [first]))
    return f"{title}: {detail}"


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple):
        return "; ".join(_said(part) for part in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}"
    return "–" if value is None else str(value)


def _mapping(value: Mapping[str, Any]) -> str:
    if set(value) <= {"min", "max"}:
        least, most = value.get("min"), value.get("max")
        return _said(least) if least == most else f"{_said(least)}–{_said(most)}"
    parts = (f"{str(k).replace('_', ' ')} {_said(v)}" for k, v in value.items() if k != "slug")
    return ", ".join(parts)
