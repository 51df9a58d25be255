"""Programs of the school: their versions, what years taught, and what is being designed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs import queries_design as queries
from programs.forms.improvements import ImprovementForm
from programs.models import Program
from programs.presenters import design as presenters
from programs.presenters import documents
from programs.services import improvements
from programs.spec import catalog, difference
from programs.views.base import me, refuse

SORTS = {"name": "name", "cohorts": "followed"}
DRAFTS = 30


@require_safe
@policy(Permission.DESIGN_PROGRAMS)
def index(request: HttpRequest) -> HttpResponse:
    """All programs of the school, and the drafts."""
    access.require(request.user, Permission.DESIGN_PROGRAMS)
    context = {
        "listing": listing(request, queries.programs(), sorts=SORTS, default="name"),
        "drafts": queries.drafts()[:DRAFTS],
        "templates": catalog.templates(),
    }
    return render(request, "programs/design/index.html", context)


@require_safe
@policy(Permission.DESIGN_PROGRAMS)
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """A program: what its latest version says, how versions differ, what is to change."""
    return _shown(request, _program(request, slug))


@require_POST
@policy(Permission.DESIGN_PROGRAMS)
def improve(request: HttpRequest, slug: str) -> HttpResponse:
    """Note what is to change; tick it off; take it away."""
    program = _program(request, slug)
    key = request.POST.get("action", "")
    if key:
        row = queries.improvements(program).filter(key=key).first()
        if row is None:
            raise access.NotAllowedError
        if "remove" in request.POST:
            improvements.remove(action=row, by=me(request))
        else:
            improvements.settle(action=row, done="done" in request.POST, by=me(request))
        return redirect("programs:own_program", slug)
    form = ImprovementForm(request.POST, program=program)
    if form.is_valid():
        try:
            improvements.note(program=program, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect("programs:own_program", slug)
    return _shown(request, program, form)


def _program(request: HttpRequest, slug: str) -> Program:
    return access.get_or_404(
        request.user, Permission.DESIGN_PROGRAMS, queries.programs(), slug=slug
    )


def _shown(
    request: HttpRequest, program: Program, form: ImprovementForm | None = None
) -> HttpResponse:
    versions = list(program.versions.order_by("-number"))
    latest = versions[0]
    shown = [
        {
            "version": version,
            "changes": presenters.changes(difference(older.spec, version.spec)) if older else [],
        }
        for version, older in zip(versions, [*versions[1:], None], strict=True)
    ]
    found = listing(
        request, queries.improvements(program), sorts={"due": ("settled", "until")}, default="due"
    )
    context = {
        "program": program,
        "spec": latest.spec,
        "latest": latest,
        "is_template": program.slug in catalog.slugs(),
        "versions": shown,
        "cohorts": queries.cohorts_of(program, me(request))[:DRAFTS],
        "sections": documents.program_in_words(latest.spec),
        "listing": found,
        "form": form or ImprovementForm(program=program),
    }
    status = 422 if form is not None else 200
    return render(request, "programs/design/program.html", context, status=status)
