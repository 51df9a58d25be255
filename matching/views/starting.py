"""Where matching stands, and runs started."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from matching import (
    presenters,
    presenters_equity,
    queries,
    wish_lists,
)
from matching.forms import COMPUTED, StartForm
from matching.judging import usual_weights
from matching.lacking import lacking
from matching.models import MatchRun
from matching.reasons import lack_words
from matching.services import asked, choosing, runs
from matching.services.inputs import held_back, ruled, snapshot
from matching.views.common import actor, cohort_for, refuse, run_for
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from programs.models import Cohort, Question
from programs.services import gate


@require_GET
@policy(Permission.RUN_MATCHING)
def overview(request: HttpRequest, cohort: str) -> HttpResponse:
    """Where matching stands: who waits, which places are left, and the runs so far."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    return _overview(request, found, _form(found))


@require_POST
@policy(Permission.RUN_MATCHING)
def start(request: HttpRequest, cohort: str) -> HttpResponse:
    """Start a run and show its progress."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    form = _form(found, request.POST)
    if not form.is_valid():
        return _overview(request, found, form, status=422)
    try:
        run = runs.start(
            cohort=found,
            procedure=form.cleaned_data["procedure"],
            weights=form.weights(),
            required=form.required(),
            leave_untrained=form.cleaned_data["leave_untrained"],
            seed=form.cleaned_data["seed"],
            by=actor(request),
        )
    except DomainError as error:
        refuse(request, error)
        return _overview(request, found, form, status=422)
    return redirect("matching:run", cohort=found.key, run=run.key)


@require_POST
@policy(Permission.RUN_MATCHING)
def again(request: HttpRequest, cohort: str, run: str) -> HttpResponse:
    """Run once more as before, with the rules and people of today."""
    earlier = run_for(request, cohort, run)
    try:
        fresh = runs.start(
            cohort=earlier.cohort,
            procedure=earlier.procedure,
            weights=earlier.weights,
            required=earlier.inputs.get("required", []),
            leave_untrained=bool(earlier.inputs.get("left_out")),
            seed=earlier.seed,
            by=actor(request),
        )
    except DomainError as error:
        refuse(request, error)
        return redirect("matching:run", cohort=cohort, run=run)
    return redirect("matching:run", cohort=cohort, run=fresh.key)


def _form(cohort: Cohort, data: QueryDict | None = None) -> StartForm:
    """What can be chosen in this cohort, and what is proposed."""
    compared = asked.compared(cohort)
    lists = wish_lists.criteria(cohort)
    initial = _initial(cohort, compared) | _of_lists(cohort, lists) if data is None else {}
    criteria = [*asked.criteria(compared), *lists]
    pairs = bool(queries.live_count(cohort))
    return StartForm(data, initial=initial, asked=criteria, pairs=pairs)


WISHED = "3"
"""What a place on a list weighs at first, where procedures go by scores."""


def _of_lists(cohort: Cohort, lists: list[tuple[str, str]]) -> dict[str, Any]:
    """Where people have ranked since the last run, a run by their lists is proposed."""
    round_ = wish_lists.round_of(cohort) if lists else None
    if round_ is None or _computed(cohort).filter(created_at__gt=round_.opened_at).exists():
        return {}
    weights = {f"weight_{name}": WISHED for name, _label in lists}
    return {"procedure": MatchRun.Procedure.WISHES, **weights}


def _initial(cohort: Cohort, form: list[Question]) -> dict[str, Any]:
    """What the last run was told, or what the program and the form say."""
    last: Any = _computed(cohort).annotate(required=F("inputs__required")).first()
    spec = cohort.planned_spec
    if last is not None:
        # What the form asks since then counts as it says there.
        new = [one for one in form if one.created_at > last.created_at]
        return StartForm.initial_for(
            last.procedure,
            asked.weights(new) | last.weights,
            [*(last.required or []), *asked.musts(new)],
        )
    known = spec.matching.procedure in dict(COMPUTED)
    procedure = str(spec.matching.procedure) if known else MatchRun.Procedure.OPTIMAL
    weights = usual_weights(spec) | asked.weights(form)
    return StartForm.initial_for(procedure, weights, [*ruled(spec, "share"), *asked.musts(form)])


def _computed(cohort: Cohort) -> QuerySet[MatchRun]:
    """The runs, the latest first; a board is told nothing."""
    return queries.runs(cohort).filter(procedure__in=dict(COMPUTED))


def _overview(
    request: HttpRequest, cohort: Cohort, form: StartForm, status: int = 200
) -> HttpResponse:
    mentors = queries.with_places(cohort)
    latest = list(queries.runs(cohort)[: queries.RUNS_SHOWN])
    rows = presenters.run_rows(latest)
    context = {
        "cohort": cohort,
        "form": form,
        "runs": rows,
        "listed": any(row.wished for row in rows),
        "equity": presenters_equity.compared(latest),
        "waiting": queries.unplaced_count(cohort),
        "places": queries.free_places(cohort),
        "mentors_with_places": sum(1 for mentor in mentors if mentor.places_left),
        "mentors": len(mentors),
        "live": queries.live_count(cohort),
        "rules": queries.rules(cohort).count(),
        "closed_by": gate.closed_by(cohort),
        "choosing": choosing.current(cohort),
        "trial": cohort.trials.filter(closed_at=None).exists(),
        "needs": presenters.needs(cohort, mentors),
        "held_back": _held_back(cohort),
        "lacks": _lacks(cohort, form),
    }
    return render(request, "matching/overview.html", context, status=status)


def _held_back(cohort: Cohort) -> int:
    """How many a run without the untrained would leave out."""
    without = held_back(cohort)
    return len(snapshot(cohort, {}, [], without).data["left_out"]) if without else 0


def _lacks(cohort: Cohort, form: StartForm) -> list[str]:
    """Who could be matched with nobody, as something is a must that is not on record."""
    musts = [name for name in form.criteria if form[f"must_{name}"].value()]
    if not musts:
        return []
    found = lacking(snapshot(cohort, {}, musts).data)
    labels = asked.labels(cohort, musts)
    return [lack_words(lack, labels) for lack in found]
