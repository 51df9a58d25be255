"""A run tried with other weights, in rows and words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching import queries, run_changes
from matching.engine.instance import MICRO
from matching.filters import pair_named
from matching.models import MatchRun, PairRule
from matching.presenters import percent
from matching.services.trying import FORBID, MARKED, NONE, PIN, Marked
from programs.models import Enrollment

PAIRS, RULES = 15, 10
NOW = {
    "": gettext_lazy("as it comes"),
    PIN: gettext_lazy("together, by a rule"),
    FORBID: gettext_lazy("apart, by a rule"),
}
WORDS: dict[str, str | Promise] = {
    PIN: gettext_lazy("keep together"),
    FORBID: gettext_lazy("keep apart"),
    NONE: gettext_lazy("without the rule"),
}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class MarkRow:
    """A pair, and what can be tried with it."""

    student: str
    mentor: str
    points: int | None
    options: list[Option]
    changed: bool


@dataclass(frozen=True)
class MarkRows:
    """Those marked so far, pairs under a rule, pairs of the run; ``more`` are not shown."""

    rows: list[MarkRow]
    more: int


def mark_rows(run: MatchRun, marked: Sequence[Marked], text: str) -> MarkRows:
    """``text``: names to look for; what is marked is always there. The questions stay as many."""
    now = {
        (student, mentor): str(kind)
        for student, mentor, kind in PairRule.objects.filter(
            cohort=run.cohort, kind__in=MARKED, student__in=[one.student for one in marked]
        ).values_list("student", "mentor", "kind")
    }
    scores = {} if run.is_lot else _scores(run, marked)
    rows = []
    for one in marked:
        pair = one.student.pk, one.mentor.pk
        rule, score = now.get(pair, ""), scores.get(pair)
        rows.append(_mark_row(one.student, one.mentor, rule, one.kind, score=score))
    rules = queries.rules(run.cohort).filter(pair_named(text), kind__in=MARKED)
    free = Q(rule_kind=None) | ~Q(rule_kind__in=MARKED)
    pairs = queries.pairs(run).exclude(mentor=None).filter(pair_named(text), free)
    for one in marked:
        rules = rules.exclude(student=one.student, mentor=one.mentor)
        pairs = pairs.exclude(student=one.student, mentor=one.mentor)
    order = ("student__person__family_name", "pk") if run.is_lot else ("score", "pk")
    ruled, proposed = list(rules[:RULES]), list(pairs.order_by(*order)[:PAIRS])
    rows += [_mark_row(rule.student, rule.mentor, rule.kind) for rule in ruled]
    rows += [
        _mark_row(pair.student, pair.mentor, score=None if run.is_lot else pair.score)
        for pair in proposed
        if pair.mentor
    ]
    return MarkRows(rows, rules.count() + pairs.count() - len(ruled) - len(proposed))


def _scores(run: MatchRun, marked: Sequence[Marked]) -> dict[tuple[int, int], int | None]:
    """Of the marked pairs those that the run made."""
    rows = run.pairs.filter(student__in=[one.student for one in marked]).exclude(mentor=None)
    return {(s, m): score for s, m, score in rows.values_list("student", "mentor", "score")}


def _mark_row(
    student: Enrollment,
    mentor: Enrollment,
    now: str = "",
    chosen: str = "",
    score: int | None = None,
) -> MarkRow:
    kinds = [kind for kind in (PIN, FORBID) if kind != now] + ([NONE] if now else [])
    options = [Option("", str(NOW[now]), chosen=not chosen)]
    options += [
        Option(f"{kind}:{student.key}:{mentor.key}", str(WORDS[kind]), chosen=kind == chosen)
        for kind in kinds
    ]
    points = None if score is None else percent(score)
    return MarkRow(student.person.full_name, mentor.person.full_name, points, options, bool(chosen))


@dataclass(frozen=True)
class Line:
    """A figure of the run and as tried."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Tried:
    """What would come out: a verdict, figures, mentors' loads, and who would move."""

    verdict: list[str]
    figures: list[Line]
    loads: list[Line]
    moves: list[run_changes.Moved] = field(default_factory=list)
    more: int = 0


def tried(run: MatchRun, args: Mapping[str, Any], result: Mapping[str, Any]) -> Tried:
    """The job's answer by name; one question to the database."""
    moves = [(who, was, now) for who, was, now in result["named"]]
    named = run_changes.named(moves)
    changed = result["moved"] + result["found"] + result["lost"]
    lots = run.is_lot and args["procedure"] == MatchRun.Procedure.RANDOM
    figures = [
        _line(_("Students placed"), result["placed"]),
        _line(_("Left over"), result["left"]),
    ]
    before, after = result["wished"]
    if before["lists"]:
        figures += [
            _line(_("Got their first choice"), (before["first"], after["first"])),
            _line(_("Got somebody on their list"), (before["any"], after["any"])),
        ]
    if not lots:
        figures += _weighed(run, result["weighed"])
    return Tried(
        verdict=_verdict(result, changed),
        figures=figures,
        loads=_loads(*result["loads"]),
        moves=named,
        more=changed - len(named),
    )


def _line(label: str, values: Iterable[object]) -> Line:
    before, after = ("–" if value is None else str(value) for value in values)
    return Line(label, before, after)


def _weighed(run: MatchRun, found: Mapping[str, Mapping[str, Sequence[int | None]]]) -> list[Line]:
    """With both weights, if they differ: under new ones every score is another score."""
    if "now" not in found:
        labels = {"was": (_("All scores together"), _("Weakest pair of 100"))}
    else:
        number = {"number": run.number}
        labels = {
            "was": (
                _("All scores together, as run %(number)s weighs") % number,
                _("Weakest pair of 100, as run %(number)s weighs") % number,
            ),
            "now": (
                _("All scores together, with the weights tried"),
                _("Weakest pair of 100, with the weights tried"),
            ),
        }
    lines = []
    for name, (total, weakest) in labels.items():
        sums = [f"{(value or 0) * 100 / MICRO:.1f}" for value in found[name]["total"]]
        least = [None if value is None else percent(value) for value in found[name]["minimum"]]
        lines += [_line(total, sums), _line(weakest, least)]
    return lines


def _loads(before: Mapping[str, int], after: Mapping[str, int]) -> list[Line]:
    numbers = sorted({int(load) for load in (*before, *after)})
    return [
        _line(
            ngettext("%(n)d student", "%(n)d students", n) % {"n": n},
            (before.get(str(n), 0), after.get(str(n), 0)),
        )
        for n in numbers
    ]


def _verdict(result: Mapping[str, Any], changed: int) -> list[str]:
    more = result["placed"][1] - result["placed"][0]
    if more > 0:
        text = ngettext(
            "%(n)d more student has a mentor.", "%(n)d more students have a mentor.", more
        )
    elif more < 0:
        text = ngettext(
            "%(n)d student fewer has a mentor.", "%(n)d students fewer have a mentor.", -more
        )
    else:
        text = _("As many students have a mentor.")
    found = [text % {"n": abs(more)}]
    if not changed:
        return [*found, _("Everybody has the same mentor as in the run.")]
    moved = ngettext(
        "%(n)d student has another mentor", "%(n)d students have another mentor", result["moved"]
    ) % {"n": result["moved"]}
    rest = _("%(found)d found one, %(lost)d lost theirs, %(same)d stay as they were.") % result
    return [*found, f"{moved}, {rest}"]
