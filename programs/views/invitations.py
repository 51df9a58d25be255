"""The page an invitation leads to. Looking at it changes nothing and signs nobody in."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from mentoring import access
from mentoring.access import PUBLIC, policy
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs import queries_policies
from programs.forms.people import NewAccountForm
from programs.models import Invitation
from programs.presenters import documents
from programs.services import invitations, placing
from programs.views.base import back_with, me, refuse, status_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@sensitive_post_parameters("password")
@policy(PUBLIC)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """See an invitation, and say yes or no by a button."""
    try:
        row = invitations.find(token)
    except DomainError as error:
        return render(request, "programs/invitation_dead.html", {"why": str(error)}, status=410)
    if row.enrollment.person.has_usable_password():
        return _known(request, row)
    return _new(request, row)


def _context(row: Invitation) -> dict[str, object]:
    cohort = row.enrollment.cohort
    return {
        "invitation": row,
        "enrollment": row.enrollment,
        "cohort_name": cohort.name,
        "program": cohort.program,
        "size": documents.size_words(cohort.planned_spec),
        "rhythm": documents.rhythm_words(cohort.planned_spec),
        "edition": cohort.planned,
        # Who takes part already is told, not asked; and finds the way out, if there is one.
        "placed": row.enrollment.is_present,
        "required": queries_policies.required_texts(row.enrollment),
        "must_stay": placing.must_stay(row.enrollment),
    }


def _known(request: HttpRequest, row: Invitation) -> HttpResponse:
    person = row.enrollment.person
    right = isinstance(request.user, User) and request.user.pk == person.pk
    if request.method == "POST":
        if not right:
            raise access.NotAllowedError
        return _answered(request, row)
    context = _context(row) | {"right_person": right, "email": person.email}
    return render(request, "programs/invitation.html", context)


def _answered(request: HttpRequest, row: Invitation) -> HttpResponse:
    try:
        if request.POST.get("choice") == "no":
            invitations.decline(invitation=row, by=me(request))
            return render(request, "programs/invitation_declined.html", _context(row))
        invitations.accept(invitation=row, by=me(request))
    except DomainError as error:
        return render(request, "programs/invitation_dead.html", {"why": str(error)}, status=410)
    return _welcome(request, row)


def _welcome(request: HttpRequest, row: Invitation) -> HttpResponse:
    enrollment = row.enrollment
    done = _("Welcome! Tell us a little about yourself, so that the matching can be a good one.")
    if enrollment.is_student or enrollment.is_mentor:
        return back_with(request, "mine", enrollment.cohort.key, enrollment.key, done=done)
    return back_with(request, "cohort", enrollment.cohort.key, done=_("Welcome!"))


def _new(request: HttpRequest, row: Invitation) -> HttpResponse:
    person = row.enrollment.person
    if request.method == "POST" and request.POST.get("choice") == "no":
        try:
            invitations.decline(invitation=row, by=person)
        except DomainError as error:
            return render(request, "programs/invitation_dead.html", {"why": str(error)}, status=410)
        return render(request, "programs/invitation_declined.html", _context(row))
    initial = {"given_name": person.given_name, "family_name": person.family_name}
    form = NewAccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept_as_new(invitation=row, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            person.refresh_from_db()
            login(request, person, backend=BACKEND)
            return _welcome(request, row)
    context = _context(row) | {"form": form, "email": person.email, "is_new": True}
    return render(request, "programs/invitation.html", context, status=status_of(form))
