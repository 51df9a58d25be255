"""The gallery of programs: cards, a table, and some side by side."""

from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_filters import FilterSet

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.ui.lists import PER_PAGE, Listing
from programs import queries_design as queries
from programs.forms.gallery import GalleryForm
from programs.presenters import facets, gallery
from programs.presenters.comparison import comparison
from programs.spec import ProgramSpec, catalog

LEAST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Filters:
    """What a listing's filter component needs, for programs, which are no rows of a table."""

    form: GalleryForm


@require_safe
@policy(Permission.OPEN_COHORT)
def index(request: HttpRequest) -> HttpResponse:
    """The programs as cards with a picture each."""
    access.require(request.user, Permission.OPEN_COHORT)
    every = _programs()
    found = _listing(request, every)
    shown = [spec.slug for spec in found.page]
    chosen = _chosen(request, every)
    context = {
        "listing": found,
        "cards": [gallery.card(spec) for spec in found.page],
        "chosen": [spec.slug for spec in chosen],
        "out_of_sight": [spec for spec in chosen if spec.slug not in shown],
        "least": LEAST,
        "most": MOST,
    }
    return render(request, "programs/templates.html", context)


@require_safe
@policy(Permission.OPEN_COHORT)
def table(request: HttpRequest) -> HttpResponse:
    """The programs as rows that can be sorted."""
    access.require(request.user, Permission.OPEN_COHORT)
    found = _listing(request, _programs())
    context = {"listing": found, "rows": [gallery.row(spec) for spec in found.page]}
    return render(request, "programs/templates_table.html", context)


@require_safe
@policy(Permission.OPEN_COHORT)
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four programs side by side; with fewer or more it says so, and lets choose."""
    access.require(request.user, Permission.OPEN_COHORT)
    every = _programs()
    chosen = _chosen(request, every)
    shown, left_out = chosen[:MOST], chosen[MOST:]
    known = {spec.slug for spec in chosen}
    context = {
        "specs": [(spec, _without(request, shown, spec)) for spec in shown],
        "lines": comparison(shown) if shown else [],
        "left_out": left_out,
        "unknown": [slug for slug in dict.fromkeys(request.GET.getlist("p")) if slug not in known],
        "too_few": len(shown) < LEAST,
        "choices": gallery.ordered(list(every.values()), "school"),
        "chosen": [spec.slug for spec in shown],
        "most": MOST,
    }
    return render(request, "programs/compare.html", context)


def _programs() -> dict[str, ProgramSpec]:
    """What a cohort can be opened of, by name: the templates, and programs of the school."""
    return {spec.slug: spec for spec in (*catalog.templates(), *queries.own_specs())}


def _listing(request: HttpRequest, every: dict[str, ProgramSpec]) -> Listing[Any]:
    """The programs that fit what is asked for, in the order asked for."""
    form = GalleryForm(request.GET)
    wanted = form.wanted()
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in gallery.SORTS else "title"
    fitting = [spec for spec in every.values() if facets.fits(spec, wanted)]
    rows: Any = gallery.ordered(fitting, sort)
    return Listing(
        page=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        rows=rows,
        query=request.GET,
        sorts={name: name for name in gallery.SORTS},
        sort=sort,
        filters=cast("FilterSet", Filters(form)),
    )


def _chosen(request: HttpRequest, every: dict[str, ProgramSpec]) -> list[ProgramSpec]:
    """The programs an address names, each once, in its order."""
    return [every[slug] for slug in dict.fromkeys(request.GET.getlist("p")) if slug in every]


def _without(request: HttpRequest, shown: list[ProgramSpec], spec: ProgramSpec) -> str:
    """The address of this comparison without one of its programs."""
    query = request.GET.copy()
    query.setlist("p", [one.slug for one in shown if one != spec])
    return f"?{query.urlencode()}"
