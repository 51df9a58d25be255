"""The year of a program as a time line, in weeks from its first day. Pure.

A scene has a lane for each phase, each rhythm of meetings, each training and each survey. Ticks
are spread evenly over the weeks that are not paused: the real dates are people's affair.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Final, Literal

from programs.pictures.plan import Plan, Stretch
from programs.pictures.structure import assumed
from programs.spec import CadenceRule, Phase, ProgramSpec, Requirement, Span
from programs.spec.structure import Attached
from programs.spec.support import Evaluation

LaneKind = Literal["phase", "meeting", "contact", "attached", "training", "survey"]
Part = Phase | CadenceRule | Attached | Requirement | Evaluation

WEEKS_A_MONTH: Final = 365 / 12 / 7
DATED: Final = ("training", "orientation", "supervision")


@dataclass(frozen=True, slots=True)
class Tick:
    """Something in a week: surely, or perhaps."""

    week: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the time line: a part of the document, and where it falls."""

    kind: LaneKind
    part: Part
    ticks: tuple[Tick, ...] = ()
    stretch: Stretch | None = None
    before: bool = False
    after: bool = False
    assumed: bool = False
    """Whether how often, or when, is our choice and not the source's word."""
    of: str = ""
    """The phase or the group that it is about, where there are several."""

    @property
    def dated(self) -> bool:
        """Whether it has a place on the line."""
        return bool(self.ticks or self.stretch or self.before or self.after)


@dataclass(frozen=True, slots=True)
class YearScene:
    """The weeks, and what happens in them."""

    plan: Plan
    lanes: tuple[Lane, ...]

    @property
    def before(self) -> bool:
        """Whether something comes before the first week."""
        return any(lane.before for lane in self.lanes)

    @property
    def after(self) -> bool:
        """Whether something comes after the last week."""
        return any(lane.after for lane in self.lanes)


def year_scene(spec: ProgramSpec, plan: Plan | None = None) -> YearScene:
    """The time line of one year, by the template's plan unless another is given."""
    plan = plan or template_plan(spec)
    phases = _phases(spec, plan)
    lanes = [Lane("phase", phase, stretch=stretch) for phase, stretch in phases]
    stretches = {phase.slug: stretch for phase, stretch in phases}
    lanes += [_rule(spec, plan, rule, stretches) for rule in spec.cadence]
    lanes += [
        Lane("attached", part, ticks=_often(spec, plan, part.times, part.per))
        for shape in spec.shapes
        for part in shape.attached
    ]
    lanes += [_requirement(spec, plan, part) for part in spec.requirements if _is_dated(part)]
    lanes += [_survey(spec, plan, part, lanes) for part in spec.evaluation]
    marked = (replace(lane, assumed=assumed(spec, _area(spec, lane.part))) for lane in lanes)
    return YearScene(plan, tuple(marked))


def _area(spec: ProgramSpec, part: Part) -> str:
    """Where the document says how often the part comes, or when."""
    where = {Phase: "phases", CadenceRule: "cadence", Requirement: "requirements"}
    names: tuple[str, ...] = ("weeks", "times", "total", "hours", "basis", "before", "kind")
    area = where.get(type(part), "")
    if isinstance(part, Evaluation):
        return f"evaluation.{part.slug}.moment"
    if isinstance(part, Attached):
        holding = next(shape for shape in spec.shapes if part in shape.attached)
        area, names = f"shapes.{holding.slug}.attached", ("times", "kind")
    said = next((name for name in names if getattr(part, name, None) is not None), "slug")
    return f"{area}.{part.slug}.{said}"


def template_plan(spec: ProgramSpec) -> Plan:
    """What the template proposes; a program of a few months has so many weeks."""
    short = spec.duration.kind == "fixed" and spec.years < 1
    return Plan.of(spec.year, weeks=ceil(spec.years * 52) if short else None)


def spread(weeks: list[int], least: int, most: int | None = None) -> tuple[Tick, ...]:
    """``most`` ticks evenly over the weeks, ``least`` of them sure; one in a week at most."""
    total = min(max(least, most or 0), len(weeks))
    if not total:
        return ()
    sure = {int((number + 0.5) * total / least) for number in range(min(least, total))}
    return tuple(
        Tick(weeks[int((number + 0.5) * len(weeks) / total)], number in sure)
        for number in range(total)
    )


def _phases(spec: ProgramSpec, plan: Plan) -> list[tuple[Phase, Stretch | None]]:
    """One after the other; phases without a length share what is left, those of years have none."""
    in_year = [phase for phase in spec.phases if not phase.class_years]
    lengths = [_length(phase) for phase in in_year]
    known = sum(length or 0 for length in lengths)
    shared = max(plan.weeks - known, 0) // max(lengths.count(None), 1)
    places: dict[str, Stretch | None] = {}
    begins = 1
    for phase, length in zip(in_year, lengths, strict=True):
        ends = min(begins + (length or shared) - 1, plan.weeks)
        if phase is in_year[-1] and length is None:
            ends = plan.weeks
        fits = begins <= ends
        places[phase.slug] = Stretch(begins, ends, open=length is None) if fits else None
        begins = ends + 1
    return [(phase, places.get(phase.slug)) for phase in spec.phases]


