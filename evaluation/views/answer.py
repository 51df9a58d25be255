"""A survey is answered: from the link in a mail or from one's home, in both cases unsigned.

The form carries the signed token in its body and is sent to one address for all, so that the line
a web server writes about an answer says nothing about a person or a survey. Neither a login nor a
cookie is needed: the token is the authority.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from evaluation.models import Survey
from evaluation.surveys import answering, mails, presenters
from evaluation.surveys.forms import AnswerForm
from mentoring import access, links
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.errors import DomainError


class _DeadError(Exception):
    """The token cannot be used; the text says why."""


@require_GET
@never_cache
@access.policy(access.PUBLIC)
def answer_link(request: HttpRequest, token: str) -> HttpResponse:
    """The form, from a mail. Opening it changes nothing."""
    try:
        survey, person = _read(token)
    except _DeadError as error:
        return _dead(request, str(error))
    return _ask(request, survey, person)


@require_GET
@never_cache
@access.policy(Permission.ANSWER_SURVEY)
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The form, from one's home."""
    rows = Survey.objects.select_related("cohort")
    survey = access.get_or_404(request.user, Permission.ANSWER_SURVEY, rows, key=key)
    assert isinstance(request.user, User)  # noqa: S101 (the policy let nobody else in)
    return _ask(request, survey, request.user)


@csrf_exempt
@never_cache
@require_POST
@access.policy(access.PUBLIC)
def take_answer(request: HttpRequest) -> HttpResponse:
    """Take the answer, or show the form again with everything that was ticked and written."""
    try:
        survey, person = _read(request.POST.get("token", ""))
    except _DeadError as error:
        return _dead(request, str(error))
    form = AnswerForm(survey, request.POST)
    problem = ""
    if form.is_valid():
        try:
            answering.submit(survey=survey, ratings=form.ratings, comments=form.comments, by=person)
        except DomainError as error:
            if not survey.is_open or answering.has_answered(survey, person):
                return _dead(request, str(error))
            problem = str(error)
        else:
            return redirect("evaluation:answered")
    else:
        problem = _("Something could not be read. It is marked below; the rest is kept.")
    return _form(request, form, person, problem=problem, status=422)


@require_GET
@access.policy(access.PUBLIC)
def answered(request: HttpRequest) -> HttpResponse:
    """Thanks, the same for everyone."""
    return render(request, "evaluation/surveys/answered.html")


def _read(token: str) -> tuple[Survey, User]:
    try:
        link = mails.read(token)
        person = User.objects.get(pk=link.user_id, is_active=True)
        survey = Survey.objects.select_related("cohort").get(key=link.subject)
    except links.ExpiredLinkError:
        raise _DeadError(_("This survey has closed. Thank you for coming by.")) from None
    except (links.InvalidLinkError, User.DoesNotExist, Survey.DoesNotExist):
        raise _DeadError(
            _("This link is not complete. Copy the whole line from the mail, or sign in.")
        ) from None
    return survey, person


def _ask(request: HttpRequest, survey: Survey, person: User) -> HttpResponse:
    if not survey.is_open:
        return _dead(request, _("This survey has closed. Thank you for coming by."))
    if answering.has_answered(survey, person):
        return _dead(request, _("Your answer is in already. Thank you!"))
    return _form(request, AnswerForm(survey), person)


def _form(
    request: HttpRequest, form: AnswerForm, person: User, *, problem: str = "", status: int = 200
) -> HttpResponse:
    sections = presenters.sections(form)
    context = {
        "survey": form.survey,
        "sections": sections,
        "count": sum(len(section.entries) for section in sections),
        "token": mails.token(form.survey, person),
        "problem": problem,
        "longest": answering.LONGEST_COMMENT,
    }
    return render(request, "evaluation/surveys/answer.html", context, status=status)


def _dead(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "evaluation/surveys/over.html", {"problem": problem}, status=422)
