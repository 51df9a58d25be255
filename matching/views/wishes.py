"""Ranking: a student's list of mentors, and a mentor's order of those who named her."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching import presenters_choosing as presenters
from matching import searching
from matching.choices import Can, Choices
from matching.forms_choosing import MentorSearchForm
from matching.models import ChoosingRound, MentorWish
from matching.services import wishes
from matching.services.choosing import current
from matching.views.common import actor, place_for, refuse
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import paged
from programs.models import Enrollment

PER_PAGE = 20


def page(request: HttpRequest, choices: Choices, context: dict[str, Any]) -> HttpResponse:
    """A student's list and everybody she may put on it."""
    round_ = choices.round
    listed = list(
        MentorWish.objects.filter(round=round_, student=choices.student, shape=choices.shape)
        .select_related("mentor__person")
        .order_by("rank")
    )
    on_list = {row.mentor_id for row in listed}
    everybody = [one for one in choices.everybody() if one.can != Can.FULL]
    form = MentorSearchForm(request.GET, offered=searching.offered(everybody))
    form.fields.pop("free", None)
    wanted = form.cleaned_data if form.is_valid() else {}
    others = [one for one in everybody if one.mentor.pk not in on_list]
    shown = paged(request, searching.narrowed(others, wanted), per_page=PER_PAGE)
    context |= {
        "wishes": listed,
        "full": len(listed) >= round_.ranks,
        "search": form,
        "narrowed": any(wanted.values()),
        "listing": shown,
        "rows": presenters.choice_rows(list(shown.page.object_list)),
    }
    return render(request, "matching/choosing/rank.html", context)


@require_POST
@policy(Permission.CHOOSE_MENTOR)
def change(request: HttpRequest, cohort: str, place: str) -> HttpResponse:
    """Put a mentor on the list, take her off, or let her come earlier."""
    student = place_for(request, Permission.CHOOSE_MENTOR, cohort, place)
    round_ = current(student.cohort)
    if round_ is None or not round_.is_ranked:
        raise Http404
    shape = request.POST.get("shape", "")
    try:
        _act(request, round_, student, shape)
    except DomainError as error:
        refuse(request, error)
    return redirect(f"{presenters.choose_url(student)}?shape={shape}#list")


def _act(request: HttpRequest, round_: ChoosingRound, student: Enrollment, shape: str) -> None:
    key, by = request.POST.get("mentor", ""), actor(request)
    if "add" in request.POST:
        wishes.add(round_=round_, student=student, mentor=key, shape=shape, by=by)
        return
    row = MentorWish.objects.filter(
        round=round_, student=student, mentor__key=key, shape=shape
    ).select_related("round", "student").first()  # fmt: skip
    if row is None:
        raise DomainError(_("She is not on your list."))
    (wishes.raise_ if "up" in request.POST else wishes.remove)(wish=row, by=by)


@require_POST
@policy(Permission.ANSWER_REQUEST)
def rank(request: HttpRequest, cohort: str, place: str) -> HttpResponse:
    """A mentor moves one of those who named her up, or says that she would rather not."""
    mentor = place_for(request, Permission.ANSWER_REQUEST, cohort, place)
    round_ = current(mentor.cohort)
    if round_ is None or not round_.is_ranked:
        raise Http404
    act = next((one for one in wishes.Act if one in request.POST), wishes.Act.KEEP)
    key = request.POST.get("student", "")
    try:
        wishes.rank(round_=round_, mentor=mentor, act=act, student=key, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, _("Your order is kept."))
    return redirect("matching:requests", cohort=cohort, place=place)
