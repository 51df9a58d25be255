"""Certificates: of one's own, of a cohort's people, and the page on which anybody checks one."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import PUBLIC, Permission, policy
from mentoring.errors import DomainError
from mentoring.paper import Paper, language
from mentoring.ui.downloads import attached
from programs.models import Enrollment
from sessions import certificate_presenters as presenters
from sessions import certificates
from sessions.models import Certificate, CertificateFile
from sessions.services import certificates as services
from sessions.views.support import UNPROCESSABLE, attempt, page, person

_PLACES = Enrollment.objects.select_related("person", "cohort__program")
NOT_FOUND, TOO_MANY = 404, 429


# --- For everyone who holds one in her hands -----------------------------------------------------


@require_safe
@never_cache
@policy(PUBLIC)
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate holds, and of what; without a login."""
    if not ratelimit.consume(request, action="certificate"):
        return _check(request, {"busy": True}, TOO_MANY)
    row = certificates.ROWS.filter(code=code).first()
    if row is None:
        return _check(request, {}, NOT_FOUND)
    return _check(request, presenters.told(row))


def _check(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "sessions/certificates/check.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


# --- Files ---------------------------------------------------------------------------------------


def _certificate(request: HttpRequest, permission: Permission, code: str) -> Certificate:
    return access.get_or_404(request.user, permission, certificates.ROWS, code=code)


@require_safe
@never_cache
@policy(Permission.VIEW_CERTIFICATE)
def files(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate: what it says, and its PDF."""
    row = _certificate(request, Permission.VIEW_CERTIFICATE, code)
    return _files(request, row)


def _files(request: HttpRequest, row: Certificate, why_error: str = "") -> HttpResponse:
    made = set(row.files.filter(language=language()).values_list("paper", flat=True))
    context = presenters.told(row) | {
        "address": presenters.address(row),
        "papers": [{"value": v, "label": label, "made": v in made} for v, label in Paper.choices],
        "may_revoke": access.can(request.user, Permission.ISSUE_CERTIFICATES, row),
        "back": _page_of(request, row.enrollment),
        "why": request.POST.get("why", ""),
        "why_error": why_error,
    }
    status = UNPROCESSABLE if why_error else 200
    return render(request, "sessions/certificates/files.html", context, status=status)


def _page_of(request: HttpRequest, place: Enrollment) -> str:
    """The page of somebody's certificates, as this reader knows it."""
    if place.person_id == person(request).pk:
        return reverse("sessions:my_certificates", args=[place.key])
    return reverse("sessions:person_certificates", args=[place.cohort.key, place.key])


@require_POST
@policy(Permission.VIEW_CERTIFICATE)
def order_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Have the PDF made, and show how far it is."""
    row = _certificate(request, Permission.VIEW_CERTIFICATE, code)
    paper = request.POST.get("paper", Paper.A4)
    job = attempt(
        request, lambda: services.order_pdf(certificate=row, paper=paper, by=person(request))
    )
    if job is None:
        return redirect("sessions:certificate_files", code=code)
    return redirect("jobs:job", key=job.key)


@require_safe
@policy(Permission.VIEW_CERTIFICATE)
def pdf(request: HttpRequest, code: str, paper: str) -> HttpResponse:
    """The PDF, if it was made in the reader's language."""
    row = _certificate(request, Permission.VIEW_CERTIFICATE, code)
    rows = CertificateFile.objects.filter(certificate=row, language=language())
    found = rows.filter(paper=paper).first()
    if found is None:
        messages.info(request, _("This file has not been made yet."))
        return redirect("sessions:certificate_files", code=code)
    response = HttpResponse(bytes(found.content), content_type="application/pdf")
    return attached(response, f"certificate-{row.kind}-{row.code[:6]}-{paper}.pdf")


@require_POST
@policy(Permission.ISSUE_CERTIFICATES)
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    """Take one back, and say why."""
    row = _certificate(request, Permission.ISSUE_CERTIFICATES, code)
    why = request.POST.get("why", "")
    try:
        services.revoke(certificate=row, why=why, by=person(request))
    except DomainError as refusal:
        return _files(request, row, why_error=str(refusal))
    messages.success(request, _("Taken back. Whoever looks it up reads that it holds no longer."))
    return redirect("sessions:certificate_files", code=code)


# --- One person ----------------------------------------------------------------------------------


@require_safe
@never_cache
@policy(Permission.OWN_CERTIFICATES)
def mine(request: HttpRequest, key: str) -> HttpResponse:
    """My certificates in a cohort: what can be certified, and what was."""
    row = access.get_or_404(request.user, Permission.OWN_CERTIFICATES, _PLACES, key=key)
    return page(request, "certificates/mine.html", _of(row) | {"own": True})


@require_POST
@policy(Permission.OWN_CERTIFICATES)
def fetch(request: HttpRequest, key: str) -> HttpResponse:
    """Fetch my certificate."""
    row = access.get_or_404(request.user, Permission.OWN_CERTIFICATES, _PLACES, key=key)
    kind = request.POST.get("kind", "")
    made = attempt(request, lambda: services.fetch(enrollment=row, kind=kind, by=person(request)))
    if made is None:
        return redirect("sessions:my_certificates", key=key)
    return redirect("sessions:certificate_files", code=made.code)


def _of(row: Enrollment) -> dict[str, Any]:
    issued = certificates.of_enrollment(row)
    return {
        "row": row,
        "cohort": row.cohort,
        "offers": presenters.offers(row),
        "issued": [(one, presenters.shown(one)) for one in issued],
    }


def _place(request: HttpRequest, cohort: str, key: str) -> Enrollment:
    rows = _PLACES.filter(cohort__key=cohort)
    return access.get_or_404(request.user, Permission.ISSUE_CERTIFICATES, rows, key=key)


@require_safe
@never_cache
@policy(Permission.ISSUE_CERTIFICATES)
def of_person(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Somebody's certificates, for coordinators."""
    row = _place(request, cohort, key)
    return page(request, "certificates/person.html", _of(row) | {"own": False})


@require_POST
@policy(Permission.ISSUE_CERTIFICATES)
def issue(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Issue one for one person."""
    row, kind = _place(request, cohort, key), request.POST.get("kind", "")
    made = attempt(request, lambda: services.issue(enrollment=row, kind=kind, by=person(request)))
    if made is None:
        return redirect("sessions:person_certificates", cohort=cohort, key=key)
    return redirect("sessions:certificate_files", code=made.code)
