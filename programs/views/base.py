"""What all pages of this floor share."""

from typing import Any, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.models import Cohort
from programs.services import questions


def me(request: HttpRequest) -> User:
    """The signed-in person."""
    return cast("User", request.user)


def fetch_cohort(request: HttpRequest, permission: Permission, key: str) -> Cohort:
    """The cohort of an address, if this person may."""
    return access.get_or_404(
        request.user, permission, Cohort.objects.select_related("program"), key=key
    )


def refuse(form: BaseForm, error: DomainError) -> None:
    """Say at the form what a service refused."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, str(error))


def status_of(form: BaseForm) -> int:
    """422 for a form that was sent and is wrong."""
    return 422 if form.is_bound and form.errors else 200


def back_with(
    request: HttpRequest, to: str, *args: Any, done: str = "", error: DomainError | None = None
) -> HttpResponse:
    """To a page, with what was done or why not."""
    return back_to(request, reverse(f"programs:{to}", args=args), done=done, error=error)


def back_to(
    request: HttpRequest, url: str, *, done: str = "", error: DomainError | None = None
) -> HttpResponse:
    """To an address, with what was done or why not."""
    if error is not None:
        messages.error(request, str(error))
    elif done:
        messages.success(request, done)
    return redirect(url)


def role_of(request: HttpRequest, cohort: Cohort) -> str:
    """The role that a page is about; the first of the program's where none is named."""
    offered = questions.offered(cohort)
    wanted = request.POST.get("role") or request.GET.get("role", "")
    return wanted if wanted in offered else offered[0]


def for_role(cohort: Cohort, name: str, role: str) -> str:
    """The address of a page about one role."""
    return reverse(f"programs:{name}", args=[cohort.key]) + f"?role={role}"


def roles_of(cohort: Cohort) -> list[tuple[str, str]]:
    """The roles that people apply for, to switch between their pages."""
    return [(role, str(Role(role).label)) for role in questions.offered(cohort)]
