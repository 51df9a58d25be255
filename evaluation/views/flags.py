"""Flags: the list, one with its history, and what can be done about it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evaluation import filters, presenters, queries
from evaluation.forms import DismissForm, NoteForm
from evaluation.models import Flag
from evaluation.services import flags as services
from evaluation.views.board import context
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.ui.lists import csv_response, listing
from programs.models import Cohort

RANK = Case(When(severity="high", then=2), When(severity="warning", then=1), default=0)


@access.policy(Permission.VIEW_BOARD)
def flags(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """All flags of a cohort, settled ones included: sort, narrow, page, export."""
    found = access.get_or_404(request.user, Permission.VIEW_BOARD, Cohort.objects.all(), key=cohort)
    page = listing(
        request,
        queries.flags(found).annotate(rank=RANK),
        sorts={"urgency": ["rank", "-opened_at"], "opened": "opened_at", "rule": "rule"},
        default="-urgency",
        filterset=filters.FlagFilter,
    )
    if page.wants_csv:
        return csv_response("flags", *presenters.flag_table(found, list(page.rows)))
    rows = presenters.flag_rows(found, list(page.page))
    return render(request, "evaluation/flags.html", context(found, listing=page, rows=rows))


def _flag(request: HttpRequest, key: str) -> Flag:
    rows = Flag.objects.select_related("cohort__program", "mentorship", "handled_by")
    return access.get_or_404(request.user, Permission.HANDLE_FLAGS, rows, key=key)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the policy let nobody else in)
    return request.user


def _page(
    request: HttpRequest,
    flag: Flag,
    form: DismissForm | None = None,
    note_form: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "evaluation/flag.html",
        context(
            flag.cohort,
            row=presenters.flag_rows(flag.cohort, [flag])[0],
            rule=presenters.rule_of(flag),
            history=presenters.history(flag),
            form=form or DismissForm(),
            note_form=note_form or NoteForm(),
            people=queries.people_of(flag),
            meetings=presenters.meetings_behind(flag),
            snooze_days=services.SNOOZE_DAYS,
        ),
        status=status,
    )


@access.policy(Permission.HANDLE_FLAGS)
def flag(request: HttpRequest, key: str) -> HttpResponse:
    """One flag: what is known, what to do, what was done."""
    return _page(request, services.brought_up_to_date(_flag(request, key)))


def _act(request: HttpRequest, found: Flag, act: Any, done: str) -> HttpResponse:
    try:
        act(flag=found, by=_user(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("evaluation:board", found.cohort.key)


@require_POST
@access.policy(Permission.HANDLE_FLAGS)
def acknowledge(request: HttpRequest, key: str) -> HttpResponse:
    found = _flag(request, key)
    return _act(
        request,
        found,
        services.acknowledge,
        _("You look after this. The flag goes as soon as the facts allow."),
    )


@require_POST
@access.policy(Permission.HANDLE_FLAGS)
def snooze(request: HttpRequest, key: str) -> HttpResponse:
    found = _flag(request, key)
    days = request.POST.get("days", "3")
    chosen = int(days) if days.isdecimal() else 0
    done = _("Put off for %(days)d days.") % {"days": chosen}
    return _act(request, found, partial(services.snooze, days=chosen), done)


@require_POST
@access.policy(Permission.HANDLE_FLAGS)
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    """Take a settling back."""
    found = _flag(request, key)
    try:
        services.reopen(flag=found, by=_user(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Open again."))
    return redirect("evaluation:flag", found.key)


@require_POST
@access.policy(Permission.HANDLE_FLAGS)
def note(request: HttpRequest, key: str) -> HttpResponse:
    """Write something down without settling it."""
    found = _flag(request, key)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            services.note(flag=found, text=form.cleaned_data["text"], by=_user(request))
        except DomainError as error:
            form.add_error("text" if error.field else None, str(error))
        else:
            messages.success(request, _("Noted."))
            return redirect("evaluation:flag", found.key)
    return _page(request, found, note_form=form, status=422)


@require_POST
@access.policy(Permission.HANDLE_FLAGS)
def dismiss(request: HttpRequest, key: str) -> HttpResponse:
    """Settle by hand, with a reason."""
    found = _flag(request, key)
    form = DismissForm(request.POST)
    if form.is_valid():
        try:
            services.dismiss(flag=found, reason=form.cleaned_data["reason"], by=_user(request))
        except DomainError as error:
            form.add_error("reason" if error.field else None, str(error))
        else:
            messages.success(
                request, _("Settled. It returns only when something new happens, not for this.")
            )
            return redirect("evaluation:board", found.cohort.key)
    return _page(request, found, form=form, status=422)
