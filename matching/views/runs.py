"""The matching page of a cohort, and runs: started, reviewed, published."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from matching import (
    notes,
    presenters,
    presenters_charts,
    presenters_equity,
    presenters_moves,
    publication,
    queries,
    run_changes,
    wish_lists,
)
from matching.filters import LotFilter, PairFilter
from matching.forms import COMPUTED, StartForm
from matching.lacking import lacking
from matching.models import MatchRun
from matching.reasons import lack_words, reasons
from matching.services import asked, choosing, publishing, runs, undoing
from matching.services.inputs import default_weights, held_back, ruled, snapshot
from matching.views.common import actor, cohort_for, refuse
from mentoring import access, ports
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.jobs.models import Job
from mentoring.jobs.services import with_progress
from mentoring.outbox.hours import with_night_note
from mentoring.ui.lists import csv_response, listing
from programs.models import Cohort, Question
from programs.services import gate

RUNS_SHOWN = 20
# A failed run has no pairs to show; its job says what went wrong.
UNFINISHED = {MatchRun.State.QUEUED, MatchRun.State.RUNNING, MatchRun.State.FAILED}
# These mind how large groups are and how evenly people are spread; a board leaves it to people.
SIZED = {
    MatchRun.Procedure.OPTIMAL,
    MatchRun.Procedure.RANDOM,
    MatchRun.Procedure.KEEPING,
    MatchRun.Procedure.EXPERT,
}
SORTS = {
    "student": ("student__person__family_name", "student__person__given_name"),
    "mentor": ("mentor__person__family_name", "mentor__person__given_name"),
    "score": "score",
}


@require_GET
@policy(Permission.RUN_MATCHING)
def overview(request: HttpRequest, cohort: str) -> HttpResponse:
    """Where matching stands: who waits, which places are left, and the runs so far."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    compared = asked.compared(found)
    lists = wish_lists.criteria(found)
    initial = _initial(found, compared) | _of_lists(found, lists)
    criteria = [*asked.criteria(compared), *lists]
    pairs = bool(queries.live_count(found))
    form = StartForm(initial=initial, asked=criteria, pairs=pairs)
    return _overview(request, found, form)


@require_POST
@policy(Permission.RUN_MATCHING)
def start(request: HttpRequest, cohort: str) -> HttpResponse:
    """Start a run and show its progress."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    criteria = [*asked.criteria(asked.compared(found)), *wish_lists.criteria(found)]
    form = StartForm(request.POST, asked=criteria)
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
    earlier = _run(request, run, cohort)
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


@require_GET
@policy(Permission.RUN_MATCHING)
def review(request: HttpRequest, cohort: str, run: str) -> HttpResponseBase:
    """The pairs of a run with their reasons, who is left over and why, and the loads."""
    found = _run(request, run, cohort)
    if found.state == MatchRun.State.BOARD:
        return _to_board(request, found)
    if found.state in UNFINISHED:
        job = Job.objects.filter(key=found.job_key).first()
        return render(
            request,
            "matching/run_progress.html",
            {"run": found, "cohort": found.cohort, "job": job and with_progress(job)},
        )
    weak_below = queries.WEAK_BELOW if found.weights else 0
    default, filterset = ("student", LotFilter) if found.is_lot else ("score", PairFilter)
    shown = listing(
        request, queries.pairs(found), sorts=SORTS, default=default, filterset=filterset
    )
    if shown.wants_csv:
        return _pairs_csv(found, shown.rows)
    leaders = queries.group_leaders(found, [row.group for row in shown.page])
    differing = notes.about((row.student, row.mentor) for row in shown.page if row.mentor)
    rows = [
        presenters.pair_row(
            row,
            weak_below,
            leaders.get(row.group or 0, ()),
            differing.get((row.student_id, row.mentor_id or 0), ""),
            scored=not found.is_lot,
        )
        for row in shown.page
    ]
    counted = {*found.weights, *(row[0] for row in found.result.get("lacking", []))}
    labels = asked.labels(found.cohort, counted)
    context: dict[str, Any] = {
        "run": found,
        "cohort": found.cohort,
        "listing": shown,
        "rows": rows,
        "loads": presenters_charts.loads(found),
        "sizes": presenters_charts.sizes(found),
        "most": queries.most_loaded(found),
        "lacks": presenters.lacks(found, labels),
        "left_over": presenters.left_over(found),
        "board": _fits_a_board(found),
        "by_places": bool(found.groups) and found.procedure not in SIZED,
        "weights": presenters.weights_row(found, labels),
        "open": found.state == MatchRun.State.DONE,
        "equity": presenters_equity.tables(found),
        "moves": presenters_moves.rows(found),
        **_comparison(found),
    }
    context |= _publication(request, found)
    return render(request, "matching/run.html", context)


def _fits_a_board(run: MatchRun) -> bool:
    """Whether its pairs can be laid on a board: there each place is one mentor's."""
    return all(len(group["members"]) == 1 for group in run.groups)


