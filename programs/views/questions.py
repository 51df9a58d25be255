"""The form that applicants fill in: its questions, and how they look."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs import asking
from programs.forms.people import ProfileForm
from programs.forms.questions import AnswersForm, QuestionForm
from programs.models import BuiltIn, Cohort, Enrollment, Question
from programs.presenters.people import WEEKDAYS, free_grid
from programs.services import along, questions
from programs.views.base import (
    back_to,
    fetch_cohort,
    for_role,
    me,
    refuse,
    role_of,
    roles_of,
    status_of,
)


@require_safe
@policy(Permission.MANAGE_COHORT)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """The form of one role: its questions in order, and those of ours that can be switched on."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    role = role_of(request, row)
    asked = asking.asked_of(questions.current(row), role)
    on = {question.builtin for question in asked}
    context = {
        "cohort": row,
        "role": role,
        "roles": roles_of(row),
        "rows": [
            {
                "question": one,
                "text": asking.text_for(one, role),
                "roles": asking.roles_in_words(one),
                "weight": f"{one.weight:g}",
            }
            for one in asked
        ],
        "builtins": [
            {
                "code": code,
                "title": label,
                "about": asking.WHAT_IT_IS[code],
                "on": code in on,
            }
            for code, label in BuiltIn.choices
        ],
        "sources": along.sources(row, me(request)),
    }
    return render(request, "programs/questions.html", context)


def _fetch(request: HttpRequest, cohort: str, key: str) -> Question:
    rows = Question.objects.filter(cohort__key=cohort, retired_at=None).select_related("cohort")
    return access.get_or_404(request.user, Permission.MANAGE_COHORT, rows, key=key)


@policy(Permission.MANAGE_COHORT)
def add(request: HttpRequest, cohort: str) -> HttpResponse:
    """Write a question."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    role = role_of(request, row)
    form = QuestionForm(
        request.POST or None, offered=questions.offered(row), initial={"roles": [role]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            questions.add(cohort=row, by=me(request), **form.values())
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect(for_role(row, "questions", role))
    return _edit_page(request, row, role, form)


@policy(Permission.MANAGE_COHORT)
def edit(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Change a question; an answered one says what that means."""
    question = _fetch(request, cohort, key)
    row, role = question.cohort, role_of(request, question.cohort)
    if question.builtin:
        return redirect(for_role(row, "questions", role))
    form = QuestionForm(request.POST or None, instance=question, offered=questions.offered(row))
    if request.method == "POST" and form.is_valid():
        stored = Question.objects.select_related("cohort").get(pk=question.pk)
        try:
            questions.change(question=stored, by=me(request), **form.values())
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect(for_role(row, "questions", role))
    return _edit_page(request, row, role, form, question)


def _edit_page(
    request: HttpRequest,
    cohort: Cohort,
    role: str,
    form: QuestionForm,
    question: Question | None = None,
) -> HttpResponse:
    answered = question.answers.count() if question else 0
    context = {
        "cohort": cohort,
        "role": role,
        "form": form,
        "question": question,
        "answered": answered,
    }
    return render(request, "programs/question_edit.html", context, status=status_of(form))


@require_POST
@policy(Permission.MANAGE_COHORT)
def act(request: HttpRequest, cohort: str) -> HttpResponse:
    """Move, remove, switch on and off, take over from an earlier cohort."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    role = role_of(request, row)
    page = for_role(row, "questions", role)
    try:
        return back_to(request, page, done=_act(request, row, role))
    except DomainError as error:
        return back_to(request, page, error=error)


def _act(request: HttpRequest, row: Cohort, role: str) -> str:
    name, by = request.POST.get("act", ""), me(request)
    if name in {"on", "off"}:
        switch = questions.switch_on if name == "on" else questions.switch_off
        switch(cohort=row, builtin=request.POST.get("builtin", ""), role=role, by=by)
        return ""
    if name == "copy":
        return _copy(request, row)
    found = questions.current(row).filter(key=request.POST.get("question", "")).first()
    if found is None:
        raise DomainError(_("This question was changed or removed meanwhile."))
    if name == "remove":
        questions.remove(question=found, by=by)
        return _("Removed. What was answered stays with those who answered.")
    if name not in {"up", "down"}:
        raise DomainError(_("No such step."))
    questions.move(question=found, role=role, up=name == "up", by=by)
    return ""


def _copy(request: HttpRequest, row: Cohort) -> str:
    by = me(request)
    known = {one.key: one for one in along.sources(row, by)}
    source = known.get(request.POST.get("source", ""))
    if source is None:
        raise DomainError(_("Choose one of your earlier cohorts."))
    count = questions.take_over(cohort=row, source=source, by=by)
    text = ngettext("%(n)d question was taken over.", "%(n)d questions were taken over.", count)
    return text % {"n": count}


@require_safe
@policy(Permission.MANAGE_COHORT)
def preview(request: HttpRequest, cohort: str) -> HttpResponse:
    """The form as an applicant sees it; nothing is sent from here."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    role = role_of(request, row)
    place = Enrollment(cohort=row, person=me(request), role=role)
    place.capacity = row.planned_spec.capacity(role).default
    context: dict[str, Any] = {
        "cohort": row,
        "role": role,
        "role_label": Role(role).label,
        "form": ProfileForm(instance=place, role=role),
        "questions": AnswersForm(questions=questions.current(row), role=role),
        "grid": free_grid(""),
        "fold_hours": True,
        "weekdays": WEEKDAYS,
    }
    return render(request, "programs/questions_preview.html", context)
