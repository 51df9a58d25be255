"""A finished run tried with other weights and rules, and a run started like that."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from matching import presenters_try as presenters
from matching import wish_lists
from matching.forms_try import TryForm
from matching.models import MatchRun
from matching.services import asked, trying
from matching.services.trying import Marked
from matching.views.common import actor, refuse, run_for
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.jobs.models import Job
from mentoring.jobs.services import with_progress

LOOKS = 5
"""So often the page looks for the answer at short intervals; then it waits for the job's word."""


@require_http_methods(["GET", "POST"])
@policy(Permission.RUN_MATCHING)
def try_run(request: HttpRequest, cohort: str, run: str) -> HttpResponse:
    """Change weights and pair rules, and read what would come out. Nothing changes."""
    found = run_for(request, cohort, run)
    if found.state != MatchRun.State.DONE:
        return redirect("matching:run", cohort=cohort, run=run)
    if request.method == "POST":
        return _posted(request, found)
    job = _job(request.GET.get("job", ""), found)
    if job is not None and "look" in request.GET:
        return render(request, "matching/_tried.html", _outcome(request, found, job))
    weights = job.args["weights"] if job else found.weights
    procedure = job.args["procedure"] if job else found.procedure
    initial = TryForm.initial_of(procedure, weights)
    form = TryForm(initial=initial, run=found, asked=_asked(found))
    marked = trying.marked(found, job.args) if job else []
    response = _page(request, found, form, marked, job)
    if job is not None and request.headers.get("HX-Request"):
        response["HX-Reswap"] = "outerHTML show:#tried:top"
    return response


def _posted(request: HttpRequest, run: MatchRun) -> HttpResponse:
    """Try it; or look for other pairs, with everything kept as it was typed."""
    form = TryForm(request.POST, run=run, asked=_asked(run))
    sound = form.is_valid()
    if "find" in request.POST or not sound:
        status = 200 if sound else 422
        job = _job(request.POST.get("job", ""), run)
        return _page(request, run, form, form.marked(), job, status=status)
    try:
        job = trying.start(
            run=run,
            procedure=form.cleaned_data["procedure"],
            weights=form.weights(),
            marks=form.marks(),
            by=actor(request),
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, run, form, form.marked(), None, status=422)
    query = {"job": job.key, **({"q": q} if (q := request.POST.get("q", "")) else {})}
    return redirect(f"{_url(run)}?{urlencode(query)}#tried")


@require_POST
@policy(Permission.RUN_MATCHING)
def start_like(request: HttpRequest, cohort: str, run: str) -> HttpResponse:
    """Start a run as it was tried; marked pairs become rules."""
    found = run_for(request, cohort, run)
    job = _job(request.POST.get("job", ""), found)
    if job is None:
        messages.error(request, _("Try it first, and look what comes out."))
        return redirect("matching:run", cohort=cohort, run=run)
    try:
        fresh = trying.adopt(run=found, args=job.args, by=actor(request))
    except DomainError as error:
        refuse(request, error)
        return redirect(f"{_url(found)}?job={job.key}")
    return redirect("matching:run", cohort=cohort, run=fresh.key)


def _url(run: MatchRun) -> str:
    return reverse("matching:try_run", args=[run.cohort.key, run.key])


def _asked(run: MatchRun) -> list[tuple[str, str]]:
    """The questions that can be weighed: those asked now, and those that the run weighed."""
    compared = asked.criteria(asked.compared(run.cohort))
    now = dict([*compared, *wish_lists.criteria(run.cohort)])
    before = asked.labels(run.cohort, set(run.weights) - set(now))
    return [*now.items(), *(one for one in before.items() if one[0] in run.weights)]


def _job(key: str, run: MatchRun) -> Job | None:
    job = Job.objects.filter(key=key, kind=trying.KIND, cohort=run.cohort).first()
    return job if job is not None and job.args["run"] == run.pk else None


def _page(
    request: HttpRequest,
    run: MatchRun,
    form: TryForm,
    marked: Sequence[Marked],
    job: Job | None,
    *,
    status: int = 200,
) -> HttpResponse:
    text = (request.POST if request.method == "POST" else request.GET).get("q", "")
    context = {
        "form": form,
        "marks": presenters.mark_rows(run, marked, text),
        "q": text,
        **_outcome(request, run, job),
    }
    return render(request, "matching/try.html", context, status=status)


def _outcome(request: HttpRequest, run: MatchRun, job: Job | None) -> dict[str, Any]:
    """How far the job is, and its answer once there is one."""
    found: dict[str, Any] = {"run": run, "cohort": run.cohort}
    if job is None:
        return found
    look = request.GET.get("look", "0")
    looked = int(look) if look.isdecimal() else LOOKS
    query = urlencode({"job": str(job.key), "look": str(looked + 1)})
    found |= {
        "job": with_progress(job),
        "look_url": f"{_url(run)}?{query}",
        "soon": looked < LOOKS,
    }
    if job.state == "done":
        found["tried"] = presenters.tried(run, job.args, job.result)
        found["question"] = _question(len(job.args["marks"]))
    return found


def _question(marks: int) -> str:
    text = _("Start a run with these weights, for the people of today?")
    if not marks:
        return text
    rules = ngettext(
        "%(n)d pair rule changes with it, and counts in every later run too.",
        "%(n)d pair rules change with it, and count in every later run too.",
        marks,
    )
    return f"{text} {rules % {'n': marks}}"
