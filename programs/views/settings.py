"""A cohort's dates, contacts and applications."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.access import Permission, policy
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs import queries
from programs.calendar import Period
from programs.forms.cohorts import ContactForm, DatesForm, PauseForm, SettingsForm, TermForm
from programs.models import Cohort, HelpContact, Pause, Term
from programs.services import cohorts, deleting
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of
from programs.years.plan import year_name

if TYPE_CHECKING:
    AnyForm = BaseModelForm[Any]
else:
    AnyForm = BaseModelForm

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


FORMS: dict[str, type[AnyForm]] = {
    "settings": SettingsForm,
    "dates": DatesForm,
    "term": TermForm,
    "pause": PauseForm,
    "contact": ContactForm,
}


def _rows(cohort: Cohort) -> dict[str, QuerySet[Any]]:
    """What stands in lists on the page, and can be changed and removed there."""
    return {
        "term": Term.objects.filter(edition__cohort=cohort).select_related("edition__cohort"),
        "pause": Pause.objects.filter(edition__cohort=cohort).select_related("edition__cohort"),
        "contact": HelpContact.objects.filter(cohort=cohort).select_related("cohort"),
    }


def _row(cohort: Cohort, what: str, number: str) -> Any:
    known = what in _rows(cohort) and number.isdecimal()
    return _rows(cohort)[what].filter(pk=number).first() if known else None


def _subject(cohort: Cohort, name: str, row: Any) -> Any:
    """What a form is about: nothing yet where it adds."""
    whole = {"settings": cohort, "dates": cohort.edition}
    return row if row is not None else whole.get(name)


def _fetch(request: HttpRequest, cohort: str) -> Cohort:
    """The cohort, in the year that the address asks for; else in the one at hand."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    wanted = request.GET.get("year", "")
    asked = next((one for one in row.years if str(one.number) == wanted), None)
    if asked is not None:
        row.edition = asked
    return row


def _back(request: HttpRequest, cohort: Cohort, done: str) -> HttpResponse:
    messages.success(request, done)
    year = request.GET.get("year", "")
    return redirect(reverse("programs:settings", args=[cohort.key]) + (year and f"?year={year}"))


@policy(Permission.MANAGE_COHORT)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """Everything that can be set; one form of the page is sent at a time."""
    row = _fetch(request, cohort)
    name, number = request.POST.get("form", ""), request.POST.get("number", "")
    bound, status = None, 200
    if request.method == "POST" and name in FORMS:
        found = _row(row, name, number)
        if number and found is None:
            gone = DomainError(_("That was removed already."))
            return back_with(request, "settings", row.key, error=gone)
        about = _subject(row, name, found)
        bound = FORMS[name](request.POST, instance=about, prefix=_prefix(name, found))
        if bound.is_valid():
            try:
                # The form has written into its instance: services start from what is stored.
                fresh = _fetch(request, cohort)
                stored = _row(fresh, name, number)
                SAVES[name](fresh, me(request), dict(bound.cleaned_data), stored)
            except DomainError as error:
                refuse(bound, error)
            else:
                return _back(request, row, _saved(fresh, name))
        status = status_of(bound)
    row = _fetch(request, cohort)
    return render(request, "programs/settings.html", _context(row, bound), status=status)


def _saved(cohort: Cohort, name: str) -> str:
    if name in {"term", "pause"} and cohort.edition.dates_checked_at is None:
        return _("Saved. Say “The dates are right” when you have looked at all of them.")
    return _("Saved.")


def _prefix(name: str, row: Any) -> str:
    return f"{name}-{row.pk}" if row is not None else name


def _context(cohort: Cohort, bound: AnyForm | None) -> dict[str, Any]:
    def form(name: str, row: Any = None) -> AnyForm:
        prefix = _prefix(name, row)
        if bound is not None and bound.prefix == prefix:
            return bound
        return FORMS[name](instance=_subject(cohort, name, row), prefix=prefix)

    lists = {
        "terms": [(row, form("term", row)) for row in cohort.edition.terms.all()],
        "pauses": [(row, form("pause", row)) for row in cohort.edition.pauses.all()],
        "contacts": [
            (row, form("contact", row) if row.cohort_id else None)
            for row in queries.help_contacts(cohort)
        ],
    }
    return {
        "cohort": cohort,
        "edition": cohort.edition,
        "editions": [(one, year_name(one.starts, one.ends)) for one in cohort.years],
        "forms": {name: form(name) for name in FORMS},
        "holidays": _holidays(cohort),
        "goes": deleting.what_goes(cohort),
        **lists,
    }


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
    found = _row(row, what, number)
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


@require_POST
@policy(Permission.MANAGE_COHORT)
def checked(request: HttpRequest, cohort: str) -> HttpResponse:
    """“The dates are right”: somebody has looked the proposed terms over."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    asked = request.POST.get("year", "")
    edition = next((one for one in row.years if str(one.number) == asked), row.edition)
    cohorts.confirm_dates(edition=edition, by=me(request))
    return back_with(request, "settings", row.key, done=_("Thank you: the dates stand."))


@require_POST
@policy(Permission.MANAGE_COHORT)
def delete(request: HttpRequest, cohort: str) -> HttpResponse:
    """Take a cohort away in which nobody was ever matched."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    name = row.name
    try:
        deleting.delete(cohort=row, by=me(request))
    except DomainError as error:
        return back_with(request, "settings", row.key, error=error)
    return back_with(request, "cohorts", done=_("“%(name)s” was deleted.") % {"name": name})
