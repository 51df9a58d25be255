"""Applications: read, scored and answered."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox.hours import night_note, with_night_note
from mentoring.ui.lists import listing
from programs import queries
from programs.filters import ApplicantFilter
from programs.forms.intake import BestForm, ReviewForm
from programs.models import Cohort, Enrollment, Review, Rubric
from programs.presenters import applicants as presenters
from programs.presenters import people as people_presenters
from programs.roster.languages import LANGUAGES
from programs.services import deciding, scoring
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of

SORTS = {
    "name": ("person__family_name", "person__given_name"),
    "applied": "applied_at",
    "state": ("state", "person__family_name"),
    "score": ("sortable", "person__family_name"),
}


@never_cache
@require_safe
@policy(Permission.SCORE_APPLICATIONS)
def index(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """Who has applied, by score, with the answers to give."""
    row = fetch_cohort(request, Permission.SCORE_APPLICATIONS, cohort)
    found = listing(
        request,
        queries.applicants(row, me(request)),
        sorts=SORTS,
        default="applied",
        filterset=ApplicantFilter,
    )
    rubrics = {one.role: one for one in Rubric.objects.filter(cohort=row)}
    context = {
        "cohort": row,
        "listing": found,
        "rows": [presenters.line(one, me(request)) for one in found.page.object_list],
        "acts": deciding.ACTS.items(),
        "scored": bool(rubrics),
        "closed": [_best_of(one) for one in rubrics.values() if one.closed_at],
    }
    return render(request, "programs/applicants.html", context)


def _best_of(rubric: Rubric) -> dict[str, Any]:
    return {"role": rubric.role, "label": Role(rubric.role).label, "form": BestForm()}


@never_cache
@require_POST
@policy(Permission.MANAGE_PEOPLE)
def decide(request: HttpRequest, cohort: str) -> HttpResponse:
    """Look at what many would be told; and tell them, when that is confirmed."""
    row = fetch_cohort(request, Permission.MANAGE_PEOPLE, cohort)
    try:
        if "confirm" in request.POST:
            return _decided(request, row)
        proposal = _proposal(request, row)
    except DomainError as error:
        return back_with(request, "applicants", row.key, error=error)
    context = {
        "cohort": row,
        "proposal": proposal,
        "groups": presenters.groups(proposal),
        "night": night_note(me(request)),
    }
    return render(request, "programs/applicants_decide.html", context)


def _proposal(request: HttpRequest, row: Cohort) -> deciding.Proposal:
    by = me(request)
    if "places" in request.POST:
        form = BestForm(request.POST)
        if not form.is_valid():
            raise DomainError(_("Say how many, between 1 and %(most)d.") % {"most": deciding.MOST})
        role = request.POST.get("role", "")
        found = deciding.best(cohort=row, role=role, by=by, **form.cleaned_data)
    else:
        keys = request.POST.getlist("who")
        if not keys:
            raise DomainError(_("Tick those whom you would answer."))
        act = request.POST.get("act", "")
        found = deciding.chosen(cohort=row, keys=keys, act=act, by=by)
    if not found.count:
        raise DomainError(" ".join([_("There is nobody to answer."), *found.remarks]))
    return found


def _decided(request: HttpRequest, row: Cohort) -> HttpResponse:
    answers = {name: request.POST.getlist(name) for name in deciding.ACTS}
    count = deciding.decide(cohort=row, answers=answers, by=me(request))
    text = ngettext(
        "%(n)d application is answered. A mail says so.",
        "%(n)d applications are answered. Each gets a mail.",
        count,
    )
    done = with_night_note(text % {"n": count}, me(request))
    return back_with(request, "applicants", row.key, done=done)


def _fetch(request: HttpRequest, cohort: str, key: str) -> Enrollment:
    rows = Enrollment.objects.select_related("person", "cohort__program").filter(cohort__key=cohort)
    return access.get_or_404(request.user, Permission.SCORE_APPLICATIONS, rows, key=key)


@never_cache
@policy(Permission.SCORE_APPLICATIONS)
def review(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """One application: what it says, and the own score."""
    row = _fetch(request, cohort, key)
    rubric = scoring.rubric_of(row.cohort, row.role)
    own = Review.objects.filter(enrollment=row, reviewer=me(request)).first()
    takes = rubric is not None and rubric.closed_at is None and row.state in scoring.UNDECIDED
    form = _form(request, rubric, own) if rubric is not None and takes else None
    if request.method == "POST":
        refused = _scored(request, row, form)
        if refused is not None:
            return refused
    context = {
        "cohort": row.cohort,
        "row": row,
        "form": form,
        "own": own,
        "rubric": rubric,
        "acts": [one for one in people_presenters.acts(row) if one["name"] in deciding.ACTS],
        "languages": [LANGUAGES.get(code, code) for code in row.languages],
        "answers": presenters.answers_of(row),
        **presenters.scores(row, rubric, me(request)),
        **presenters.neighbors(row, me(request)),
    }
    status = status_of(form) if form is not None else 200
    return render(request, "programs/applicant.html", context, status=status)


def _form(request: HttpRequest, rubric: Rubric, own: Review | None) -> ReviewForm:
    initial: dict[str, Any] = {}
    if own is not None:
        initial = {key: str(number) for key, number in own.points.items()} | {"note": own.note}
    sent = request.POST if request.method == "POST" and "back" not in request.POST else None
    return ReviewForm(sent, rubric=rubric, initial=initial)


def _scored(request: HttpRequest, row: Enrollment, form: ReviewForm | None) -> HttpResponse | None:
    """Keep or take back the own score; ``None`` where the form has to be looked at again."""
    try:
        if "back" in request.POST:
            scoring.take_back(enrollment=row, by=me(request))
            done = _("Your score was taken back.")
            return back_with(request, "applicant", row.cohort.key, row.key, done=done)
        if form is None:
            raise DomainError(_("This application is not scored any more."))  # noqa: TRY301
        if not form.is_valid():
            return None
        note = form.cleaned_data["note"]
        scoring.give(enrollment=row, points=form.points(), note=note, by=me(request))
    except DomainError as error:
        if form is not None and form.is_bound:
            refuse(form, error)
            return None
        return back_with(request, "applicant", row.cohort.key, row.key, error=error)
    following = presenters.neighbors(row, me(request))["following"]
    if following is not None and "next" in request.POST:
        return redirect("programs:applicant", row.cohort.key, following.key)
    done = _("Your score is kept. What the others scored is shown now.")
    return back_with(request, "applicant", row.cohort.key, row.key, done=done)
