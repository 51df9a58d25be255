"""Trainings and supervisions of a cohort as its coordinator opens and changes them."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.accounts.models import User
from mentoring.ui.lists import listing
from programs.models import Cohort
from sessions import standings, training
from sessions.models import Meeting, Series
from sessions.services import dates, enrolling
from sessions.services import series as services
from sessions.training_asked import asked
from sessions.training_figures import figures
from sessions.training_filters import DateFilter
from sessions.training_forms import (
    CancelDateForm,
    DateForm,
    DetailsForm,
    MoveDateForm,
    SeriesForm,
    details_of,
    moment_of,
)
from sessions.views.support import attempt, page, person, posted

_SERIES = Series.objects.select_related("cohort__program", "group")
_DATES = Meeting.objects.filter(series__isnull=False).select_related("series__group", "cohort")


def cohort_or_404(request: HttpRequest, key: str) -> Cohort:
    rows = Cohort.objects.select_related("program")
    return access.get_or_404(request.user, Permission.MANAGE_TRAINING, rows, key=key)


@require_safe
@policy(Permission.MANAGE_TRAINING)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """Dates: those to come, those whose list waits, and past ones."""
    place = cohort_or_404(request, cohort)
    rows = training.dates(place)
    found = listing(
        request,
        rows,
        sorts={
            "near": ["settled", "starts_at"],
            "when": "starts_at",
            "what": ["kind", "series__title"],
            "taken": "taken",
        },
        default="-when" if request.GET.get("show") == "past" else "near",
        filterset=DateFilter,
    )
    due = training.unrecorded(rows)
    context = {
        "cohort": place,
        "listing": found,
        "rows": standings.date_rows(found.page, person(request)),
        "figures": figures(place),
        "asked": asked(place),
        "due": due.count(),
    }
    return page(request, "training_staff.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.MANAGE_TRAINING)
def new(request: HttpRequest, cohort: str) -> HttpResponse:
    """A series, shown before it is opened."""
    place = cohort_or_404(request, cohort)
    form = SeriesForm(posted(request), cohort=place, initial=_wanted(request))
    planned = None
    if request.method == "POST" and form.is_valid():
        planned = attempt(request, partial(services.preview, cohort=place, **form.days), form)
        if planned is not None and request.POST.get("act") == "open":
            data = form.cleaned_data
            act = partial(
                services.open_series,
                cohort=place,
                kind=data["kind"],
                audience=data["audience"],
                group=data.get("group"),
                minutes=data["minutes"],
                planned=planned,
                course=data["course"],
                by=person(request),
                **form.details,
            )
            made = attempt(request, act, form)
            if made is not None:
                _say_opened(request, made)
                return redirect("sessions:series", key=made.key)
    context = {"cohort": place, "form": form, "planned": planned, "zone": place.zone}
    return page(request, "series_new.html", context, form)


def _wanted(request: HttpRequest) -> dict[str, str]:
    """What the address proposes: a requirement for which dates are to be opened."""
    names = ("kind", "audience", "title", "minutes", "every", "course")
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _say_opened(request: HttpRequest, made: Series) -> None:
    count = made.meetings.count()
    messages.success(
        request,
        ngettext(
            "%(n)d date is open; people can enroll at once.",
            "%(n)d dates are open; people can enroll at once.",
            count,
        )
        % {"n": count},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.MANAGE_TRAINING)
def series(request: HttpRequest, key: str) -> HttpResponse:
    """One series: its dates, and what can be changed for those to come."""
    made = access.get_or_404(request.user, Permission.MANAGE_TRAINING, _SERIES, key=key)
    form = DetailsForm(posted(request), initial=details_of(made))
    if request.method == "POST" and form.is_valid():
        act = partial(services.edit, series=made, by=person(request), **form.details)
        if attempt(request, act, form):
            messages.success(request, _("Changed. Whoever has to know is told by mail."))
            return redirect("sessions:series", key=key)
    return _series_page(request, made, form, DateForm(zone=made.cohort.zone, length=made.minutes))


def _series_page(
    request: HttpRequest, made: Series, form: DetailsForm, date_form: DateForm
) -> HttpResponse:
    rows = training.counted(Meeting.objects.filter(series=made))
    found = listing(request, rows, sorts={"when": "starts_at"}, default="when")
    context = {
        "cohort": made.cohort,
        "series": made,
        "form": form,
        "date_form": date_form,
        "listing": found,
        "rows": standings.date_rows(found.page, person(request)),
    }
    bound = date_form if date_form.is_bound else form
    return page(request, "series.html", context, bound)


@require_POST
@policy(Permission.MANAGE_TRAINING)
def add_date(request: HttpRequest, key: str) -> HttpResponse:
    """One more date of a series."""
    made = access.get_or_404(request.user, Permission.MANAGE_TRAINING, _SERIES, key=key)
    form = DateForm(request.POST, zone=made.cohort.zone, length=made.minutes)
    if form.is_valid():
        data = form.cleaned_data
        act = partial(
            services.add_date,
            series=made,
            starts_at=data["starts_at"],
            minutes=data["minutes"],
            by=person(request),
        )
        if attempt(request, act, form):
            messages.success(request, _("The date is open."))
            return redirect("sessions:series", key=key)
    return _series_page(request, made, DetailsForm(initial=details_of(made)), form)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.MANAGE_TRAINING)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Another time for a date; everyone enrolled is told."""
    meeting = access.get_or_404(request.user, Permission.MANAGE_TRAINING, _DATES, key=key)
    zone = meeting.cohort.zone
    length = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    form = MoveDateForm(
        posted(request), zone=zone, length=length, initial=moment_of(meeting.starts_at, zone)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(
            dates.move,
            meeting=meeting,
            starts_at=data["starts_at"],
            minutes=data["minutes"],
            reason=data["reason"],
            by=person(request),
        )
        if attempt(request, act, form):
            messages.success(request, _("Moved. Everyone enrolled is told by mail."))
            return redirect("sessions:meeting", key=key)
    return _date_form(request, meeting, form, "date_move.html")


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.MANAGE_TRAINING)
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Call a date off, with a reason."""
    meeting = access.get_or_404(request.user, Permission.MANAGE_TRAINING, _DATES, key=key)
    form = CancelDateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        act = partial(dates.cancel, meeting=meeting, reason=reason, by=person(request))
        if attempt(request, act, form):
            messages.success(request, _("Cancelled. Everyone enrolled is told by mail."))
            return redirect("sessions:training_of", cohort=meeting.cohort.key)
    return _date_form(request, meeting, form, "date_cancel.html")


@require_POST
@policy(Permission.MANAGE_TRAINING)
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Take somebody's place, or her turn on the waiting list, away."""
    meeting = access.get_or_404(request.user, Permission.MANAGE_TRAINING, _DATES, key=key)
    rows = User.objects.filter(enrollments__cohort=meeting.cohort_id).distinct()
    who = rows.filter(key=request.POST.get("person", "")).first()
    if who is None:
        messages.error(request, _("This person is not on the list any more."))
        return redirect("sessions:meeting", key=key)

    def act() -> bool:
        enrolling.remove(meeting=meeting, who=who, by=person(request))
        return True

    if attempt(request, act):
        text = _("%(name)s is not on the list any more, and is told by mail.")
        messages.success(request, text % {"name": who.full_name})
    return redirect("sessions:meeting", key=key)


def _date_form(request: HttpRequest, meeting: Meeting, form: Any, template: str) -> HttpResponse:
    counted = training.counted(Meeting.objects.filter(pk=meeting.pk)).get()
    (row,) = standings.date_rows([counted], person(request))
    context = {"row": row, "meeting": counted, "cohort": meeting.cohort, "form": form}
    return page(request, template, context, form)
