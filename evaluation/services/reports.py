"""Issuing reports, and their files."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.reports import figures
from evaluation.reports.models import Report
from mentoring import audit, clock, jobs
from mentoring import paper as papers
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort

PDF_JOB = "evaluation.report_pdf"


@transaction.atomic
def issue(*, cohort: Cohort, as_of: date | None, by: User) -> Report:
    """Keep the figures as of a date. The same figures are issued once."""
    if as_of is not None and as_of > clock.today(cohort.zone):
        raise DomainError(_("That day is still to come."), field="as_of")
    found = figures.collect(cohort, as_of)
    for earlier in Report.objects.filter(cohort=cohort, as_of=found["as_of"]):
        if earlier.figures == found:
            return earlier
    report = Report.objects.create(
        cohort=cohort,
        as_of=found["as_of"],
        definitions=found["definitions"],
        figures=found,
        made_by=by,
    )
    audit.record(by=by, action="report.issued", subject=report, cohort=cohort, as_of=found["as_of"])
    report.refresh_from_db(fields=["as_of"])
    return report


@transaction.atomic
def order_pdf(*, report: Report, paper: str, by: User) -> jobs.Job:
    """Let a worker make the PDF, in the orderer's language."""
    papers.check(paper)
    args = {"report": report.pk, "paper": paper}
    return jobs.start(kind=PDF_JOB, by=by, cohort=report.cohort, args=args)
