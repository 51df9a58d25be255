"""The mentorships of a cohort, who has none, and what is done by hand."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from matching import notes, presenters, queries, queries_choosing, suggestions
from matching.filters import MentorshipFilter, StudentFilter
from matching.forms import NameForm, ReasonForm
from matching.models import ExpertCase, Membership, Mentorship, StandIn
from matching.names import with_whom
from matching.presenters_choosing import tried
from matching.reasons import listed, reasons
from matching.services import mentorships as services
from matching.views.common import actor, cohort_for, mentorship_for, refuse
from mentoring import access
from mentoring.access import Permission, policy
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from mentoring.ui.lists import csv_response, listing
from programs.models import Enrollment
from programs.services import enrollments

SORTS = {
    "student": "student_name",
    "mentor": "mentor_name",
    "state": "state",
    "since": "started_at",
}
STUDENT_SORTS = {
    "first": ("case_rank", "case_since", "person__family_name", "person__given_name"),
    "name": ("person__family_name", "person__given_name"),
    "since": "created_at",
}


@require_GET
@policy(Permission.MANAGE_MENTORSHIP)
def mentorships(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """All mentorships of a cohort."""
    found = cohort_for(request, Permission.MANAGE_MENTORSHIP, cohort)
    shown = listing(
        request,
        queries.mentorships(found),
        sorts=SORTS,
        default="student",
        filterset=MentorshipFilter,
    )
    if shown.wants_csv:
        header = [_("Group"), _("Students"), _("Mentors"), _("State"), _("Since"), _("Until")]
        lines = (_csv_line(row) for row in shown.rows)
        return csv_response("mentorships", header, lines)
    rows = [presenters.mentorship_row(row) for row in shown.page]
    context = {"cohort": found, "listing": shown, "rows": rows}
    return render(request, "matching/mentorships.html", context)


@require_GET
@policy(Permission.MANAGE_MENTORSHIP)
def unmatched(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """Students who have no mentor, and why the last run found none."""
    found = cohort_for(request, Permission.MANAGE_MENTORSHIP, cohort)
    shown = listing(
        request,
        queries_choosing.looked_for(found),
        sorts=STUDENT_SORTS,
        default="first",
        filterset=StudentFilter,
    )
    if shown.wants_csv:
        header = [_("Student"), _("E-mail"), _("In the cohort since")]
        lines = (
            [row.person.full_name, row.person.email, row.created_at.date()] for row in shown.rows
        )
        return csv_response("unmatched", header, lines)
    why = queries.latest_reasons(found, list(shown.page))
    asked = queries_choosing.tried(shown.page)
    rows: list[dict[str, Any]] = [
        {
            "student": row,
            "why": reasons(why[row.pk]) if row.pk in why else [],
            "tried": tried(asked.get(row.pk, [])),
            "case": dict(ExpertCase.Why.choices).get(getattr(row, "case_why"), ""),  # noqa: B009
        }
        for row in shown.page
    ]
    context = {"cohort": found, "listing": shown, "rows": rows}
    return render(request, "matching/unmatched.html", context)


@require_http_methods(["GET", "POST"])
@policy(Permission.MANAGE_MENTORSHIP)
def assign(request: HttpRequest, cohort: str, student: str) -> HttpResponse:
    """Choose a mentor for one student."""
    found = _student(request, cohort, student)
    status = 200
    if request.method == "POST":
        try:
            services.assign(student=found, mentor=_mentor(request, found), by=actor(request))
        except DomainError as error:
            refuse(request, error)
            status = 422
        else:
            text = _("%(name)s has a mentor now. Both get a mail.")
            messages.success(request, text % {"name": found.person.full_name})
            return redirect("matching:unmatched", cohort=cohort)
    context = {"cohort": found.cohort, "student": found, **_candidates(request, found)}
    return render(request, "matching/assign.html", context, status=status)


@require_GET
@policy(Permission.MANAGE_MENTORSHIP)
def manage(request: HttpRequest, key: str) -> HttpResponse:
    """One mentorship: who is and was in it; move, end."""
    found = mentorship_for(request, key)
    return _manage(request, found, ReasonForm())


@require_POST
@policy(Permission.MANAGE_MENTORSHIP)
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a mentorship early."""
    found = mentorship_for(request, key)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _manage(request, found, form, status=422)
    try:
        services.end(mentorship=found, by=actor(request), **form.cleaned_data)
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, _("The mentorship has ended. Both sides get a kind mail."))
    return redirect("matching:manage", key=key)