def _length(phase: Phase) -> int | None:
    weeks = None if phase.weeks is None else phase.weeks.max or phase.weeks.min
    return None if weeks is None else max(round(weeks), 1)


def _rule(
    spec: ProgramSpec, plan: Plan, rule: CadenceRule, phases: dict[str, Stretch | None]
) -> Lane:
    kind: LaneKind = "contact" if rule.channel == "online" else "meeting"
    within = phases.get(rule.phase) if rule.phase else plan.whole
    of = spec.phase(rule.phase).title if rule.phase else ""
    if rule.shape and len(spec.shapes) > 1 and not of and not rule.class_years:
        of = spec.shape(rule.shape).title
    if rule.basis != "prescribed" or within is None or rule.event:
        return Lane(kind, rule, of=of)
    if rule.weeks is not None:
        ticks = _every(plan.active(within), rule.weeks, rule.total)
    elif rule.times is not None:
        ticks = _often(spec, plan, rule.times, rule.per, within)
    elif rule.total is not None and (rule.phase or spec.years <= 1):
        ticks = spread(plan.active(within), *_ends(rule.total))
    else:
        ticks = ()
    return Lane(kind, rule, ticks=ticks, of=of)


def _every(weeks: list[int], step: Span, total: Span | None) -> tuple[Tick, ...]:
    longest, shortest = step.max or step.min or 1, step.min or step.max or 1
    least, most = int(len(weeks) / longest), int(len(weeks) / shortest)
    if total is not None and total.max is not None:
        least, most = min(least, int(total.max)), min(most, int(total.max))
    if total is not None and total.min is not None:
        least = min(least, int(total.min))
    return spread(weeks, least, most)


def _often(
    spec: ProgramSpec,
    plan: Plan,
    times: Span | None,
    per: str | None,
    within: Stretch | None = None,
) -> tuple[Tick, ...]:
    """So many per week, month, term or year; per program only where that is one year."""
    within = within or plan.whole
    weeks = plan.active(within)
    if times is None or per is None or (per == "program" and spec.years > 1):
        return ()
    least, most = _ends(times)
    if per == "week":
        return tuple(Tick(week, least > 0) for week in weeks) if max(least, most or 0) else ()
    if per == "month":
        months = max(round(len(weeks) / WEEKS_A_MONTH), 1)
        return spread(weeks, least * months, None if most is None else most * months)
    if per == "term":
        return tuple(_in_terms(plan, within, least, most))
    return spread(weeks, least, most)


def _in_terms(plan: Plan, within: Stretch, least: int, most: int | None) -> Iterator[Tick]:
    for term in plan.halves():
        weeks = [week for week in plan.active(term) if week in within]
        yield from spread(weeks, least, most)


def _ends(times: Span) -> tuple[int, int | None]:
    return int(times.min or 0), None if times.max is None else int(times.max)


def _is_dated(part: Requirement) -> bool:
    return part.kind in DATED or (part.times is not None and part.per is not None)


def _requirement(spec: ProgramSpec, plan: Plan, part: Requirement) -> Lane:
    if part.before is not None:
        return Lane("training", part, before=True)
    return Lane("training", part, ticks=_often(spec, plan, part.times, part.per))


def _survey(spec: ProgramSpec, plan: Plan, part: Evaluation, lanes: Iterable[Lane]) -> Lane:
    weeks = plan.active(plan.whole) or [plan.weeks]
    if part.moment == "before":
        return Lane("survey", part, before=True)
    if part.moment == "after_end" or (part.moment == "end" and spec.years > 1):
        return Lane("survey", part, after=True)
    if part.moment == "after_training":
        return _after_training(part, lanes)
    if part.moment == "term_end":
        return Lane("survey", part, ticks=tuple(Tick(term.last) for term in plan.halves()))
    week = {"start": weeks[0], "middle": weeks[len(weeks) // 2]}.get(part.moment, plan.weeks)
    return Lane("survey", part, ticks=(Tick(week),))


def _after_training(part: Evaluation, lanes: Iterable[Lane]) -> Lane:
    """With the first training of whoever is asked; nowhere, where that has no date."""
    for lane in lanes:
        training = lane.part
        if not isinstance(training, Requirement) or training.kind not in DATED:
            continue
        if training.role in part.audience:
            if lane.before:
                return Lane("survey", part, before=True)
            if lane.ticks:
                return Lane("survey", part, ticks=lane.ticks[:1])
    return Lane("survey", part)
