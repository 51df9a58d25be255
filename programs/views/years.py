"""The next year of a cohort, step by step: a plan first, then one press, and the way back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from mentoring import clock
from mentoring.access import Permission, policy
from mentoring.accounts.permissions import MENTOR_ROLES
from mentoring.errors import DomainError
from mentoring.outbox.hours import with_night_note
from mentoring.ui.lists import listing, paged
from programs.forms.years import AnswersNarrowed, PeopleNarrowed, YearForm
from programs.models import Cohort, CohortState, Enrollment, StayQuestion
from programs.presenters import years as presenters
from programs.presenters.design import changes
from programs.services import staying, year_steps, year_undo, years
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of
from programs.years import plan as plans
from programs.years.people import Travelers, mentors_to_ask

READ_WRITE = ["GET", "HEAD", "POST"]


def _base(cohort: Cohort, here: str) -> dict[str, Any]:
    plan = plans.plan_of(cohort)
    return {
        "cohort": cohort,
        "plan": plan,
        "edition": cohort.planned,
        "year_now": plans.year_name(cohort.planned.starts, cohort.planned.ends),
        "year_next": plans.year_name(plan.starts, plan.ends),
        "steps": presenters.steps(cohort, here),
        "goes_on": plans.goes_on(cohort.planned_spec) and cohort.state == CohortState.RUNNING,
    }


@require_http_methods(READ_WRITE)
@policy(Permission.MANAGE_COHORT)
def dates(request: HttpRequest, cohort: str) -> HttpResponse:
    """Where the year stands; dates and version of the next one."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    context = _base(row, "dates")
    plan = context["plan"]
    initial = {"starts": plan.starts, "ends": plan.ends, "version": plans.choice_of(plan)}
    form = YearForm(request.POST or None, initial=initial, versions=presenters.versions(row))
    if request.method == "POST" and form.is_valid():
        try:
            years.save_plan(cohort=row, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            stay = "look" in request.POST
            to = "next_year" if stay else "next_year_people"
            return back_with(request, to, row.key, done=_("Saved. Nothing has begun yet."))
    done = plans.last_done(row)
    context |= {
        "form": form,
        "several": len(form.fields["version"].choices) > 1,  # type: ignore[attr-defined]
        "changes": changes(plans.changes(plan)),
        "done": done,
        "reasons": year_undo.obstacles(done) if done else [],
        "counts": _done_counts(done),
        "begun": clock.today(row.zone) >= row.planned.starts,
    }
    # The year after one that has not begun yet is nobody's concern.
    context["waits"] = done is not None and not context["begun"]
    return render(request, "programs/year_dates.html", context, status=status_of(form))


def _done_counts(done: Any) -> list[tuple[Any, int]]:
    if done is None:
        return []
    fates = list(done.passages.values_list("fate", flat=True))
    return [(presenters.MANY[fate], fates.count(fate)) for fate in presenters.F if fate in fates]


@require_http_methods(READ_WRITE)
@policy(Permission.MANAGE_COHORT)
def people(request: HttpRequest, cohort: str) -> HttpResponse:
    """What becomes of everybody; single people can be decided otherwise."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    if request.method == "POST":
        return _choose(request, row)
    context = _base(row, "people")
    travelers = Travelers(context["plan"])
    form = PeopleNarrowed(request.GET)
    found = paged(request, form.narrow(travelers.rows))
    context |= {
        "form": form,
        "listing": found,
        "rows": presenters.traveler_rows(found.page.object_list),
        "counts": presenters.counts(travelers, request.path),
    }
    return render(request, "programs/year_people.html", context)


def _choose(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    rows = Enrollment.objects.filter(cohort=cohort).select_related("person")
    enrollment = rows.filter(key=request.POST.get("person", "")).first()
    back = request.POST.get("next", "")
    try:
        if enrollment is None:
            raise DomainError(_("This person does not take part any more."))  # noqa: TRY301
        years.choose(
            cohort=cohort,
            enrollment=enrollment,
            fate=request.POST.get("fate", ""),
            by=me(request),
        )
    except DomainError as error:
        answer = back_with(request, "next_year_people", cohort.key, error=error)
    else:
        done = _("Noted for %(name)s.") % {"name": enrollment.person.full_name}
        answer = back_with(request, "next_year_people", cohort.key, done=done)
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back) if safe else answer


ANSWER_SORTS = {
    "name": ("enrollment__person__family_name", "enrollment__person__given_name"),
    "answered": ("answered_at", "enrollment__person__family_name"),
}


@require_http_methods(READ_WRITE)
@policy(Permission.MANAGE_COHORT)
def mentors(request: HttpRequest, cohort: str) -> HttpResponse:
    """Who was asked to go on, and what they say."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    if request.method == "POST":
        return _ask(request, row)
    context = _base(row, "mentors")
    plan = context["plan"]
    rows = StayQuestion.objects.filter(roll_over__cohort=row, roll_over__number=plan.number)
    form = AnswersNarrowed(request.GET)
    wanted = form.cleaned_data["answer"] if form.is_valid() else ""
    shown = rows.select_related("enrollment__person")
    if wanted:
        shown = shown.filter(answer="" if wanted == "none" else wanted)
    context |= {
        "form": form,
        "narrowed": bool(wanted),
        "listing": listing(request, shown, sorts=ANSWER_SORTS, default="name"),
        "to_ask": len(mentors_to_ask(plan, Travelers(plan))) if context["goes_on"] else 0,
        "asked": rows.count(),
        "silent": rows.filter(answer="", enrollment__state__in=Enrollment.PRESENT).count(),
    }
    return render(request, "programs/year_mentors.html", context)


def _ask(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    again = request.POST.get("what") == "remind"
    act = staying.remind if again else staying.ask
    try:
        count = act(cohort=cohort, by=me(request))
    except DomainError as error:
        return back_with(request, "next_year_mentors", cohort.key, error=error)
    if not count:
        none = DomainError(_("Nobody was asked: they have answered, or got a mail today."))
        return back_with(request, "next_year_mentors", cohort.key, error=none)
    text = ngettext("%(n)d mentor gets a mail.", "%(n)d mentors get a mail.", count)
    done = with_night_note(text % {"n": count}, me(request))
    return back_with(request, "next_year_mentors", cohort.key, done=done)


@require_http_methods(READ_WRITE)
@policy(Permission.MANAGE_COHORT)
def begin(request: HttpRequest, cohort: str) -> HttpResponse:
    """Everything that will be done, and the one press that does it."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    if request.method == "POST":
        try:
            seen = request.POST.get("number", "")
            number = int(seen) if seen.isdecimal() else 0
            year_steps.roll(cohort=row, by=me(request), number=number)
        except DomainError as error:
            return back_with(request, "next_year_begin", row.key, error=error)
        done = _(
            "The new year has begun. Mails leave in half an hour: until then an undo is quiet."
        )
        return back_with(request, "next_year", row.key, done=done)
    context = _base(row, "begin")
    travelers = Travelers(context["plan"])
    lines = presenters.begin_lines(context["plan"], travelers) if context["goes_on"] else []
    context |= {
        "warnings": [line for line in lines if line.warns],
        "lines": [line for line in lines if not line.warns],
        "changes": len(plans.changes(context["plan"])),
        "mentors": sum(person.role in MENTOR_ROLES for person in travelers.rows),
    }
    return render(request, "programs/year_begin.html", context)


@require_POST
@policy(Permission.MANAGE_COHORT)
def undo(request: HttpRequest, cohort: str) -> HttpResponse:
    """Take the new year back."""
    row = fetch_cohort(request, Permission.MANAGE_COHORT, cohort)
    done = plans.last_done(row)
    try:
        if done is None:
            raise DomainError(_("This was taken back already."))  # noqa: TRY301
        year_undo.undo(roll_over=done, by=me(request))
    except DomainError as error:
        return back_with(request, "next_year", row.key, error=error)
    return back_with(request, "next_year", row.key, done=_("Taken back: all is as it was before."))
