"""People who come by themselves."""

from typing import Any

from allauth.core import ratelimit
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from mentoring import access
from mentoring.access import PUBLIC, policy
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.forms.people import AddressForm, ApplicationRoleForm, NewAccountForm, ProfileForm
from programs.forms.questions import AnswersForm
from programs.models import Cohort, Enrollment
from programs.presenters import documents
from programs.presenters.people import WEEKDAYS
from programs.services import answers, applications, public, questions
from programs.views.base import back_with, refuse, status_of
from programs.views.invitations import BACKEND


def _open_cohort(key: str) -> Cohort:
    cohort = (
        Cohort.objects.select_related("program").filter(key=key, applications_open=True).first()
    )
    if cohort is None:
        raise access.NotAllowedError
    return cohort


def _about(cohort: Cohort) -> dict[str, Any]:
    return {
        "cohort_row": cohort,
        "program": cohort.program,
        "spec": cohort.planned_spec,
        "size": documents.size_words(cohort.planned_spec),
        "rhythm": documents.rhythm_words(cohort.planned_spec),
        "edition": cohort.planned,
        "about_is_public": public.is_published(cohort),
    }


@never_cache
@policy(PUBLIC)
def apply(request: HttpRequest, cohort: str) -> HttpResponse:
    """Apply: signed in, the form; else first the address."""
    row = _open_cohort(cohort)
    if isinstance(request.user, User):
        return _form(request, row, request.user)
    form = AddressForm(request.POST or None)
    context = _about(row) | {"form": form, "sent": False}
    if request.method == "POST" and not ratelimit.consume(request, action="application"):
        form.add_error(None, _("Too many requests from here. Try again in an hour."))
    elif request.method == "POST" and form.is_valid():
        applications.send_link(cohort=row, email=form.cleaned_data["email"])
        context |= {"sent": True, "email": form.cleaned_data["email"]}
    return render(request, "programs/apply_start.html", context, status=status_of(form))


def _form(request: HttpRequest, cohort: Cohort, person: User) -> HttpResponse:
    roles = applications.offered_roles(cohort)
    if not roles:
        raise access.NotAllowedError
    wanted = request.POST.get("role") or request.GET.get("role") or roles[0].value
    role = wanted if wanted in roles else roles[0].value
    known = Enrollment.objects.filter(cohort=cohort, person=person, role=role).first()
    if known is not None and known.state not in ("invited", "declined", "withdrawn"):
        return redirect("programs:cohort", cohort.key)
    sent = request.POST if request.method == "POST" else None
    role_form = ApplicationRoleForm(sent, roles=roles, initial={"role": role})
    capacity = cohort.planned_spec.capacity(role).default
    place = known or Enrollment(cohort=cohort, person=person, role=role, capacity=capacity)
    form = ProfileForm(sent, instance=place, role=role)
    asked = AnswersForm(
        sent,
        questions=questions.current(cohort),
        role=role,
        answers=answers.of(known) if known else None,
    )
    # All are looked at, so that all mistakes are named at once.
    if sent is not None and form.is_valid() & role_form.is_valid() & asked.is_valid():
        profile = form.profile() | ({"capacity": 0} if role == "student" else {})
        try:
            applications.apply(
                cohort=cohort, role=role, by=person, answers=asked.answers(), **profile
            )
        except DomainError as error:
            refuse(form, error)
        else:
            done = _("Thank you. You will get a mail when your application is decided.")
            return back_with(request, "cohort", cohort.key, done=done)
    context = _about(cohort) | {
        "form": form,
        "role_form": role_form,
        "questions": asked,
        "role": role,
        "grid": form.grid(),
        # A week of cells is long on a phone, and can be marked once one is in.
        "fold_hours": True,
        "weekdays": WEEKDAYS,
    }
    status = max(status_of(form), status_of(asked))
    return render(request, "programs/apply.html", context, status=status)


@never_cache
@sensitive_post_parameters("password")
@policy(PUBLIC)
def confirm(request: HttpRequest, cohort: str, token: str) -> HttpResponse:
    """The link of the mail: a new person chooses a password, an existing one logs in."""
    row = _open_cohort(cohort)
    try:
        email = applications.read_token(cohort=row, token=token)
    except DomainError as error:
        return render(request, "programs/invitation_dead.html", {"why": str(error)}, status=410)
    person = User.objects.filter(email=email).first()
    if request.user.is_authenticated:
        return redirect("programs:apply", row.key)
    if person is not None and person.has_usable_password():
        return redirect_to_login(reverse("programs:apply", args=[row.key]))
    initial = {"given_name": person.given_name, "family_name": person.family_name} if person else {}
    form = NewAccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            user = applications.confirm(cohort=row, email=email, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            login(request, user, backend=BACKEND)
            return redirect("programs:apply", row.key)
    context = _about(row) | {"form": form, "email": email}
    return render(request, "programs/apply_confirm.html", context, status=status_of(form))
