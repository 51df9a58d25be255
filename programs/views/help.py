"""Whom to turn to; works without login."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mentoring.access import PUBLIC, policy
from mentoring.accounts.models import User
from programs import queries
from programs.presenters import helping as presenters


@require_safe
@policy(PUBLIC)
def page(request: HttpRequest) -> HttpResponse:
    """Emergency numbers and people: of my cohorts, or of all when nobody is signed in."""
    person = request.user if isinstance(request.user, User) else None
    groups = presenters.groups(queries.help_directory(person))
    return render(request, "programs/help.html", {"groups": groups})
