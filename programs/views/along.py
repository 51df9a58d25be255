"""Bring people along from an earlier cohort."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentoring.access import Permission, policy
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox.hours import night_note, with_night_note
from mentoring.ui.lists import listing
from programs.models import BroughtAlong, Cohort, Enrollment
from programs.services import along
from programs.views.base import back_with, fetch_cohort, me

SORTS = {
    "name": ("person__family_name", "person__given_name"),
    "was": ("role", "person__family_name"),
}
# Ticks are sent with their page.
PER_PAGE = 100


@policy(Permission.MANAGE_PEOPLE)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """Who may be asked; one tick each, all set."""
    row = fetch_cohort(request, Permission.MANAGE_PEOPLE, cohort)
    sources = along.sources(row, me(request))
    wanted = request.POST.get("from") or request.GET.get("from", "")
    source = next((one for one in sources if one.key == wanted), next(iter(sources), None))
    if request.method == "POST":
        return _bring(request, row, source)
    context: dict[str, Any] = {
        "cohort": row,
        "sources": sources,
        "source": source,
        "last": along.last(row),
        "night": night_note(me(request)),
    }
    if source is not None:
        context |= _candidates(request, row, source)
    return render(request, "programs/along.html", context)


def _candidates(request: HttpRequest, row: Cohort, source: Cohort) -> dict[str, Any]:
    found = {one.place.pk: one for one in along.candidates(row, source)}
    places = Enrollment.objects.filter(pk__in=list(found)).select_related("person")
    listed = listing(request, places, sorts=SORTS, default="was", per_page=PER_PAGE)
    return {
        "listing": listed,
        "rows": [
            {
                "place": place,
                "was": place.get_role_display(),
                "role": Role(found[place.pk].role).label,
                "class_year": found[place.pk].class_year,
                "new": found[place.pk].was_student,
            }
            for place in listed.page.object_list
        ],
        "copied": along.copies_profiles(row, source),
        "near_peer": any(
            row.planned_spec.class_years(role) for role in row.planned_spec.mentoring_roles
        ),
    }


def _bring(request: HttpRequest, row: Cohort, source: Cohort | None) -> HttpResponse:
    try:
        if source is None:
            raise DomainError(_("Choose one of your earlier cohorts."))  # noqa: TRY301
        keys = request.POST.getlist("who")
        batch = along.bring(cohort=row, source=source, keys=keys, by=me(request))
    except DomainError as error:
        return back_with(request, "along", row.key, error=error)
    count = batch.places.count()
    text = ngettext(
        "%(n)d person is invited, with a mail that says why.",
        "%(n)d people are invited, each with a mail that says why.",
        count,
    )
    done = with_night_note(text % {"n": count}, me(request))
    return back_with(request, "along", row.key, done=done)


@require_POST
@policy(Permission.MANAGE_PEOPLE)
def undo(request: HttpRequest, cohort: str) -> HttpResponse:
    """Take the last act back while nobody has answered."""
    row = fetch_cohort(request, Permission.MANAGE_PEOPLE, cohort)
    batch = BroughtAlong.objects.filter(cohort=row, key=request.POST.get("batch", "")).first()
    try:
        if batch is None:
            raise DomainError(_("This was taken back already."))  # noqa: TRY301
        count = along.undo(batch=batch, by=me(request))
    except DomainError as error:
        return back_with(request, "along", row.key, error=error)
    text = ngettext(
        "The invitation of %(n)d person was taken back.",
        "The invitations of %(n)d people were taken back.",
        count,
    )
    return back_with(request, "along", row.key, done=text % {"n": count})
