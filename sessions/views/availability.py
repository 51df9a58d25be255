"""A mentor's bookable hours, published once."""

from datetime import time
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentoring import access, clock
from mentoring.access import Permission, policy
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES
from programs.models import Enrollment
from sessions.forms import ExceptionForm, HoursLine, PreferencesForm
from sessions.models import BookingPreferences, HoursException, Mode
from sessions.presenters import SlotDay, slot_days
from sessions.services import availability
from sessions.services.availability import DayHours
from sessions.views.support import attempt, page, person, posted

_MAX_LINES = 8
_PREVIEW = 5


class Day:
    """A weekday of the editor with its lines of hours."""

    def __init__(self, number: int, lines: list[HoursLine]) -> None:
        self.number = number
        self.name = WEEKDAYS[number]
        self.lines = lines


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.PUBLISH_AVAILABILITY)
def edit(request: HttpRequest) -> HttpResponse:
    """The weekly hours and how one can be booked."""
    access.require(request.user, Permission.PUBLISH_AVAILABILITY)
    mentor = person(request)
    kept = BookingPreferences.objects.filter(person=mentor).first()
    form = PreferencesForm(posted(request), instance=kept)
    days = _posted(request) if request.method == "POST" else _stored(mentor)
    lines = [line.is_valid() for day in days for line in day.lines] if form.is_bound else []
    if form.is_valid() and all(lines) and not _too_short(days, form.cleaned_data["slot_minutes"]):
        hours = [
            DayHours(day.number, *line.span) for day in days for line in day.lines if line.span
        ]
        act = partial(availability.publish, by=mentor, hours=hours, **form.cleaned_data)
        if attempt(request, act, form):
            messages.success(request, _("Published. Students can book these hours now."))
            return redirect("sessions:availability")
    return _page(request, form, days, ExceptionForm(), broken=form.is_bound)


@require_safe
@policy(Permission.PUBLISH_AVAILABILITY)
def line(request: HttpRequest, day: int) -> HttpResponse:
    """One more empty line of hours."""
    access.require(request.user, Permission.PUBLISH_AVAILABILITY)
    number = request.GET.get("n", "")
    n = min(int(number), _MAX_LINES) if number.isdigit() else 0
    form = HoursLine(prefix=_prefix(day % 7, n))
    context = {"line": form, "day": Day(day % 7, []), "next": n + 1}
    return page(request, "_hours_line_added.html", context)


@require_POST
@policy(Permission.PUBLISH_AVAILABILITY)
def add_date(request: HttpRequest) -> HttpResponse:
    """Days off, or extra hours."""
    access.require(request.user, Permission.PUBLISH_AVAILABILITY)
    mentor = person(request)
    form = ExceptionForm(request.POST)
    if form.is_valid() and attempt(request, partial(_add, request, mentor, form), form):
        return redirect("sessions:availability")
    kept = BookingPreferences.objects.filter(person=mentor).first()
    return _page(request, PreferencesForm(instance=kept), _stored(mentor), form, broken=True)


def _add(request: HttpRequest, mentor: User, form: ExceptionForm) -> bool:
    data = form.cleaned_data
    if data["kind"] == HoursException.Kind.EXTRA:
        availability.add_extra(
            by=mentor, day=data["first"], starts=data["starts"], ends=data["ends"]
        )
        messages.success(request, _("Students can book these hours too."))
        return True
    first, last = data["first"], data["last"] or data["first"]
    known = mentor.hours_exceptions.filter(
        kind=HoursException.Kind.OFF,
        day__range=(first, last),
        starts=data["starts"],
        ends=data["ends"],
    )
    if first <= last and known.values("day").distinct().count() == (last - first).days + 1:
        messages.info(request, _("That stands here already."))
        return True
    standing = availability.add_off(
        by=mentor,
        first=data["first"],
        last=data["last"] or data["first"],
        starts=data["starts"],
        ends=data["ends"],
    )
    messages.success(request, _("Nobody can book you then any more."))
    if standing:
        text = ngettext(
            "%(n)d meeting is booked in that time and stays so. Move or cancel it if you are away.",
            "%(n)d meetings are booked in that time and stay so. Move or cancel them if you are "
            "away.",
            len(standing),
        )
        messages.warning(request, text % {"n": len(standing)})
    return True


