"""Surveys of a cohort: the list, planning one, and what a closed one says."""

from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.models import Survey
from evaluation.surveys import batches, opening, presenters, results
from evaluation.surveys.forms import AnswerForm, PlanForm
from evaluation.surveys.instruments import questionnaire, say
from evaluation.surveys.models import FEWEST, SurveySide, SurveyState
from evaluation.surveys.plan import HOUR
from evaluation.views.flags import _user
from mentoring import access, clock
from mentoring.access import Permission
from mentoring.accounts.visibility import sees_meeting_counts
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs.models import Cohort

# The last day counts whole; midnight would be said to be the day after.
LAST_MINUTE = time(23, 59)


@access.policy(Permission.VIEW_SURVEYS)
def surveys(request: HttpRequest, cohort: str) -> HttpResponse:
    """What was asked, what is being asked, and what the plan will ask."""
    rows = Cohort.objects.select_related("program")
    found = access.get_or_404(request.user, Permission.VIEW_SURVEYS, rows, key=cohort)
    page = listing(
        request,
        Survey.objects.filter(cohort=found),
        sorts={"opens": ["opens_at", "side", "pk"], "title": ["title", "side", "pk"]},
        default="-opens",
    )
    context = {
        "cohort": found,
        "listing": page,
        "rows": presenters.rows(list(page.page)),
        "upcoming": presenters.plan_rows(found),
        "may_plan": access.can(request.user, Permission.MANAGE_SURVEYS, found)
        and not found.is_over,
    }
    return render(request, "evaluation/surveys/list.html", context)


@access.policy(Permission.MANAGE_SURVEYS)
def new_survey(request: HttpRequest, cohort: str) -> HttpResponse:
    """Plan one besides the program's own."""
    rows = Cohort.objects.select_related("program")
    found = access.get_or_404(request.user, Permission.MANAGE_SURVEYS, rows, key=cohort)
    form = PlanForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        opens = datetime.combine(data["opens_on"], HOUR, tzinfo=found.zone)
        if data["opens_on"] <= clock.today(found.zone):
            opens = clock.now()
        try:
            survey = opening.schedule(
                cohort=found,
                title=data["title"],
                side=data["side"],
                parts=data["instruments"],
                opens_at=opens,
                closes_at=datetime.combine(data["closes_on"], LAST_MINUTE, tzinfo=found.zone),
                by=_user(request),
            )
        except DomainError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("It is on its way to everyone who is asked.")
                             if survey.state == SurveyState.OPEN
                             else _("Planned. It goes out by itself."))  # fmt: skip
            return redirect("evaluation:survey", survey.key)
    status = 422 if request.method == "POST" else 200
    context = {"cohort": found, "form": form, "fewest": FEWEST}
    return render(request, "evaluation/surveys/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.policy(Permission.VIEW_SURVEYS)
def preview_survey(request: HttpRequest, cohort: str) -> HttpResponse:
    """A questionnaire as people will see it; nothing is kept, whatever is ticked.

    By POST from the form that plans one, before that is sent; by GET for what the plan asks.
    """
    rows = Cohort.objects.select_related("program")
    found = access.get_or_404(request.user, Permission.VIEW_SURVEYS, rows, key=cohort)
    given = request.POST if request.method == "POST" else request.GET
    side = given.get("side", "")
    names = questionnaire(given.getlist("instruments"), side) if side in SurveySide else []
    if not names:
        messages.error(request, _("Choose who is asked, and what."))
        return redirect("evaluation:surveys", found.key)
    form = AnswerForm(
        Survey(
            cohort=found,
            title=given.get("title", "").strip()[:150] or _("Survey"),
            side=side,
            instruments=names,
        )
    )
    sections = presenters.sections(form)
    context = {
        "survey": form.survey,
        "sections": sections,
        "count": sum(len(section.entries) for section in sections),
        "preview": True,
    }
    return render(request, "evaluation/surveys/answer.html", context)


def _survey(request: HttpRequest, permission: Permission, key: str) -> Survey:
    rows = Survey.objects.select_related("cohort__program")
    return access.get_or_404(request.user, permission, rows, key=key)


@access.policy(Permission.VIEW_SURVEYS)
def survey(request: HttpRequest, key: str) -> HttpResponse:
    """How far it has come while it is open; what it says once it is closed."""
    found = _survey(request, Permission.VIEW_SURVEYS, key)
    result = results.of(found) if found.state == SurveyState.CLOSED else None
    context = {
        "cohort": found.cohort,
        "row": presenters.rows([found])[0],
        "survey": found,
        "result": result,
        "rate_interval": presenters.percents(result.rate) if result and result.rate else "",
        "scales": presenters.scale_rows(result) if result else [],
        "comments": [
            (say(text, presenters.language()), written) for text, written in results.comments(found)
        ],
        "sections": presenters.questions(found),
        "may_manage": access.can(request.user, Permission.MANAGE_SURVEYS, found),
        "show_left_out": found.left_out and sees_meeting_counts(found.cohort.level),
        "low": _is_low(found),
        "fewest": FEWEST,
    }
    return render(request, "evaluation/surveys/survey.html", context)


def _is_low(found: Survey) -> bool:
    """Under half have answered after half of the time (M26), whatever still waits."""
    half = found.opens_at + (found.closes_at - found.opens_at) / 2
    late = found.state == SurveyState.OPEN and clock.now() > half
    return late and (found.answered + batches.MOST_WAITING) * 2 < found.invited


@require_POST
@access.policy(Permission.MANAGE_SURVEYS)
def close_survey(request: HttpRequest, key: str) -> HttpResponse:
    """End it before its day."""
    found = _survey(request, Permission.MANAGE_SURVEYS, key)
    batches.close(survey=found, by=_user(request))
    messages.success(request, _("Closed."))
    return redirect("evaluation:survey", found.key)


@require_POST
@access.policy(Permission.MANAGE_SURVEYS)
def take_back_survey(request: HttpRequest, key: str) -> HttpResponse:
    """Remove one that was not sent."""
    found = _survey(request, Permission.MANAGE_SURVEYS, key)
    try:
        opening.take_back(survey=found, by=_user(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back. Nobody was asked."))
    return redirect("evaluation:surveys", found.cohort.key)
