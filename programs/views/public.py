"""The page of a cohort that everyone can read, and the page where coordinators write it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import PUBLIC, Permission, policy
from mentoring.errors import DomainError
from programs import qr, queries_resources
from programs.forms.intake import PublicLinkForm, PublicPageForm
from programs.models import Cohort
from programs.presenters import public as presenters
from programs.presenters.resources import lines, reading
from programs.services import public
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of


@require_safe
@policy(PUBLIC)
def about(request: HttpRequest, cohort: str) -> HttpResponse:
    """What the cohort is, for whom, and what it asks; before it is public, for coordinators."""
    row = Cohort.objects.select_related("program").filter(key=cohort).first()
    if row is None:
        raise access.NotAllowedError
    page = public.page_of(row)
    may_write = access.can(request.user, Permission.MANAGE_COHORT, row)
    if page.published_at is None and not may_write:
        raise access.NotAllowedError
    context = {
        "cohort_row": row,
        "page": page,
        "may_write": may_write,
        "edition": row.planned,
        "terms": row.planned.terms.all(),
        "resources": lines(queries_resources.on_public_page(row), row, reads=reading()),
        **presenters.page(row, list(row.public_links.all())),
    }
    return render(request, "programs/about.html", context)


def _address(row: Cohort) -> str:
    return settings.SITE_URL + reverse("programs:about", args=[row.key])


@policy(Permission.MANAGE_COHORT)
def edit(request: HttpRequest, cohort: str) -> HttpResponse:
    """Write the coordinators' part, add links, publish."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    page = PublicPageForm(request.POST if sent == "page" else None, instance=public.page_of(row))
    link = PublicLinkForm(request.POST if sent == "link" else None)
    form = link if sent == "link" else page
    if sent and form.is_valid():
        save: Any = public.add_link if sent == "link" else public.write
        try:
            save(cohort=row, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return back_with(request, "public_page", row.key, done=_("Saved."))
    context = {
        "cohort": row,
        "published": public.is_published(row),
        "form": page,
        "link_form": link,
        "links": row.public_links.all(),
        "address": _address(row),
        "code": qr.svg(_address(row)),
    }
    return render(request, "programs/public_page.html", context, status=status_of(form))


@require_POST
@policy(Permission.MANAGE_COHORT)
def act(request: HttpRequest, cohort: str) -> HttpResponse:
    """Publish the page, take it offline, remove a link."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    name = request.POST.get("act", "")
    if name in {"publish", "hide"}:
        public.publish(cohort=row, public=name == "publish", by=me(request))
        done = (
            _("The page is public. Share its address.")
            if name == "publish"
            else _("Only coordinators see the page now.")
        )
        return back_with(request, "public_page", row.key, done=done)
    link = row.public_links.filter(key=request.POST.get("link", "")).first()
    if link is None:
        gone = DomainError(_("That link is gone already."))
        return back_with(request, "public_page", row.key, error=gone)
    public.remove_link(link=link, by=me(request))
    return back_with(request, "public_page", row.key, done=_("Removed."))


@require_safe
@policy(Permission.MANAGE_COHORT)
def code(request: HttpRequest, cohort: str) -> HttpResponse:
    """The QR code of the page's address, as a file for posters."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    response = HttpResponse(qr.file(_address(row)), content_type="image/svg+xml")
    response["Content-Disposition"] = 'attachment; filename="mentoring-qr.svg"'
    return response
