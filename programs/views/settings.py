"""A cohort's dates, contacts and applications."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.access import Permission, policy
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs import queries
from programs.calendar import Period
from programs.forms.cohorts import ContactForm, DatesForm, PauseForm, SettingsForm, TermForm
from programs.models import Cohort, HelpContact, Pause, Term
from programs.services import cohorts
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of

Save = Callable[[Cohort, User, dict[str, Any], Any], object]


def _save_settings(cohort: Cohort, by: User, data: dict[str, Any], _row: Any) -> object:
    return cohorts.change_settings(cohort=Cohort.objects.get(pk=cohort.pk), by=by, **data)


def _save_dates(cohort: Cohort, by: User, data: dict[str, Any], _row: Any) -> object:
    return cohorts.set_dates(edition=cohort.edition, by=by, **data)


def _save_term(cohort: Cohort, by: User, data: dict[str, Any], row: Any) -> object:
    return cohorts.save_term(edition=cohort.edition, by=by, term=row, **data)


def _save_pause(cohort: Cohort, by: User, data: dict[str, Any], row: Any) -> object:
    return cohorts.save_pause(edition=cohort.edition, by=by, pause=row, **data)


def _save_contact(cohort: Cohort, by: User, data: dict[str, Any], row: Any) -> object:
    return cohorts.save_contact(cohort=cohort, by=by, contact=row, **data)


SAVES: dict[str, Save] = {
    "settings": _save_settings,
    "dates": _save_dates,
    "term": _save_term,
    "pause": _save_pause,
    "contact": _save_contact,
}


def _forms(cohort: Cohort) -> dict[str, BaseForm]:
    return {
        "settings": SettingsForm(instance=cohort, prefix="settings"),
        "dates": DatesForm(instance=cohort.edition, prefix="dates"),
        "term": TermForm(prefix="term"),
        "pause": PauseForm(prefix="pause"),
        "contact": ContactForm(prefix="contact"),
    }


@policy(Permission.MANAGE_COHORT)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """Everything that can be set; one form of the page is sent at a time."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    forms = _forms(row)
    status = 200
    name = request.POST.get("form", "")
    if request.method == "POST" and name in forms:
        form = type(forms[name])(request.POST, prefix=name)
        forms[name] = form
        if form.is_valid():
            try:
                SAVES[name](row, me(request), dict(form.cleaned_data), None)
            except DomainError as error:
                refuse(form, error)
            else:
                return back_with(request, "settings", row.key, done=_("Saved."))
        status = status_of(form)
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    context = {
        "cohort": row,
        "edition": row.edition,
        "forms": forms,
        "terms": row.edition.terms.all(),
        "pauses": row.edition.pauses.all(),
        "contacts": queries.help_contacts(row),
        "holidays": _holidays(row),
    }
    return render(request, "programs/settings.html", context, status=status)


def _holidays(cohort: Cohort) -> list[tuple[Any, str]]:
    calendar = queries.calendar_of(cohort)
    days = Period(cohort.edition.starts, cohort.edition.ends).days()
    return [(day, name) for day in days if (name := calendar.holiday(day))]


@require_POST
@policy(Permission.MANAGE_COHORT)
def remove(request: HttpRequest, cohort: str) -> HttpResponse:
    """Take a term, a pause or a contact away."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    what, number = request.POST.get("what", ""), request.POST.get("number", "")
    places = {
        "term": Term.objects.filter(edition__cohort=row).select_related("edition__cohort"),
        "pause": Pause.objects.filter(edition__cohort=row).select_related("edition__cohort"),
        "contact": HelpContact.objects.filter(cohort=row).select_related("cohort"),
    }
    known = what in places and number.isdecimal()
    found = places[what].filter(pk=number).first() if known else None
    if found is None:
        gone = DomainError(_("That was removed already."))
        return back_with(request, "settings", row.key, error=gone)
    if isinstance(found, HelpContact):
        cohorts.remove_contact(contact=found, by=me(request))
    elif isinstance(found, Term | Pause):
        cohorts.remove_period(period=found, by=me(request))
    return back_with(request, "settings", row.key, done=_("Removed."))


@require_POST
@policy(Permission.MANAGE_COHORT)
def applications(request: HttpRequest, cohort: str) -> HttpResponse:
    """Open or close the application page."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    wanted = request.POST.get("open") == "yes"
    try:
        cohorts.set_applications(cohort=row, open_=wanted, by=me(request))
    except DomainError as error:
        return back_with(request, "settings", row.key, error=error)
    done = _("Applications are open.") if wanted else _("Applications are closed.")
    return back_with(request, "settings", row.key, done=done)
