"""My own place in a cohort."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mentoring import access, ports
from mentoring.access import SIGNED_IN, Permission, policy
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs import queries
from programs.forms.people import AbsenceForm, ProfileForm
from programs.forms.questions import AnswersForm
from programs.models import Absence, Enrollment
from programs.presenters.people import WEEKDAYS
from programs.presenters.places import place_rows
from programs.services import absences, answers, enrollments, invitations, placing, questions
from programs.views.base import back_with, me, refuse, status_of


def _fetch(request: HttpRequest, cohort: str, key: str) -> Enrollment:
    rows = Enrollment.objects.select_related("person", "cohort__program").filter(cohort__key=cohort)
    return access.get_or_404(request.user, Permission.EDIT_OWN_ENROLLMENT, rows, key=key)


@never_cache
@policy(Permission.EDIT_OWN_ENROLLMENT)
def mine(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """My profile, my absences, and the way out."""
    row = _fetch(request, cohort, key)
    form, asked = _forms(row, request.POST if request.method == "POST" else None)
    # Both are looked at, so that all mistakes are named at once.
    if form is not None and asked is not None and form.is_valid() & asked.is_valid():
        stored = Enrollment.objects.select_related("cohort").get(pk=row.pk)
        _save(stored, form, asked, me(request))
        return back_with(request, "mine", cohort, key, done=_("Saved."))
    return _page(request, row, form, asked, AbsenceForm())


def _forms(
    row: Enrollment, sent: QueryDict | None
) -> tuple[ProfileForm | None, AnswersForm | None]:
    """The profile and the cohort's questions, for those who mentor or are mentored."""
    if not (row.is_student or row.is_mentor):
        return None, None
    return ProfileForm(sent, instance=row, role=row.role), AnswersForm(
        sent,
        questions=questions.current(row.cohort),
        role=row.role,
        answers=answers.of(row),
    )


@transaction.atomic
def _save(row: Enrollment, form: ProfileForm, asked: AnswersForm, by: User) -> None:
    enrollments.change_profile(enrollment=row, by=by, **form.profile())
    answers.save(enrollment=row, answers=asked.answers(), by=by)


def _page(
    request: HttpRequest,
    row: Enrollment,
    form: ProfileForm | None,
    asked: AnswersForm | None,
    absence_form: AbsenceForm,
) -> HttpResponse:
    context = {
        "cohort": row.cohort,
        "row": row,
        "form": form,
        "questions": asked,
        "grid": form.grid() if form else [],
        "weekdays": WEEKDAYS,
        "must_stay": placing.must_stay(row),
        "may_opt_out": row.is_student and placing.mode(row.cohort) == placing.OPT_OUT,
        "absences": _absences(row),
        "absence_form": absence_form,
        "reasons": enrollments.LEFT_REASONS.items(),
    }
    status = max(status_of(one) for one in (form, asked, absence_form) if one is not None)
    return render(request, "programs/mine.html", context, status=status)


def _absences(row: Enrollment) -> list[tuple[Absence, list[ports.Appointment]]]:
    """Each absence, with what is arranged for its days."""
    absences = list(row.absences.all())
    if not absences:
        return []
    first, last = min(one.starts for one in absences), max(one.ends for one in absences)
    asked = ports.APPOINTMENTS.ask(row, first, last)
    arranged = [one for answer in asked for one in answer]
    return [
        (absence, [one for one in arranged if absence.starts <= one.day <= absence.ends])
        for absence in absences
    ]


@require_POST
@policy(Permission.EDIT_OWN_ENROLLMENT)
def absence(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Declare an absence."""
    row = _fetch(request, cohort, key)
    form = AbsenceForm(request.POST)
    if form.is_valid():
        try:
            made = absences.declare(enrollment=row, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            _warn_of(request, row, made)
            done = _("Noted. Nothing is expected of you on these days.")
            return back_with(request, "mine", cohort, key, done=done)
    return _page(request, row, *_forms(row, None), form)


def _warn_of(request: HttpRequest, row: Enrollment, absence: Absence) -> None:
    asked = ports.APPOINTMENTS.ask(row, absence.starts, absence.ends)
    arranged = sum(len(list(answer)) for answer in asked)
    if arranged:
        text = ngettext(
            "%(n)d meeting is arranged for these days and stays so: move or cancel it below.",
            "%(n)d meetings are arranged for these days and stay so: move or cancel them below.",
            arranged,
        )
        messages.warning(request, text % {"n": arranged})


@require_POST
@policy(Permission.EDIT_OWN_ENROLLMENT)
def absence_end(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Take a declared absence back."""
    row = _fetch(request, cohort, key)
    found = Absence.objects.filter(enrollment=row, key=request.POST.get("absence", "")).first()
    if found is None:
        gone = DomainError(_("That absence was taken back already."))
        return back_with(request, "mine", cohort, key, error=gone)
    try:
        absences.end(absence=found, by=me(request))
    except DomainError as error:
        return back_with(request, "mine", cohort, key, error=error)
    return back_with(request, "mine", cohort, key, done=_("The absence was taken back."))


@require_POST
@policy(Permission.EDIT_OWN_ENROLLMENT)
def leave(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Leave the cohort."""
    row = _fetch(request, cohort, key)
    try:
        placing.leave(enrollment=row, by=me(request), reason=request.POST.get("reason", ""))
    except DomainError as error:
        return back_with(request, "mine", cohort, key, error=error)
    return back_with(request, "cohorts", done=_("You have left. Thank you for having been there."))


@require_POST
@policy(Permission.EDIT_OWN_ENROLLMENT)
def ask(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Ask the coordinators to be let go, where one cannot leave by oneself; or no longer."""
    row = _fetch(request, cohort, key)
    try:
        if request.POST.get("ask") == "no":
            placing.stay_after_all(enrollment=row, by=me(request))
            done = _("Taken back: you stay.")
        else:
            placing.ask_to_leave(enrollment=row, by=me(request))
            done = _("The coordinators know now, and will talk to you. Until then you take part.")
    except DomainError as error:
        return back_with(request, "mine", cohort, key, error=error)
    return back_with(request, "mine", cohort, key, done=done)


@require_POST
@policy(Permission.EDIT_OWN_ENROLLMENT)
def respond(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Answer an invitation from the home, signed in."""
    row = _fetch(request, cohort, key)
    yes = request.POST.get("choice") == "yes"
    try:
        invitations.respond(enrollment=row, yes=yes, by=me(request))
    except DomainError as error:
        return back_with(request, "cohorts", error=error)
    if not yes:
        return back_with(request, "cohorts", done=_("Thank you for telling us."))
    done = _("Welcome! Tell us a little about yourself, so that the matching can be a good one.")
    return back_with(request, "mine", cohort, key, done=done)


PLACE_SORTS = {"since": ("since", "pk"), "cohort": ("cohort__name", "pk")}


@require_safe
@policy(SIGNED_IN)
def places(request: HttpRequest) -> HttpResponse:
    """Every place I have or had: as what, when, with whom, and what I earned."""
    mine = queries.places_of(me(request))
    found = listing(request, mine, sorts=PLACE_SORTS, default="-since", per_page=20)
    rows = place_rows(me(request), list(found.page.object_list))
    return render(request, "programs/places.html", {"listing": found, "rows": rows})
