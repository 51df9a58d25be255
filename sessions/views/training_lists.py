"""Attendance lists, and who attended how often: the quota table and the credits."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mentoring import access, clock
from mentoring.access import Permission, policy
from mentoring.ui.lists import csv_response, listing
from programs.models import Cohort
from sessions import credits as earned
from sessions import standings, training
from sessions.models import Meeting, MeetingState, Participant
from sessions.quota import Period, current
from sessions.services import attendance as services
from sessions.training_filters import NameFilter, QuotaFilter
from sessions.training_forms import ListForm
from sessions.views.support import attempt, page, person, posted
from sessions.views.training_staff import cohort_or_404

_DATES = Meeting.objects.filter(series__isnull=False).select_related("series__group", "cohort")


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.RECORD_ATTENDANCE)
def attendance(request: HttpRequest, key: str) -> HttpResponse:
    """Who was there: everyone at once, present unless said otherwise."""
    meeting = access.get_or_404(request.user, Permission.RECORD_ATTENDANCE, _DATES, key=key)
    assert meeting.series is not None  # noqa: S101 (the rule let nothing else through)
    writer = person(request)
    ready = meeting.starts_at <= clock.now() and meeting.state in {
        MeetingState.BOOKED,
        MeetingState.HELD,
    }
    if not ready:
        messages.error(request, _("The list can be written once the date has begun."))
        return redirect("sessions:meeting", key=key)
    seats = list(
        meeting.participants.filter(answer=Participant.Answer.ACCEPTED)
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "pk")
    )
    audience = training.audience(meeting.series)
    form = ListForm(posted(request), seats=seats, audience=audience, writer=writer.pk)
    if request.method == "POST" and form.is_valid():
        act = partial(
            services.record_list,
            meeting=meeting,
            said=form.said,
            walk_ins=[row.pk for row in form.cleaned_data["walk_ins"]],
            by=writer,
        )
        if attempt(request, act, form):
            messages.success(request, _("Thank you, the list is written."))
            return redirect("sessions:meeting", key=key)
    counted = training.counted(Meeting.objects.filter(pk=meeting.pk)).get()
    (row,) = standings.date_rows([counted], writer)
    context = {"row": row, "meeting": counted, "form": form, "cohort": meeting.cohort}
    return page(request, "attendance.html", context, form)


def _period(request: HttpRequest, cohort: Cohort, plan: training.Plan) -> Period | None:
    """The term that the address names, else the one at hand."""
    wanted = request.GET.get("term", "")
    named = next((period for period in plan.periods if period.slug == wanted), None)
    return named or current(plan.periods, clock.today(cohort.zone))


@require_safe
@policy(Permission.MANAGE_TRAINING)
def people(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """Everyone who owes something in a term: attended, taken, missing."""
    place = cohort_or_404(request, cohort)
    plan = training.plan_of(place)
    period = _period(request, place, plan)
    quotas = plan.of(period)
    rows = training.with_hours(training.people(place, quotas), place, quotas)
    sorts: dict[str, str | list[str]] = {
        "name": ["name", "person__given_name"],
        "short": ["short", "uncovered"],
        "hours": "hours",
    }
    sorts |= {f"q{n}": f"attended_{n}" for n, _quota in enumerate(quotas)}
    found = listing(
        request,
        rows.select_related("person"),
        sorts=sorts,
        default="name",
        filterset=QuotaFilter,
    )
    if found.wants_csv:
        name = f"training-{period.slug}" if period else "training"
        return csv_response(name, *_table(quotas, found.rows))
    for row in found.page:
        row.counts = [
            count if quota.role == row.role else None
            for quota, count in zip(quotas, _counts(row, quotas), strict=True)
        ]
        row.time = earned.text(row.hours)
    context = {
        "cohort": place,
        "listing": found,
        "quotas": [(f"q{n}", quota) for n, quota in enumerate(quotas)],
        "period": period,
        "periods": plan.periods,
    }
    return page(request, "quotas.html", context)


def _counts(row: Any, quotas: list[Any]) -> list[earned.QuotaCount]:
    return [
        earned.QuotaCount(
            quota,
            getattr(row, f"owed_{n}"),
            getattr(row, f"attended_{n}"),
            getattr(row, f"ahead_{n}"),
        )
        for n, quota in enumerate(quotas)
    ]


def _table(quotas: list[Any], rows: Any) -> tuple[list[str], Iterator[list[object]]]:
    header = [_("Name"), _("E-mail"), _("Role")]
    for quota in quotas:
        header += [
            _("%(what)s: attended") % {"what": quota.title},
            _("%(what)s: required") % {"what": quota.title},
            _("%(what)s: places ahead") % {"what": quota.title},
        ]
    header += [_("Missing"), _("Hours")]

    def cells(row: Any) -> list[object]:
        found: list[object] = [row.person.full_name, row.person.email, row.get_role_display()]
        for count in _counts(row, quotas):
            mine = count.quota.role == row.role
            found += [count.attended, count.owed, count.ahead] if mine else ["", "", ""]
        return [*found, row.short, round(row.hours.total_seconds() / 3600, 2)]

    return header, (cells(row) for row in rows)


@require_safe
@policy(Permission.MANAGE_TRAINING)
def credit_list(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """Whose credits are granted, and why others' are withheld."""
    place = cohort_or_404(request, cohort)
    plan = training.plan_of(place)
    reward = next(iter(earned.rewards(plan)), None)
    if reward is None:
        return page(request, "credits.html", {"cohort": place, "reward": None})
    today = clock.today(place.zone)
    found = listing(
        request,
        earned.people(place, reward).select_related("person"),
        sorts={
            "name": ["name", "person__given_name"],
            "short": "short",
            "hours": "hours",
        },
        default="name",
        filterset=NameFilter,
    )
    if found.wants_csv:
        return csv_response("credits", *_credit_table(reward, found.rows, today))
    for row in found.page:
        row.credit = earned.credit(row, reward, today)
        row.time = earned.text(row.hours)
    context = {
        "cohort": place,
        "reward": reward,
        "listing": found,
        "tally": earned.tally(place),
    }
    return page(request, "credits.html", context)


def _credit_table(
    reward: earned.Reward, rows: Any, today: Any
) -> tuple[list[str], Iterator[list[object]]]:
    header = [_("Name"), _("E-mail"), _("Student number"), reward.title, _("Why"), _("Hours")]

    def cells(row: Any) -> list[object]:
        found = earned.credit(row, reward, today)
        return [
            row.person.full_name,
            row.person.email,
            row.student_number,
            found.label,
            "; ".join(found.reasons),
            round(row.hours.total_seconds() / 3600, 2),
        ]

    return header, (cells(row) for row in rows)
