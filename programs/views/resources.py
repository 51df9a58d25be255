"""The library of a cohort: for its people, for everyone, and for those who keep it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import PUBLIC, Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs import queries_resources
from programs.filters_resources import LibraryFilter, ResourceFilter
from programs.forms.resources import ResourceForm
from programs.models import Cohort, Resource
from programs.presenters import resources as presenters
from programs.services import public as public_pages
from programs.services import resources
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of

NEAREST = {"nearest": ("phase_rank", "language_rank", "order", "title")}
SORTS = {
    "title": ("title",),
    "kind": ("kind", "order", "title"),
    "audience": ("audience", "order", "title"),
    "state": ("state", "order", "title"),
    "order": ("order", "title"),
    "edited": ("edited_at",),
}


@require_safe
@policy(Permission.READ_RESOURCES)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """What is there for the reader: of this phase and in her language first."""
    row = fetch_cohort(request, Permission.READ_RESOURCES, cohort)
    phase = queries_resources.current_phase(row)
    rows = queries_resources.nearest_first(
        queries_resources.published_for(me(request), row),
        phase=phase,
        language=presenters.reading(),
    )
    found = listing(request, rows, sorts=NEAREST, default="nearest", filterset=LibraryFilter)
    context = {
        "cohort": row,
        "listing": found,
        "lines": presenters.lines(found.page, row, phase=phase, reads=presenters.reading()),
        "may_manage": access.can(request.user, Permission.MANAGE_COHORT, row),
    }
    return render(request, "programs/resources/library.html", context)


@require_safe
@policy(Permission.READ_RESOURCES)
def show(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """One resource; a draft for coordinators alone."""
    rows = Resource.objects.filter(cohort__key=cohort).select_related("cohort__program")
    row = access.get_or_404(request.user, Permission.READ_RESOURCES, rows, key=key)
    context = {
        "cohort": row.cohort,
        "resource": row,
        "line": presenters.lines([row], row.cohort, reads=presenters.reading())[0],
        "may_manage": access.can(request.user, Permission.MANAGE_COHORT, row.cohort),
    }
    return render(request, "programs/resources/resource.html", context)


@require_safe
@policy(PUBLIC)
def public(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """One that everyone may read, while it and the cohort's public page are published."""
    row = (
        Resource.objects.filter(cohort__key=cohort, key=key)
        .select_related("cohort__program")
        .first()
    )
    if row is None:
        raise access.NotAllowedError
    shown = row.public and row.is_published and public_pages.is_published(row.cohort)
    if not shown and not access.can(request.user, Permission.MANAGE_COHORT, row.cohort):
        raise access.NotAllowedError
    context = {
        "cohort_row": row.cohort,
        "resource": row,
        "line": presenters.lines([row], row.cohort, reads=presenters.reading())[0],
        "is_preview": not shown,
    }
    return render(request, "programs/resources/public.html", context)


@require_safe
@policy(Permission.MANAGE_COHORT)
def manage(request: HttpRequest, cohort: str) -> HttpResponse:
    """Everything in the library, drafts included."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    rows = queries_resources.all_of(row)
    found = listing(request, rows, sorts=SORTS, default="order", filterset=ResourceFilter)
    context = {
        "cohort": row,
        "listing": found,
        "lines": presenters.lines(found.page, row),
        "missing": len(resources.missing_starters(row)),
    }
    return render(request, "programs/resources/manage.html", context)


@policy(Permission.MANAGE_COHORT)
def add(request: HttpRequest, cohort: str) -> HttpResponse:
    """Write a new one; it begins as a draft."""
    return _edit(request, fetch_cohort(request, Permission.MANAGE_COHORT, cohort), None)


@policy(Permission.MANAGE_COHORT)
def edit(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Change one."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    return _edit(request, row, _resource(row, key))


def _resource(cohort: Cohort, key: str) -> Resource:
    row = Resource.objects.filter(cohort=cohort, key=key).select_related("cohort__program").first()
    if row is None:
        raise access.NotAllowedError
    return row


def _edit(request: HttpRequest, cohort: Cohort, row: Resource | None) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    if sent is not None and "preview" in sent:
        # Not a sending yet: nothing is wrong with what is not finished.
        unsent = ResourceForm(initial=sent.dict(), instance=row, cohort=cohort)
        return _page(request, cohort, row, unsent, preview=sent.get("text", "").strip())
    form = ResourceForm(sent, instance=row, cohort=cohort)
    if sent is not None and form.is_valid():
        # The form has written into its instance: the service starts from what is stored.
        stored = _resource(cohort, row.key) if row else None
        try:
            saved = resources.save(
                cohort=cohort, resource=stored, by=me(request), **form.cleaned_data
            )
            if "publish" in sent:
                resources.publish(resource=saved, public=True, by=me(request))
        except DomainError as error:
            refuse(form, error)
        else:
            return back_with(request, "resource", cohort.key, saved.key, done=_("Saved."))
    return _page(request, cohort, row, form)


def _page(
    request: HttpRequest,
    cohort: Cohort,
    row: Resource | None,
    form: ResourceForm,
    *,
    preview: str | None = None,
) -> HttpResponse:
    context = {"cohort": cohort, "resource": row, "form": form, "preview": preview}
    return render(request, "programs/resources/edit.html", context, status=status_of(form))


@require_POST
@policy(Permission.MANAGE_COHORT)
def act(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Publish one, take it back to the drafts, remove it."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    found = _resource(row, key)
    name = request.POST.get("act", "")
    back: tuple[str, ...] = ("resource", row.key, found.key)
    if request.POST.get("next") == "manage":
        back = ("resources_manage", row.key)
    if name == "remove":
        resources.remove(resource=found, by=me(request))
        return back_with(request, "resources_manage", row.key, done=_("Removed."))
    if name in {"publish", "hide"}:
        resources.publish(resource=found, public=name == "publish", by=me(request))
        done = (
            _("Published: those for whom it is can read it now.")
            if name == "publish"
            else _("It is a draft again: only coordinators see it.")
        )
        return back_with(request, *back, done=done)
    unknown = DomainError(_("Choose what to do with it."))
    return back_with(request, *back, error=unknown)


@require_POST
@policy(Permission.MANAGE_COHORT)
def starters(request: HttpRequest, cohort: str) -> HttpResponse:
    """Take over our own texts as drafts; those that are there already stay as they are."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    try:
        added = resources.add_starters(cohort=row, by=me(request))
    except DomainError as error:
        return back_with(request, "resources_manage", row.key, error=error)
    done = ngettext("%(n)d draft was added.", "%(n)d drafts were added.", added) % {"n": added}
    nothing = _("All of them are here already.")
    return back_with(request, "resources_manage", row.key, done=done if added else nothing)
