"""For whom in a cohort a certificate is due, and issuing them all at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.ui.lists import listing
from programs.models import Cohort
from sessions import certificate_presenters as presenters
from sessions import certificates
from sessions.models import CertificateKind as KIND  # noqa: N814 (a table of two words)
from sessions.services import certificates as services
from sessions.training_filters import CertificateFilter
from sessions.training_ports import wants_training
from sessions.views.support import attempt, page, person


def _cohort(request: HttpRequest, key: str) -> Cohort:
    rows = Cohort.objects.select_related("program")
    return access.get_or_404(request.user, Permission.ISSUE_CERTIFICATES, rows, key=key)


@require_safe
@policy(Permission.ISSUE_CERTIFICATES)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """Everyone who attended something: how much, and whether it was certified."""
    return _list(request, _cohort(request, cohort), KIND.ATTENDANCE)


@require_safe
@policy(Permission.ISSUE_CERTIFICATES)
def completed(request: HttpRequest, cohort: str) -> HttpResponse:
    """Everyone who has completed, with what was earned, and whether it was certified."""
    return _list(request, _cohort(request, cohort), KIND.COMPLETION)


def _list(request: HttpRequest, place: Cohort, kind: str) -> HttpResponse:
    found = listing(
        request,
        certificates.people(place, kind).select_related("person"),
        sorts={"name": ["name", "person__given_name"], "role": ["role", "name"]},
        default="name",
        filterset=CertificateFilter,
    )
    context = {
        "cohort": place,
        "listing": found,
        "rows": presenters.with_facts(found.page, place, kind),
        "kind": kind,
        "kinds": [
            (one, str(KIND(one).label), _url(place, one)) for one in certificates.kinds(place)
        ],
        "has_training": wants_training(place),
    }
    return page(request, "certificates/list.html", context)


def _url(place: Cohort, kind: str) -> str:
    name = "certificates_completion" if kind == KIND.COMPLETION else "certificates"
    return reverse(f"sessions:{name}", args=[place.key])


@require_POST
@policy(Permission.ISSUE_CERTIFICATES)
def issue_all(request: HttpRequest, cohort: str) -> HttpResponse:
    """Issue one for everybody who is due."""
    place, kind = _cohort(request, cohort), request.POST.get("kind", "")
    count = attempt(
        request, lambda: services.issue_all(cohort=place, kind=kind, by=person(request))
    )
    if count == 0:
        messages.info(request, _("Nobody is due: everyone has the certificate already."))
    elif count:
        text = ngettext("%(n)d certificate was issued.", "%(n)d certificates were issued.", count)
        messages.success(request, text % {"n": count})
    return redirect(_url(place, kind))
