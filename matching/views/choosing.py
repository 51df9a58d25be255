"""A student's way to a mentor: suggestions or a search, and whom she asks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from matching import presenters_choosing as presenters
from matching import queries, searching
from matching.choices import Choices
from matching.forms_choosing import AskForm, MentorSearchForm
from matching.models import ChoosingRound, ExpertCase, MentorRequest
from matching.services import requests
from matching.services.choosing import current
from matching.views import wishes
from matching.views.common import actor, place_for, refuse
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import paged
from programs.models import Enrollment

PER_PAGE = 20


def _mine(request: HttpRequest, cohort: str, place: str) -> Enrollment:
    return place_for(request, Permission.CHOOSE_MENTOR, cohort, place)


def _round(student: Enrollment) -> ChoosingRound:
    found = current(student.cohort)
    if found is None:
        raise Http404
    return found


@require_GET
@never_cache
@policy(Permission.CHOOSE_MENTOR)
def choose(request: HttpRequest, cohort: str, place: str) -> HttpResponse:
    """Her line, and whom she can ask: the suggestions, or a search with filters."""
    student = _mine(request, cohort, place)
    round_ = current(student.cohort)
    case = ExpertCase.objects.filter(student=student).order_by("-since").first()
    context: dict[str, Any] = {
        "cohort": student.cohort,
        "place": student,
        "round": round_,
        "placed": not queries.is_unplaced(student),
        "case": case,
    }
    if round_ is None:
        return render(request, "matching/choosing/over.html", context)
    choices = Choices(round_, student, request.GET.get("shape", ""))
    context |= {
        "choices": choices,
        "shape": choices.shape,
        "shapes": presenters.shape_links(student.cohort, choices.shapes),
        "line": presenters.line_rows(choices.line),
        "elsewhere": not choices.way,
        "full": len(choices.line) >= round_.asks,
    }
    if not choices.shape:
        return render(request, "matching/choosing/over.html", context)
    if round_.is_ranked:
        return wishes.page(request, choices, context)
    if choices.way == ChoosingRound.Way.SUGGESTIONS:
        context["rows"] = presenters.choice_rows(choices.suggested())
    else:
        context |= _search(request, choices)
    return render(request, "matching/choosing/choose.html", context)


def _search(request: HttpRequest, choices: Choices) -> dict[str, Any]:
    everybody = choices.everybody()
    form = MentorSearchForm(request.GET, offered=searching.offered(everybody))
    wanted = form.cleaned_data if form.is_valid() else {}
    shown = paged(request, searching.narrowed(everybody, wanted), per_page=PER_PAGE)
    return {
        "search": form,
        "narrowed": any(wanted.values()),
        "listing": shown,
        "rows": presenters.choice_rows(list(shown.page.object_list)),
    }


@require_http_methods(["GET", "POST"])
@never_cache
@policy(Permission.CHOOSE_MENTOR)
def ask(request: HttpRequest, cohort: str, place: str, mentor: str) -> HttpResponse:
    """One mentor: what she tells, and the button that asks her."""
    student = _mine(request, cohort, place)
    round_ = _round(student)
    shape = request.POST.get("shape") or request.GET.get("shape", "")
    form, status = AskForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = requests.ask(
                    round_=round_, student=student, mentor=mentor, shape=shape,
                    by=actor(request), **form.cleaned_data,
                )  # fmt: skip
            except DomainError as error:
                refuse(request, error)
            else:
                messages.success(request, presenters.asked_words(row))
                return redirect(f"{presenters.choose_url(student)}?shape={row.shape}")
    choices = Choices(round_, student, shape)
    choice = choices.one(mentor)
    if choice is None:
        if status == 422:
            return redirect(presenters.choose_url(student))
        raise Http404
    context = {
        "cohort": student.cohort,
        "place": student,
        "round": round_,
        "shape": choices.shape,
        "row": presenters.choice_row(choice),
        "form": form,
        "line": presenters.line_rows(choices.line),
        "elsewhere": not choices.way,
        "full": len(choices.line) >= round_.asks,
        "told": presenters.told_of(student, choices.judge.years.get(student.pk)),
    }
    return render(request, "matching/choosing/ask.html", context, status=status)


@require_POST
@policy(Permission.CHOOSE_MENTOR)
def withdraw(request: HttpRequest, cohort: str, place: str, row: str) -> HttpResponse:
    """Take a request back."""
    return _act(request, cohort, place, row, up=False)


@require_POST
@policy(Permission.CHOOSE_MENTOR)
def move_up(request: HttpRequest, cohort: str, place: str, row: str) -> HttpResponse:
    """Let one of the line come earlier."""
    return _act(request, cohort, place, row, up=True)


def _act(request: HttpRequest, cohort: str, place: str, row: str, *, up: bool) -> HttpResponse:
    student = _mine(request, cohort, place)
    found = MentorRequest.objects.filter(student=student, key=row).select_related("round").first()
    if found is None:
        raise Http404
    try:
        if up:
            requests.move_up(request=found, by=actor(request))
            done = _("Changed.")
        else:
            requests.withdraw(request=found, by=actor(request))
            done = _("Taken back.")
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, done)
    return redirect(f"{presenters.choose_url(student)}?shape={found.shape}")


@require_POST
@policy(Permission.CHOOSE_MENTOR)
def let_look(request: HttpRequest, cohort: str, place: str) -> HttpResponse:
    """She would rather have somebody choose for her."""
    student = _mine(request, cohort, place)
    try:
        requests.let_look(round_=_round(student), student=student, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(
            request, _("A coordinator looks for you. You get a mail with the name; that is all.")
        )
    return redirect(presenters.choose_url(student))
