"""The long work of this floor."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring import jobs
from sessions import certificates
from sessions.models import CertificateFile
from sessions.services import certificates as services

STEPS = 2


def _url(job: jobs.Job) -> str:
    row = certificates.ROWS.filter(pk=job.args["certificate"]).first()
    if row is None:
        return reverse("home")
    return reverse("sessions:certificate_files", args=[row.code])


@jobs.handler(services.PDF_JOB, title=_("Making the certificate’s PDF"), url=_url)
def make_pdf(job: jobs.Job, progress: jobs.Progress) -> dict[str, Any]:
    """Render a certificate and keep the file; safe to repeat."""
    from sessions import certificate_pdf  # noqa: PLC0415 (only workers print)

    progress(0, STEPS)
    row = certificates.ROWS.get(pk=job.args["certificate"])
    content = certificate_pdf.render(row, job.args["paper"])
    progress(1, STEPS)
    CertificateFile.keep(certificate=row, paper=job.args["paper"], content=content)
    progress(STEPS, STEPS)
    return {"certificate": row.pk}