@require_http_methods(["GET", "POST"])
@policy(Permission.MANAGE_MENTORSHIP)
def move(request: HttpRequest, key: str, student: str) -> HttpResponse:
    """Give a student of this mentorship another mentor."""
    found = mentorship_for(request, key)
    seat = _seat(found, student)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                new = services.move(
                    mentorship=found,
                    student=seat.enrollment,
                    mentor=_mentor(request, seat.enrollment),
                    by=actor(request),
                    **form.cleaned_data,
                )
                messages.success(request, _("Moved. All three get a mail."))
                return redirect("matching:manage", key=new.key)
        except DomainError as error:
            refuse(request, error)
    context = {
        "cohort": found.cohort,
        "mentorship": found,
        "student": seat.enrollment,
        "form": form,
        **_candidates(request, seat.enrollment),
    }
    return render(request, "matching/assign.html", context, status=status)


def _student(request: HttpRequest, cohort: str, key: str) -> Enrollment:
    rows = Enrollment.objects.filter(role=Role.STUDENT).select_related("cohort", "person")
    return access.get_or_404(
        request.user, Permission.MANAGE_MENTORSHIP, rows, key=key, cohort__key=cohort
    )


def _seat(mentorship: Mentorship, student: str) -> Membership:
    """The student's place, while she holds it."""
    for seat in mentorship.seats:  # type: ignore[attr-defined]
        if seat.enrollment.key == student and seat.role == Role.STUDENT and not seat.ended_at:
            return seat  # type: ignore[no-any-return]
    raise Http404


def _mentor(request: HttpRequest, student: Enrollment) -> Enrollment:
    key = request.POST.get("mentor", "")
    found = queries.mentors(student.cohort).filter(key=key).first()
    if found is None:
        raise DomainError(_("Choose a mentor."), field="mentor")
    return found


def _candidates(request: HttpRequest, student: Enrollment) -> dict[str, Any]:
    wanted = request.GET.get("q", "").strip()
    found = suggestions.for_student(student, wanted)
    return {
        "candidates": found.shown,
        "others": found.others,
        "full": found.full,
        "free": found.free,
        "q": wanted,
    }


@require_POST
@policy(Permission.MANAGE_MENTORSHIP)
def add_place(request: HttpRequest, cohort: str, mentor: str) -> HttpResponse:
    """Give a mentor one more place, and go back to where it is needed."""
    rows = Enrollment.objects.filter(role__in=MENTOR_ROLES).select_related("cohort", "person")
    found = access.get_or_404(
        request.user, Permission.MANAGE_MENTORSHIP, rows, key=mentor, cohort__key=cohort
    )
    try:
        enrollments.change_capacity(enrollment=found, by=actor(request), more=1)
    except DomainError as error:
        refuse(request, error)
    else:
        text = _("%(name)s has a place more now: %(count)d in all.")
        values = {"name": found.person.full_name, "count": found.capacity}
        messages.success(request, text % values)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("matching:unmatched", cohort=cohort)


def _manage(
    request: HttpRequest, mentorship: Mentorship, form: ReasonForm, status: int = 200
) -> HttpResponse:
    row = presenters.mentorship_row(mentorship)
    context = {
        "cohort": mentorship.cohort,
        "mentorship": mentorship,
        "form": form,
        "names": with_whom([*row.students, *row.mentors], group=mentorship.name),
        "several": len(row.mentors) > 1,
        "stand_ins": mentorship.stand_ins.filter(state__in=StandIn.STANDING).select_related(
            "enrollment__person", "absent__person"
        ),
        "name_form": NameForm(initial={"name": mentorship.name}),
        "notes": _notes(mentorship),
    }
    return render(request, "matching/manage.html", context, status=status)


def _notes(mentorship: Mentorship) -> list[str]:
    """Where those who are in it now hope for different things."""
    seats = [seat for seat in mentorship.seats if not seat.ended_at]  # type: ignore[attr-defined]
    for seat in seats:
        seat.enrollment.person = seat.person  # loaded with the seat
    students = [seat.enrollment for seat in seats if not seat.is_mentor]
    mentors = [seat.enrollment for seat in seats if seat.is_mentor]
    return list(notes.about([(one, other) for one in students for other in mentors]).values())


def _csv_line(mentorship: Mentorship) -> list[object]:
    row = presenters.mentorship_row(mentorship)
    return [
        mentorship.name,
        listed(person.full_name for person in row.students),
        listed(person.full_name for person in row.mentors),
        mentorship.get_state_display(),
        mentorship.started_at.date(),
        mentorship.ended_at.date() if mentorship.ended_at else "",
    ]