def _publication(request: HttpRequest, run: MatchRun) -> dict[str, Any]:
    """What publishing would do, or taking it back."""
    if run.state == MatchRun.State.DONE:
        counts = run.pairs.exclude(mentor=None).aggregate(
            wanted=Count("pk", filter=Q(kept_out=False)),
            left_out=Count("pk", filter=Q(kept_out=True)),
        )
        wanted = counts["wanted"]
        question = publication.question(run, wanted, actor(request)) if wanted else ""
        return {"question": question, "left_out": counts["left_out"]}
    if run.state == MatchRun.State.PUBLISHED:
        formed = list(run.mentorships.values_list("pk", flat=True))
        told = [line for found in ports.FIT.ask(run.cohort, formed) for line in found]
        return {"undo": undoing.undoable(run), "fit": told}
    return {}


@require_POST
@policy(Permission.RUN_MATCHING)
def publish(request: HttpRequest, cohort: str, run: str) -> HttpResponse:
    """Make the pairs of a run mentorships."""
    found = _run(request, run, cohort)
    try:
        formed = publishing.publish(run=found, by=actor(request))
    except DomainError as error:
        refuse(request, error)
        return redirect("matching:run", cohort=cohort, run=run)
    text = ngettext(
        "%(count)d mentorship has begun. Both sides get a mail.",
        "%(count)d mentorships have begun. Everybody gets a mail.",
        len(formed),
    )
    messages.success(request, with_night_note(text % {"count": len(formed)}, actor(request)))
    return redirect("matching:mentorships", cohort=cohort)


def _run(request: HttpRequest, key: str, cohort: str) -> MatchRun:
    rows = MatchRun.objects.select_related("cohort__program", "created_by").defer("inputs")
    return access.get_or_404(
        request.user, Permission.RUN_MATCHING, rows, key=key, cohort__key=cohort
    )


def _to_board(request: HttpRequest, run: MatchRun) -> HttpResponse:
    """The board is a page of its own: whoever watched its making is taken there whole."""
    url = reverse("matching:board", args=[run.cohort.key, run.key])
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


WISHED = "3"
"""What a place on a list weighs at first, where procedures go by scores."""


def _of_lists(cohort: Cohort, lists: list[tuple[str, str]]) -> dict[str, Any]:
    """Where people have ranked since the last run, a run by their lists is proposed."""
    round_ = wish_lists.round_of(cohort) if lists else None
    if round_ is None or queries.runs(cohort).filter(created_at__gt=round_.opened_at).exists():
        return {}
    weights = {f"weight_{name}": WISHED for name, _label in lists}
    return {"procedure": MatchRun.Procedure.WISHES, **weights}


def _initial(cohort: Cohort, form: list[Question]) -> dict[str, Any]:
    """What the last run was told, or what the program and the form say."""
    last: Any = queries.runs(cohort).annotate(required=F("inputs__required")).first()
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
    weights = default_weights(spec) | asked.weights(form)
    return StartForm.initial_for(procedure, weights, [*ruled(spec, "share"), *asked.musts(form)])


def _overview(
    request: HttpRequest, cohort: Cohort, form: StartForm, status: int = 200
) -> HttpResponse:
    mentors = queries.with_places(cohort)
    latest = list(queries.runs(cohort)[:RUNS_SHOWN])
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


def _comparison(run: MatchRun) -> dict[str, Any]:
    """This run's figures, and the finished run before it that weighed the same."""
    earlier = queries.runs(run.cohort).filter(number__lt=run.number, state__in=runs.FINISHED)
    finished = list(earlier[:RUNS_SHOWN])
    before = [row for row in finished if row.weights == run.weights][:1]
    rows = presenters.run_rows([run, *before])
    return {
        "figures": rows[0],
        "before": rows[1] if len(rows) > 1 else None,
        "changes": run_changes.between(finished[0], run) if finished else None,
    }


def _pairs_csv(run: MatchRun, rows: Any) -> HttpResponseBase:
    leaders = queries.group_leaders(run, [group["number"] for group in run.groups])
    header = [_("Student"), _("Group"), _("Mentor"), _("Score"), _("Reasons"), _("Kept together")]
    lines = (
        [
            row.student.person.full_name,
            row.group or "",
            presenters.pair_row(row, 0, leaders.get(row.group or 0, ())).mentors,
            "" if row.score is None or run.is_lot else presenters.percent(row.score),
            "; ".join(reasons(row)),
            _("yes") if row.pinned else "",
        ]
        for row in rows
    )
    return csv_response(f"matching-{run.number}", header, lines)
