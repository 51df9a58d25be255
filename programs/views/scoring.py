"""By what applications are scored, and until when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentoring.access import Permission, policy
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.forms.intake import RubricForm
from programs.models import Cohort
from programs.services import scoring
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


@policy(Permission.SCORE_APPLICATIONS)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """The criteria of one role."""
    row = fetch_cohort(request, Permission.SCORE_APPLICATIONS, cohort)
    role = role_of(request, row)
    rubric = scoring.rubric_of(row, role)
    texts = [one["text"] for one in rubric.criteria] if rubric else []
    form = RubricForm(request.POST or None, texts=texts)
    if request.method == "POST" and form.is_valid():
        try:
            scoring.set_rubric(cohort=row, role=role, criteria=form.criteria(), by=me(request))
        except DomainError as error:
            refuse(form, error)
        else:
            return back_to(request, for_role(row, "scoring", role), done=_("Saved."))
    context = {
        "cohort": row,
        "role": role,
        "role_label": Role(role).label,
        "roles": roles_of(row),
        "form": form,
        "rubric": rubric,
        "given": scoring.reviews_of(row, role),
    }
    return render(request, "programs/scoring.html", context, status=status_of(form))


@require_POST
@policy(Permission.SCORE_APPLICATIONS)
def act(request: HttpRequest, cohort: str) -> HttpResponse:
    """Close scoring, open it again, or throw the scores away."""
    row = fetch_cohort(request, Permission.SCORE_APPLICATIONS, cohort)
    role, name = role_of(request, row), request.POST.get("act", "")
    try:
        done = _act(request, row, role, name)
    except DomainError as error:
        return back_to(request, for_role(row, "scoring", role), error=error)
    to = for_role(row, "applicants" if name == "close" else "scoring", role)
    return back_to(request, to, done=done)


def _act(request: HttpRequest, row: Cohort, role: str, name: str) -> str:
    by = me(request)
    match name:
        case "close":
            scoring.close(cohort=row, role=role, by=by)
            return _("Scoring is closed. All scores are shown, and you can accept the best.")
        case "reopen":
            scoring.reopen(cohort=row, role=role, by=by)
            return _("Scoring is open again.")
        case "throw_away":
            count = scoring.throw_away(cohort=row, role=role, by=by)
            text = ngettext("%(n)d score was thrown away.", "%(n)d scores were thrown away.", count)
            return text % {"n": count}
        case _:
            raise DomainError(_("No such step."))
