"""The long work of matching."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import MatchRun, Trial
from matching.services import runs, trial_report, trying
from mentoring import jobs
from programs.models import Enrollment


def _url(job: jobs.Job) -> str:
    run = MatchRun.objects.select_related("cohort").get(pk=job.args["run"])
    return reverse("matching:run", args=[run.cohort.key, run.key])


def _why_url(job: jobs.Job) -> str:
    run = MatchRun.objects.select_related("cohort").get(pk=job.args["run"])
    student = Enrollment.objects.get(pk=job.args["student"])
    url = reverse("matching:why_not", args=[run.cohort.key, run.key, student.key])
    return f"{url}?shape={job.args['shape']}&job={job.key}"


@jobs.handler("matching.why_not", title=_("Trying another pair"), url=_why_url)
def try_pair(job: jobs.Job, progress: jobs.Progress) -> dict[str, Any]:
    """Solve a run's inputs again with one pair made."""
    # NumPy and SciPy are loaded by the worker alone.
    from matching import counterfactual  # noqa: PLC0415

    run = MatchRun.objects.get(pk=job.args["run"])
    wanted = {name: job.args[name] for name in ("student", "mentor", "shape")}
    return counterfactual.ask(
        run.inputs, run.seed, procedure=run.procedure, progress=progress, **wanted
    )


def _try_url(job: jobs.Job) -> str:
    run = MatchRun.objects.select_related("cohort").get(pk=job.args["run"])
    return f"{reverse('matching:try_run', args=[run.cohort.key, run.key])}?job={job.key}#tried"


@jobs.handler(trying.KIND, title=_("Trying other weights"), url=_try_url)
def try_weights(job: jobs.Job, progress: jobs.Progress) -> dict[str, Any]:
    """Solve a run's inputs with other weights and rules, and compare."""
    # NumPy and SciPy are loaded by the worker alone.
    from matching.trying import attempt  # noqa: PLC0415

    run = MatchRun.objects.select_related("cohort").get(pk=job.args["run"])
    marks = [trying.Mark(*one) for one in job.args["marks"]]
    return attempt(
        run.inputs,
        trying.inputs(run, job.args["weights"], marks),
        trying.given(run),
        procedure=job.args["procedure"],
        seed=run.seed,
        progress=progress,
    )


def _trial_url(job: jobs.Job) -> str:
    trial = Trial.objects.select_related("cohort").get(pk=job.args["trial"])
    return reverse("matching:trial", args=[trial.cohort.key])


@jobs.handler("matching.trial_report", title=_("Computing the report of a trial"), url=_trial_url)
def report_trial(job: jobs.Job, progress: jobs.Progress) -> dict[str, Any]:
    """The flow, the endpoints and the tests as they are today."""
    # SciPy is loaded by the worker alone.
    from matching.trials.report import analyse, plain  # noqa: PLC0415

    trial = Trial.objects.select_related("cohort__program").get(pk=job.args["trial"])
    progress(0, 1)
    found = plain(analyse(trial_report.data_of(trial)))
    progress(1, 1)
    return {"analysis": found}


@jobs.handler("matching.run", title=_("Matching students and mentors"), url=_url)
def compute_run(job: jobs.Job, progress: jobs.Progress) -> dict[str, Any]:
    """Compute a run from its stored inputs."""
    run = MatchRun.objects.select_related("cohort").filter(pk=job.args["run"]).first()
    if run is None:
        return {}
    try:
        runs.compute(run=run, progress=progress)
    except Exception:
        # The job says what went wrong; the run must not look as if it were still at work.
        runs.fail(run=run)
        raise
    return {"run": run.key}
