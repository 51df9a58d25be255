"""Programs as files: what their pages say, to keep, change and bring back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.ui.downloads import attached
from programs import queries_design
from programs.services import opening
from programs.spec import ProgramSpec
from programs.spec.writing import dump
from programs.views.base import fetch_cohort


@require_safe
@policy(Permission.OPEN_COHORT)
def template(request: HttpRequest, template: str) -> HttpResponse:
    """What a template, or a program of the school, says."""
    access.require(request.user, Permission.OPEN_COHORT)
    try:
        return _file(opening.find(template))
    except KeyError:
        raise access.NotAllowedError from None


@require_safe
@policy(Permission.DESIGN_PROGRAMS)
def own_program(request: HttpRequest, slug: str) -> HttpResponse:
    """What the latest version of a program of the school says."""
    program = access.get_or_404(
        request.user, Permission.DESIGN_PROGRAMS, queries_design.programs(), slug=slug
    )
    return _file(program.versions.order_by("-number")[0].spec)


@require_safe
@policy(Permission.VIEW_COHORT)
def cohort(request: HttpRequest, cohort: str) -> HttpResponse:
    """What the version says that a cohort follows."""
    return _file(fetch_cohort(request, Permission.VIEW_COHORT, cohort).spec)


def _file(spec: ProgramSpec) -> HttpResponse:
    response = HttpResponse(dump(spec), content_type="application/yaml; charset=utf-8")
    return attached(response, f"{spec.slug}.yaml")
