"""Goals of a mentorship."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.models import Mentorship
from mentoring import access
from mentoring.access import Permission, policy
from mentoring.ui.lists import listing
from sessions.agreement_presenters import goal_rows, moments
from sessions.circle import circle
from sessions.forms_agreement import GoalForm, ProgressForm, SettleForm
from sessions.models import Goal, GoalState
from sessions.services import goals
from sessions.views.support import attempt, page, person, posted

_PER_PAGE = 10
_MOMENTS = 20


def _open(request: HttpRequest, permission: Permission, key: str) -> Mentorship:
    rows = Mentorship.objects.select_related("cohort")
    return access.get_or_404(request.user, permission, rows, key=key)


def _goal(request: HttpRequest, permission: Permission, key: str, goal: str) -> Goal:
    """A goal of the mentorship, as far as it is hers to see."""
    mentorship = _open(request, permission, key)
    rows = goals.visible(mentorship, person(request))
    found = rows.select_related("mentorship__cohort", "set_by", "body").filter(key=goal).first()
    if found is None:
        raise Http404
    return found


def _takes_part(request: HttpRequest, mentorship: Mentorship) -> bool:
    return mentorship.is_live and circle(mentorship).of(person(request)) is not None


@require_safe
@never_cache
@policy(Permission.READ_AGREEMENT)
def index(request: HttpRequest, key: str) -> HttpResponse:
    """Those under way first, in their order; then what became of the others."""
    mentorship = _open(request, Permission.READ_AGREEMENT, key)
    mine = goals.visible(mentorship, person(request))
    live = goal_rows(list(mine.filter(state=GoalState.ACTIVE)))
    found = listing(
        request,
        mine.exclude(state=GoalState.ACTIVE),
        sorts={"settled": "settled_at"},
        default="-settled",
        per_page=_PER_PAGE,
    )
    context = {
        "mentorship": mentorship,
        "live": live,
        "listing": found,
        "settled": goal_rows(list(found.page)),
        "takes_part": _takes_part(request, mentorship),
    }
    return page(request, "goals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy(Permission.TAKE_PART)
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Set a goal."""
    mentorship = _open(request, Permission.TAKE_PART, key)
    form = GoalForm(posted(request))
    if form.is_valid():
        act = partial(goals.add, mentorship=mentorship, by=person(request), **form.cleaned_data)
        if attempt(request, act, form):
            messages.success(request, _("The goal is set."))
            return redirect("sessions:goals", key=key)
    return page(request, "goal_edit.html", {"mentorship": mentorship, "form": form}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy(Permission.TAKE_PART)
def edit(request: HttpRequest, key: str, goal: str) -> HttpResponse:
    """Say it better, or give it more time."""
    row = _goal(request, Permission.TAKE_PART, key, goal)
    title = goals.words([row]).get(row.pk, goals.Words()).title
    initial = {"title": title, "horizon": row.horizon, "due_on": row.due_on}
    form = GoalForm(posted(request), initial=initial)
    if form.is_valid():
        act = partial(goals.change, goal=row, by=person(request), **form.cleaned_data)
        if attempt(request, act, form):
            messages.success(request, _("Saved."))
            return redirect("sessions:goal", key=key, goal=goal)
    context = {"mentorship": row.mentorship, "goal": row, "form": form}
    return page(request, "goal_edit.html", context, form)


@require_safe
@never_cache
@policy(Permission.READ_AGREEMENT)
def detail(request: HttpRequest, key: str, goal: str) -> HttpResponse:
    """One goal, how it came along, and what to do about it."""
    row = _goal(request, Permission.READ_AGREEMENT, key, goal)
    context = {
        "mentorship": row.mentorship,
        "row": goal_rows([row])[0],
        "moments": moments(row, list(goals.moments(row)[:_MOMENTS])),
        "progress_form": ProgressForm(initial={"percent": row.percent // 10 * 10}),
        "settle_form": SettleForm(),
        "takes_part": _takes_part(request, row.mentorship),
    }
    return page(request, "goal.html", context)


@require_POST
@never_cache
@policy(Permission.TAKE_PART)
def progress(request: HttpRequest, key: str, goal: str) -> HttpResponse:
    """Note how far it has come."""
    row = _goal(request, Permission.TAKE_PART, key, goal)
    form = ProgressForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how far you are."))
    else:
        percent = form.cleaned_data["percent"]
        if attempt(request, partial(goals.progress, goal=row, percent=percent, by=person(request))):
            messages.success(request, _("Noted."))
    return redirect("sessions:goal", key=key, goal=goal)


@require_POST
@never_cache
@policy(Permission.TAKE_PART)
def settle(request: HttpRequest, key: str, goal: str) -> HttpResponse:
    """Reached, let go, or taken up again."""
    row, by = _goal(request, Permission.TAKE_PART, key, goal), person(request)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether you reached it or let it go."))
        return redirect("sessions:goal", key=key, goal=goal)
    state, reason = form.cleaned_data["state"], form.cleaned_data["reason"]
    act = (
        partial(goals.take_up, goal=row, by=by)
        if state == GoalState.ACTIVE
        else partial(goals.settle, goal=row, state=state, reason=reason, by=by)
    )
    if attempt(request, act):
        said = _("Well done!") if state == GoalState.REACHED else _("Saved.")
        messages.success(request, said)
    return redirect("sessions:goal", key=key, goal=goal)


@require_POST
@never_cache
@policy(Permission.TAKE_PART)
def prefer(request: HttpRequest, key: str, goal: str) -> HttpResponse:
    """One place up."""
    row = _goal(request, Permission.TAKE_PART, key, goal)
    attempt(request, partial(goals.prefer, goal=row, by=person(request)))
    return redirect("sessions:goals", key=key)
