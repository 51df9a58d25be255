"""The people of a cohort."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mentoring import access, clock, jobs, ports
from mentoring.access import Permission, policy
from mentoring.accounts.permissions import STAFF_ROLES
from mentoring.errors import DomainError
from mentoring.outbox.hours import night_note, with_night_note
from mentoring.ui.lists import csv_response, listing
from programs import queries
from programs.filters import PeopleFilter
from programs.forms.people import AbsenceForm, PersonFactsForm, PersonForm
from programs.models import Enrollment
from programs.presenters import applicants
from programs.presenters import invitations as invitation_presenters
from programs.presenters import people as presenters
from programs.roster.languages import LANGUAGES
from programs.services import absences, enrollments, invitations, many, people, placing
from programs.services.invitations import never_invited
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of

SORTS = {
    "name": ("person__family_name", "person__given_name"),
    "role": ("role", "person__family_name"),
    "state": ("state", "person__family_name"),
    "year": ("class_year", "person__family_name"),
    "capacity": ("capacity", "person__family_name"),
    "added": ("created_at",),
}
COLUMNS = (
    "email",
    "given_name",
    "family_name",
    "role",
    "year",
    "campus",
    "track",
    "gender",
    "languages",
    "interests",
    "capacity",
    "student_number",
    "state",
)


@require_safe
@policy(Permission.VIEW_PEOPLE)
def index(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """Everyone: sorted, filtered, paged, and as a file that can be imported again."""
    row = fetch_cohort(request, Permission.VIEW_PEOPLE, cohort)
    found = listing(
        request, queries.people(row), sorts=SORTS, default="name", filterset=PeopleFilter
    )
    if found.wants_csv:
        rows = (_csv_row(person) for person in found.rows.iterator(chunk_size=1000))
        return csv_response(f"{row.name} people", COLUMNS, rows)
    for person in found.page.object_list:
        person.note = presenters.invitation_note(person)  # type: ignore[attr-defined]
        person.only_listed = presenters.only_listed(person)  # type: ignore[attr-defined]
    context = {
        "cohort": row,
        "listing": found,
        "waiting": never_invited(row).count(),
        "acts": [(name, act.label) for name, act in many.ACTS.items()]
        if access.can(request.user, Permission.MANAGE_PEOPLE, row)
        else [],
    }
    return render(request, "programs/people.html", context)


def _csv_row(row: Any) -> list[Any]:
    return [
        row.person.email,
        row.person.given_name,
        row.person.family_name,
        row.role,
        row.class_year,
        row.campus,
        row.track,
        row.gender,
        ";".join(row.languages),
        ";".join(row.interests),
        row.capacity,
        row.student_number,
        row.state,
    ]


@policy(Permission.MANAGE_PEOPLE)
def add(request: HttpRequest, cohort: str) -> HttpResponse:
    """Add one person, at any time."""
    row = fetch_cohort(request, Permission.MANAGE_PEOPLE, cohort)
    form = PersonForm(request.POST or None, initial={"role": request.GET.get("role", "student")})
    held = form.roles_held(row) if request.method == "POST" and form.is_valid() else []
    asked = bool(held) and "despite" not in request.POST
    if request.method == "POST" and form.is_valid() and not asked:
        try:
            enrollment = people.add(cohort=row, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            done = (
                _("%(name)s was added, takes part, and is told so.")
                if enrollment.is_present
                else _("%(name)s was added and invited.")
            )
            done = with_night_note(done % {"name": enrollment.person.full_name}, me(request))
            return back_with(request, "person", row.key, enrollment.key, done=done)
    context = {"cohort": row, "form": form, "held": held if asked else []}
    status = 422 if asked else status_of(form)
    return render(request, "programs/person_add.html", context, status=status)


def _fetch(request: HttpRequest, permission: Permission, cohort: str, key: str) -> Enrollment:
    rows = Enrollment.objects.select_related("person", "cohort__program").filter(cohort__key=cohort)
    return access.get_or_404(request.user, permission, rows, key=key)


@require_safe
@policy(Permission.VIEW_PEOPLE)
def show(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """One person in this cohort."""
    row = _fetch(request, Permission.VIEW_PEOPLE, cohort, key)
    others = queries.own_enrollments(row.person, row.cohort).exclude(pk=row.pk)
    context = {
        "cohort": row.cohort,
        "row": row,
        "acts": presenters.acts(row),
        "gates": enrollments.gates(row) if row.state == Enrollment.State.ACCEPTED else [],
        "reasons": enrollments.LEFT_REASONS.items(),
        "year": row.years.order_by("-academic_year").first(),
        "languages": [LANGUAGES.get(code, code) for code in row.languages],
        "free": presenters.free_words(row.free_time),
        "invitation": row.invitations.order_by("-created_at").first(),
        "absences": row.absences.all(),
        "absence_form": AbsenceForm(),
        "today": clock.today(row.cohort.zone),
        "others": others,
        "answers": applicants.answers_of(row),
        "is_staff": row.role in STAFF_ROLES,
        "pages": [one for found in ports.PERSON_PAGES.ask(me(request), row) for one in found],
        "cards": presenters.person_cards(me(request), row),
    }
    return render(request, "programs/person.html", context)


@policy(Permission.MANAGE_PEOPLE)
def edit(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Correct facts of the roster."""
    row = _fetch(request, Permission.MANAGE_PEOPLE, cohort, key)
    year = row.years.filter(academic_year=row.cohort.planned.starts.year).first()
    initial = {"class_year": year.class_year, "year_status": year.status} if year else {}
    form = PersonFactsForm(request.POST or None, instance=row, role=row.role, initial=initial)
    if request.method == "POST" and form.is_valid():
        # The form has written its values into the instance: compare with what is stored.
        stored = Enrollment.objects.select_related("cohort").get(pk=row.pk)
        enrollments.change_profile(enrollment=stored, by=me(request), **form.profile())
        enrollments.set_class_year(
            enrollment=stored,
            class_year=form.cleaned_data["class_year"],
            status=form.cleaned_data["year_status"] or "studying",
            by=me(request),
        )
        return back_with(request, "person", cohort, key, done=_("Saved."))
    context = {"cohort": row.cohort, "row": row, "form": form}
    return render(request, "programs/person_edit.html", context, status=status_of(form))


