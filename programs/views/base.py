"""What all pages of this floor share."""

from typing import Any, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort


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
    if error is not None:
        messages.error(request, str(error))
    elif done:
        messages.success(request, done)
    return redirect(f"programs:{to}", *args)
