"""The long work of evaluation."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.models import Report, ReportFile
from evaluation.services import reports
from mentoring import jobs

STEPS = 3


def _url(job: jobs.Job) -> str:
    key = Report.objects.values_list("key", flat=True).get(pk=job.args["report"])
    return reverse("evaluation:issued_report", args=[key])


@jobs.handler(reports.PDF_JOB, title=_("Making the report's PDF"), url=_url)
def make_pdf(job: jobs.Job, progress: jobs.Progress) -> dict[str, Any]:
    """Render an issued report and keep the file; safe to repeat."""
    from evaluation.reports import pdf  # noqa: PLC0415 (only workers print)

    progress(0, STEPS)
    report = Report.objects.select_related("cohort__program").get(pk=job.args["report"])
    progress(1, STEPS)
    content = pdf.render(report, job.args["paper"])
    progress(2, STEPS)
    ReportFile.keep(report=report, paper=job.args["paper"], content=content)
    progress(STEPS, STEPS)
    return {"report": report.key}
