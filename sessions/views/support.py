"""What the views of this floor share."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from mentoring.accounts.models import User
from mentoring.errors import DomainError

T = TypeVar("T")
UNPROCESSABLE = 422


def person(request: HttpRequest) -> User:
    """The signed-in person; only for views that need one."""
    return cast("User", request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; ``None`` for a page that is only looked at. An empty form was sent too."""
    return request.POST if request.method == "POST" else None


def attempt(
    request: HttpRequest,
    act: Callable[[], T],
    form: forms.BaseForm | None = None,
    *,
    passing: type[DomainError] | None = None,
) -> T | None:
    """Act; a refusal becomes an error of the form, or a message, and the result is ``None``.

    Refusals of the kind ``passing`` are left to the caller.
    """
    try:
        return act()
    except DomainError as refusal:
        if passing is not None and isinstance(refusal, passing):
            raise
        if form is None:
            messages.error(request, str(refusal))
        else:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
        return None


def page(
    request: HttpRequest, template: str, context: dict[str, Any], form: forms.BaseForm | None = None
) -> HttpResponse:
    """Render; a form with errors answers 422."""
    status = UNPROCESSABLE if form is not None and form.is_bound and form.errors else 200
    return render(request, f"sessions/{template}", context, status=status)