@require_POST
@policy(Permission.PUBLISH_AVAILABILITY)
def remove_date(request: HttpRequest) -> HttpResponse:
    """Let the usual hours hold again."""
    access.require(request.user, Permission.PUBLISH_AVAILABILITY)
    keys = request.POST.getlist("key")
    if availability.remove_exceptions(by=person(request), keys=keys):
        messages.success(request, _("The usual hours hold again."))
    return redirect("sessions:availability")


def _page(
    request: HttpRequest,
    form: PreferencesForm,
    days: list[Day],
    dates: ExceptionForm,
    *,
    broken: bool,
) -> HttpResponse:
    mentor = person(request)
    zone, published = availability.zone_of(mentor), availability.has_hours(mentor)
    context = {
        "form": form,
        "days": days,
        "dates": dates,
        "exceptions": _exceptions(mentor),
        "preview": _preview(mentor) if not broken else [],
        "broken": broken,
        "published": published,
        "placeless": published and form.instance.mode == Mode.IN_PERSON and not form.instance.place,
        "zone": zone.key.split("/")[-1].replace("_", " "),
        "places": Enrollment.objects.filter(
            person=mentor, role__in=MENTOR_ROLES, state__in=Enrollment.PRESENT
        ).select_related("cohort"),
        "other_zone": zone.key != mentor.time_zone,
    }
    response = page(request, "availability.html", context)
    response.status_code = 422 if broken else 200
    return response


def _preview(mentor: User) -> list[SlotDay]:
    slots = availability.open_slots(mentor=mentor)
    return slot_days(slots, zone=availability.zone_of(mentor), url="")[:_PREVIEW]


def _too_short(days: list[Day], minutes: int) -> bool:
    """Say at each line of hours in which no meeting fits that it would offer nothing."""
    short = [
        line
        for day in days
        for line in day.lines
        if line.span and 0 < _length(*line.span) < minutes
    ]
    for one in short:
        one.add_error(
            None,
            _("Shorter than one meeting of %(n)d minutes: nobody could book it.") % {"n": minutes},
        )
    return bool(short)


def _length(starts: time, ends: time) -> int:
    """In minutes; an end at 00:00 is midnight. Negative where the end comes first."""
    last = ends.hour * 60 + ends.minute or 24 * 60
    return last - starts.hour * 60 - starts.minute


class _Run:
    """Exceptions of consecutive days with the same times, shown as one line."""

    def __init__(self, row: HoursException) -> None:
        self.first = self.last = row.day
        self.kind, self.label = row.kind, row.get_kind_display()
        self.starts, self.ends = row.starts, row.ends
        self.keys = [row.key]

    def takes(self, row: HoursException) -> bool:
        """Add the next day's row, if it continues this run."""
        same = (row.kind, row.starts, row.ends) == (self.kind, self.starts, self.ends)
        if not same or (row.day - self.last).days != 1:
            return False
        self.last = row.day
        self.keys.append(row.key)
        return True


def _exceptions(mentor: User) -> list[_Run]:
    today = clock.today(availability.zone_of(mentor))
    runs: list[_Run] = []
    rows = mentor.hours_exceptions.filter(day__gte=today).order_by("kind", "starts", "ends", "day")
    for row in rows:
        if not (runs and runs[-1].takes(row)):
            runs.append(_Run(row))
    return sorted(runs, key=lambda run: (run.first, run.starts or time(0)))


def _prefix(day: int, n: int) -> str:
    return f"d{day}-{n}"


def _stored(mentor: User) -> list[Day]:
    rows: dict[int, list[dict[str, time]]] = {day: [] for day in range(7)}
    for row in mentor.weekly_hours.all():
        rows[row.weekday].append({"starts": row.starts, "ends": row.ends})
    return [
        Day(
            day,
            [
                HoursLine(prefix=_prefix(day, n), initial=initial)
                for n, initial in enumerate([*kept, *([{}] if not kept else [])])
            ],
        )
        for day, kept in rows.items()
    ]


def _posted(request: HttpRequest) -> list[Day]:
    return [
        Day(
            day,
            [
                HoursLine(request.POST, prefix=_prefix(day, n))
                for n in range(_MAX_LINES + 1)
                if f"{_prefix(day, n)}-starts" in request.POST
            ],
        )
        for day in range(7)
    ]
