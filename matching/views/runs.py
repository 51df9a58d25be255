"""The matching page of a cohort, and runs: started, reviewed, published."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
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
)
from matching.filters import LotFilter, PairFilter
from matching.models import MatchPair, MatchRun
from matching.reasons import reasons
from matching.services import asked, publishing, runs, undoing
from matching.views.common import actor, refuse, run_for
from mentoring import ports
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.jobs.models import Job
from mentoring.jobs.services import with_progress
from mentoring.outbox.hours import with_night_note
from mentoring.ui.lists import csv_response, listing

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
def review(request: HttpRequest, cohort: str, run: str) -> HttpResponseBase:
    """The pairs of a run with their reasons, who is left over and why, and the loads."""
    found = run_for(request, cohort, run)
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
    counted = {*found.weights, *(row[0] for row in found.result.get("lacking", []))}
    labels = asked.labels(found.cohort, counted)
    context: dict[str, Any] = {
        "run": found,
        "cohort": found.cohort,
        "listing": shown,
        "rows": _rows(found, list(shown.page), weak_below),
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


def _rows(run: MatchRun, pairs: list[MatchPair], weak_below: int) -> list[presenters.PairRow]:
    leaders = queries.group_leaders(run, [row.group for row in pairs])
    differing = notes.about((row.student, row.mentor) for row in pairs if row.mentor)
    return [
        presenters.pair_row(
            row,
            weak_below,
            leaders.get(row.group or 0, ()),
            differing.get((row.student_id, row.mentor_id or 0), ""),
            scored=not run.is_lot,
        )
        for row in pairs
    ]


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
    found = run_for(request, cohort, run)
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


def _to_board(request: HttpRequest, run: MatchRun) -> HttpResponse:
    """The board is a page of its own: whoever watched its making is taken there whole."""
    url = reverse("matching:board", args=[run.cohort.key, run.key])
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _comparison(run: MatchRun) -> dict[str, Any]:
    """This run's figures, and the finished run before it that weighed the same."""
    earlier = queries.runs(run.cohort).filter(number__lt=run.number, state__in=runs.FINISHED)
    finished = list(earlier[: queries.RUNS_SHOWN])
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