SERVICES: dict[str, Callable[..., Any]] = {
    "accept": enrollments.accept,
    "activate": enrollments.activate,
    "waitlist": enrollments.put_on_waiting_list,
    "decline": enrollments.decline,
    "reconsider": enrollments.reconsider,
    "complete": enrollments.complete,
    "reopen": enrollments.reopen,
    "withdraw": enrollments.withdraw,
    "let_go": placing.let_go,
    "keep": placing.keep,
}


@require_POST
@policy(Permission.MANAGE_PEOPLE)
def act(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Move a person to another state."""
    row = _fetch(request, Permission.MANAGE_PEOPLE, cohort, key)
    name = request.POST.get("act", "")
    more = {"reason": request.POST.get("reason", "")} if name == "withdraw" else {}
    try:
        if name not in SERVICES:
            raise DomainError(_("No such step."))  # noqa: TRY301 (answered like the others)
        SERVICES[name](enrollment=row, by=me(request), **more)
    except DomainError as error:
        return back_with(request, "person", cohort, key, error=error)
    done = _("%(name)s is now: %(state)s.") % {
        "name": row.person.full_name,
        "state": row.get_state_display(),
    }
    return back_with(request, "person", cohort, key, done=done)


@require_POST
@policy(Permission.MANAGE_PEOPLE)
def absence(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Declare an absence for somebody who cannot, or take one back; the person is told."""
    row = _fetch(request, Permission.MANAGE_PEOPLE, cohort, key)
    try:
        done = _absence(row, request)
    except DomainError as error:
        return back_with(request, "person", cohort, key, error=error)
    return back_with(request, "person", cohort, key, done=done)


def _absence(row: Enrollment, request: HttpRequest) -> str:
    if number := request.POST.get("absence", ""):
        found = row.absences.filter(key=number).first()
        if found is None:
            raise DomainError(_("That absence was taken back already."))
        absences.end(absence=found, by=me(request))
        return _("The absence was taken back.")
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("Give the first and the last day of the absence."))
    absences.declare(enrollment=row, by=me(request), **form.cleaned_data)
    done = _("Noted: nothing is expected of %(name)s on these days. A mail says so.")
    return with_night_note(done % {"name": row.person.full_name}, me(request))


@require_POST
@policy(Permission.MANAGE_PEOPLE)
def invite_one(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Send an invitation, or another one."""
    row = _fetch(request, Permission.MANAGE_PEOPLE, cohort, key)
    try:
        if row.state in people.GONE:
            enrollments.move(enrollment=row, to=Enrollment.State.INVITED, by=me(request))
        invitations.invite(enrollment=row, by=me(request))
    except DomainError as error:
        return back_with(request, "person", cohort, key, error=error)
    done = _("An invitation is on its way to %(email)s.") % {"email": row.person.email}
    return back_with(request, "person", cohort, key, done=with_night_note(done, me(request)))


@policy(Permission.MANAGE_PEOPLE)
def invite(request: HttpRequest, cohort: str) -> HttpResponse:
    """Invite everyone who was not invited yet."""
    row = fetch_cohort(request, Permission.MANAGE_PEOPLE, cohort)
    waiting = never_invited(row).count()
    if request.method == "POST" and waiting:
        job = jobs.start(kind="programs.invite", cohort=row, by=me(request), args={})
        return redirect("jobs:job", job.key)
    places = placing.places_students(row)
    text = ngettext(
        "%(count)s person is on the list and was not invited yet.",
        "%(count)s people are on the list and were not invited yet.",
        waiting,
    ) % {"count": waiting}
    context = {
        "cohort": row,
        "waiting": waiting,
        "text": text,
        "places": places,
        "mandatory": placing.mode(row) == placing.MANDATORY,
        "night": night_note(me(request)),
        "roles": invitation_presenters.by_role(never_invited(row)),
        "previews": invitation_presenters.previews(never_invited(row), places=places),
    }
    return render(request, "programs/invite.html", context)
