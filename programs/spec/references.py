"""What no single part of a document can check: names that lead nowhere, names used twice."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from programs.spec.base import Part, follow
from programs.spec.document import ProgramSpec
from programs.spec.structure import Shape

Found = Iterator[tuple[str, Any, str]]


def dangling(spec: ProgramSpec) -> Found:
    """Path, value and problem of everything that does not fit together."""
    yield from _doubles(spec)
    yield from _structure(spec)
    yield from _cadence(spec)
    yield from _support(spec)
    document = spec.model_dump(mode="json") if spec.assumed else {}
    for index, assumption in enumerate(spec.assumed):
        if not follow(document, assumption.path):
            yield f"assumed[{index}].path", assumption.path, "leads nowhere in this document"


def _doubles(spec: ProgramSpec) -> Found:
    for name in (
        "containers",
        "shapes",
        "phases",
        "cadence",
        "requirements",
        "incentives",
        "evaluation",
    ):
        parts: tuple[Part, ...] = getattr(spec, name)
        counts = Counter(part.slug for part in parts)  # type: ignore[attr-defined]
        for index, part in enumerate(parts):
            slug = part.slug  # type: ignore[attr-defined]
            if counts[slug] > 1:
                yield f"{name}[{index}].slug", slug, "is used more than once"


def _structure(spec: ProgramSpec) -> Found:
    containers = {container.slug for container in spec.containers}
    for index, shape in enumerate(spec.shapes):
        here = f"shapes[{index}]"
        roles = {seat.role for seat in shape.seats}
        if shape.container is not None and shape.container not in containers:
            yield f"{here}.container", shape.container, "is not among the containers"
        if "student" not in roles:
            yield f"{here}.seats", sorted(roles), "has no student"
        for place, seat in enumerate(shape.seats):
            if seat.within is not None and seat.within not in roles:
                yield f"{here}.seats[{place}].within", seat.within, "has no seat in this shape"
            if seat.within == seat.role:
                yield f"{here}.seats[{place}].within", seat.within, "is the seat's own role"
        student = shape.seat("student")
        if "class_year" in shape.alike and student is not None and student.per_class:
            yield f"{here}.alike", "class_year", "contradicts `per_class`, which mixes class years"
        yield from _quorum(shape, here)
        if shape.subgroups and shape.subgroups.led_by not in (None, *roles):
            yield (
                f"{here}.subgroups.led_by",
                shape.subgroups.led_by,
                "has no seat in this shape",
            )


def _quorum(shape: Shape, here: str) -> Found:
    for place, quorum in enumerate(shape.quorum):
        if shape.seat(quorum.role) is None:
            yield f"{here}.quorum[{place}].role", quorum.role, "has no seat in this shape"
        people = shape.people(quorum.role)
        if people is not None and people.max is not None and quorum.at_least > people.max:
            yield (
                f"{here}.quorum[{place}].at_least",
                quorum.at_least,
                f"is more than the {people.max:g} there can be",
            )


def _cadence(spec: ProgramSpec) -> Found:
    phases = {phase.slug for phase in spec.phases}
    shapes = {shape.slug for shape in spec.shapes}
    for index, rule in enumerate(spec.cadence):
        here = f"cadence[{index}]"
        if rule.phase is not None and rule.phase not in phases:
            yield f"{here}.phase", rule.phase, "is not among the phases"
        if rule.shape is not None and rule.shape not in shapes:
            yield f"{here}.shape", rule.shape, "is not among the shapes"
        for year in rule.class_years:
            if year in spec.paused_class_years:
                yield f"{here}.class_years", year, "is a class year that pauses"


def _support(spec: ProgramSpec) -> Found:
    requirements = {part.slug for part in spec.requirements}
    for index, incentive in enumerate(spec.incentives):
        for need in incentive.needs:
            if need not in requirements:
                yield f"incentives[{index}].needs", need, "is not among the requirements"
    moments = {part.slug for part in spec.evaluation}
    for index, part in enumerate(spec.evaluation):
        if part.paired_with is not None and part.paired_with not in moments:
            yield f"evaluation[{index}].paired_with", part.paired_with, "is not in the plan"
    matching = spec.matching
    if (matching.procedure == "trial") != bool(matching.arms):
        yield (
            "matching.arms",
            [arm.slug for arm in matching.arms],
            "go with the procedure `trial`, and a trial needs them",
        )
    if matching.procedure == "by_container" and not spec.containers:
        yield "matching.procedure", matching.procedure, "needs containers"
    for index, weight in enumerate(matching.criteria):
        if weight.criterion in [other.criterion for other in matching.criteria[:index]]:
            yield f"matching.criteria[{index}].criterion", weight.criterion, "is weighted twice"
