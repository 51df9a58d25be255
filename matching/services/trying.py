"""A run tried with other weights and rules: nothing is stored but the job, until it is adopted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import MatchRun, PairRule
from matching.services import pair_rules, runs
from matching.services.inputs import Snapshot
from mentoring import jobs
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Enrollment

if TYPE_CHECKING:
    from matching.trying import Given

KIND = "matching.try"
PIN, FORBID, NONE = str(PairRule.Kind.PIN), str(PairRule.Kind.FORBID), "none"
MARKED = (PIN, FORBID)
"""The kinds of rules that can be tried; of the others nothing changes."""


class Mark(NamedTuple):
    """For one pair: to be kept together or apart, or without the rule it has (``none``)."""

    kind: str
    student: int
    mentor: int


OF_PEOPLE = ("former", "rather_not")
"""Rules that no coordinator made: pairs that were, and whom mentors would rather not have."""


@dataclass(frozen=True)
class Marked:
    """The same with its people."""

    kind: str
    student: Enrollment
    mentor: Enrollment

    @property
    def mark(self) -> Mark:
        return Mark(self.kind, self.student.pk, self.mentor.pk)


def start(
    *,
    run: MatchRun,
    procedure: str,
    weights: Mapping[str, float],
    marks: Sequence[Mark],
    by: User | None,
) -> jobs.Job:
    """Have a job look what would come out; refused before any work where nothing could."""
    if run.state != MatchRun.State.DONE:
        raise DomainError(_("This run is not open to changes any more: start a new one."))
    if run.procedure == MatchRun.Procedure.KEEPING:
        raise DomainError(_("A run with the fewest changes goes by changes, not by weights."))
    runs.refuse_old(run)
    data = inputs(run, runs.weighing(procedure, weights), marks)
    _check_pins(data)
    runs.check_pins(Snapshot(data), run.seed)
    args = {
        "run": run.pk,
        "procedure": procedure,
        "weights": data["weights"],
        "marks": [list(mark) for mark in marks],
    }
    return jobs.start(kind=KIND, cohort=run.cohort, by=by, args=args)


def inputs(run: MatchRun, weights: Mapping[str, float], marks: Sequence[Mark]) -> dict[str, Any]:
    """A run's stored inputs with these weights, and the pair rules of today as marked."""
    data = run.inputs
    there = {facts["id"] for side in ("students", "mentors") for facts in data[side]}
    marked = {(mark.student, mark.mentor): mark.kind for mark in marks}
    today = PairRule.objects.filter(cohort=run.cohort).order_by("pk")
    said = [
        *((s, m, kind) for s, m, kind in data["rules"] if kind in OF_PEOPLE),
        *(
            (student, mentor, kind)
            for student, mentor, kind in today.values_list("student_id", "mentor_id", "kind")
            if (student, mentor) not in marked
        ),
        *((student, mentor, kind) for (student, mentor), kind in marked.items() if kind != NONE),
    ]
    return {
        **data,
        "weights": {name: weight for name, weight in sorted(weights.items()) if weight > 0},
        "rules": [[s, m, kind] for s, m, kind in said if s in there and m in there],
    }


def _check_pins(data: Mapping[str, Any]) -> None:
    pins = Counter(student for student, _mentor, kind in data["rules"] if kind == PIN)
    twice = [student for student, count in pins.items() if count > 1]
    if twice:
        row = Enrollment.objects.select_related("person").get(pk=twice[0])
        raise DomainError(
            _("%(student)s can be kept with one mentor only.") % {"student": row.person.full_name}
        )


def given(run: MatchRun) -> "list[Given]":
    """What a finished run gives to each student."""
    # NumPy is loaded by the worker alone.
    from matching.trying import Given, leading  # noqa: PLC0415

    members = {group["number"]: [who for who, _role in group["members"]] for group in run.groups}
    rows = run.pairs.order_by("pk").values_list("student", "shape", "mentor", "group", "score")
    return [
        Given(student, shape)
        if mentor is None
        else Given(student, shape, leading(mentor, members.get(group, [])), score or 0)
        for student, shape, mentor, group, score in rows
    ]


@transaction.atomic
def adopt(*, run: MatchRun, args: Mapping[str, Any], by: User | None) -> MatchRun:
    """Start a run as it was tried, with the people of today; what was marked becomes rules.

    ``args`` are those of the job. All of it happens, or nothing.
    """
    # A rule that gives way makes room for the pin that follows.
    order = {NONE: 0, FORBID: 1, PIN: 2}
    for one in sorted(_people(run, args), key=lambda found: order[found.kind]):
        _rule(run, one, by)
    return runs.start(
        cohort=run.cohort,
        procedure=args["procedure"],
        weights=args["weights"],
        required=run.inputs.get("required", []),
        leave_untrained=bool(run.inputs.get("left_out")),
        seed=run.seed,
        by=by,
    )


def _people(run: MatchRun, args: Mapping[str, Any]) -> list[Marked]:
    found = marked(run, args)
    if len(found) < len(args["marks"]):
        raise DomainError(_("Somebody of a marked pair has left the cohort. Try again without."))
    return found


def marked(run: MatchRun, args: Mapping[str, Any]) -> list[Marked]:
    """The marks of a job with their people, as far as these are still there; one question."""
    marks = [Mark(*one) for one in args["marks"]]
    ids = {who for mark in marks for who in (mark.student, mark.mentor)}
    people = _in_cohort(run, ids)
    return [
        Marked(mark.kind, people[mark.student], people[mark.mentor])
        for mark in marks
        if mark.student in people and mark.mentor in people
    ]


def _in_cohort(run: MatchRun, ids: Iterable[int]) -> dict[int, Enrollment]:
    rows = Enrollment.objects.filter(cohort=run.cohort, state__in=Enrollment.PRESENT)
    return rows.select_related("person").in_bulk(list(ids))


def _rule(run: MatchRun, one: Marked, by: User | None) -> None:
    if one.kind != NONE:
        pair_rules.set_rule(
            cohort=run.cohort, student=one.student, mentor=one.mentor, kind=one.kind, by=by
        )
        return
    rules = PairRule.objects.filter(student=one.student, mentor=one.mentor, kind__in=MARKED)
    for rule in rules.select_related("cohort"):
        pair_rules.remove_rule(rule=rule, by=by)
