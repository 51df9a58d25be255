"""Cohorts: the list, a new one, where one stands."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import SIGNED_IN, Permission, policy
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs import queries
from programs.forms.cohorts import OpenCohortForm, OverrideForm
from programs.models import Cohort, Enrollment
from programs.presenters import cohorts as presenters
from programs.presenters import documents, facets
from programs.presenters.gallery import Year, pictures_of
from programs.readiness import readiness
from programs.services import cohorts, gate, opening
from programs.spec import catalog, limits
from programs.staffing import places
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of

SORTS = {"name": "name", "state": "state", "starts": "first_day"}


@require_safe
@policy(SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    """The cohorts I have a place in."""
    found = listing(request, queries.visible_cohorts(me(request)), sorts=SORTS, default="-starts")
    may_open = access.can(request.user, Permission.OPEN_COHORT)
    context = {
        "listing": found,
        "may_open": may_open,
        "coordinates": any(getattr(row, "i_coordinate", False) for row in found.page),
    }
    return render(request, "programs/cohorts.html", context)


@policy(Permission.OPEN_COHORT)
def new(request: HttpRequest, template: str) -> HttpResponse:
    """A template in plain language, and the form that opens a cohort of it."""
    access.require(request.user, Permission.OPEN_COHORT)
    try:
        spec = opening.find(template)
    except KeyError:
        raise access.NotAllowedError from None
    form = OpenCohortForm(request.POST or None, initial={"starts": opening.default_start(spec)})
    if request.method == "POST" and form.is_valid():
        try:
            cohort = opening.open_cohort(slug=template, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("programs:cohort", cohort.key)
    context = {
        "spec": spec,
        "is_template": template in catalog.slugs(),
        "form": form,
        "limits": limits(spec),
        **pictures_of(spec),
        "sections": documents.program_in_words(spec),
        "figures": facets.figures(spec),
        "assumptions": documents.assumptions(spec),
    }
    return render(request, "programs/new.html", context, status=status_of(form))


@require_safe
@policy(Permission.VIEW_COHORT)
def show(request: HttpRequest, cohort: str) -> HttpResponse:
    """Where the cohort stands; to coordinators also what it still needs."""
    return _shown(request, fetch_cohort(request, Permission.VIEW_COHORT, cohort))


@require_POST
@policy(Permission.MANAGE_COHORT)
def override(request: HttpRequest, cohort: str) -> HttpResponse:
    """Open matching with a reason although something is missing, or close it again."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    if "withdraw" in request.POST:
        gate.withdraw_override(cohort=row, by=me(request))
        return back_with(request, "cohort", row.key, done=_("Matching waits for what is missing."))
    form = OverrideForm(request.POST)
    if form.is_valid():
        try:
            gate.override(cohort=row, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return back_with(request, "cohort", row.key, done=_("Matching is open."))
    return _shown(request, row, override_form=form)


def _shown(
    request: HttpRequest, row: Cohort, override_form: OverrideForm | None = None
) -> HttpResponse:
    manages = access.can(request.user, Permission.MANAGE_COHORT, row)
    mine = list(queries.own_enrollments(me(request), row))
    context = {
        "cohort": row,
        "edition": row.edition,
        "steps": presenters.steps(row),
        "terms": row.edition.terms.all(),
        "pauses": row.edition.pauses.all(),
        "mine": mine,
        "manages": manages,
    }
    if manages:
        items = readiness(row)
        blocking = sum(item.must and item.state == "red" for item in items)
        closed = blocking if row.override_at is None else 0
        context |= {
            "items": items,
            "blocking": blocking,
            "next_steps": presenters.next_steps(row, missing=closed),
            "gated": row.state in gate.BEFORE,
            "override_form": override_form or OverrideForm(),
            "next_year": presenters.next_year(row),
            "counts": _counts(row),
        }
    status = status_of(override_form) if override_form else 200
    return render(request, "programs/cohort.html", context, status=status)


def _counts(cohort: Cohort) -> dict[str, int]:
    found = Enrollment.objects.filter(cohort=cohort).aggregate(
        students=Count("pk", filter=Q(role=Role.STUDENT, state__in=Enrollment.PRESENT)),
        mentors=Count("pk", filter=Q(role__in=MENTOR_ROLES, state__in=Enrollment.PRESENT)),
        applied=Count("pk", filter=Q(state=Enrollment.State.APPLIED)),
    )
    return {name: number or 0 for name, number in found.items()} | {"places": places(cohort)[2]}


def year_of(cohort: Cohort) -> Year:
    """The current edition's dates."""
    edition = cohort.edition
    return Year(queries.calendar_of(cohort), edition.starts, edition.ends)


@require_safe
@policy(Permission.VIEW_COHORT)
def program(request: HttpRequest, cohort: str) -> HttpResponse:
    """What the program says, in plain language."""
    row = fetch_cohort(request, Permission.VIEW_COHORT, cohort)
    context = {
        "cohort": row,
        "spec": row.spec,
        "version": row.edition.version,
        **pictures_of(row.spec, year_of(row)),
        "sections": documents.program_in_words(row.spec),
        "figures": facets.figures(row.spec),
        "assumptions": documents.assumptions(row.spec),
    }
    return render(request, "programs/program.html", context)


@require_POST
@policy(Permission.MANAGE_COHORT)
def move(request: HttpRequest, cohort: str) -> HttpResponse:
    """Take the cohort a step along its life."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    try:
        cohorts.move(cohort=row, to=request.POST.get("to", ""), by=me(request))
    except (DomainError, ValueError) as error:
        refused = error if isinstance(error, DomainError) else DomainError(_("No such step."))
        return back_with(request, "cohort", row.key, error=refused)
    done = _("The cohort is now: %(state)s.") % {"state": row.get_state_display()}
    return back_with(request, "cohort", row.key, done=done)
