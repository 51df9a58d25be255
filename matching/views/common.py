"""What the views of matching share."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest

from matching import queries
from matching.models import MatchRun, Mentorship
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment


def cohort_for(request: HttpRequest, permission: Permission, key: str) -> Cohort:
    """The cohort of the address, if the reader has the right on it."""
    rows = Cohort.objects.select_related("program")
    return access.get_or_404(request.user, permission, rows, key=key)


def mentorship_for(request: HttpRequest, key: str) -> Mentorship:
    """The mentorship of the address, with everyone who is or was in it as ``seats``."""
    rows = Mentorship.objects.select_related("cohort", "replaced_by").prefetch_related(
        queries.all_members()
    )
    return access.get_or_404(request.user, Permission.MANAGE_MENTORSHIP, rows, key=key)


def place_for(request: HttpRequest, permission: Permission, cohort: str, place: str) -> Enrollment:
    """The place of the address, if the reader has the right on it."""
    rows = Enrollment.objects.select_related("cohort__program", "person").filter(cohort__key=cohort)
    return access.get_or_404(request.user, permission, rows, key=place)


def run_for(request: HttpRequest, cohort: str, run: str) -> MatchRun:
    """The run of the address, without what went into it."""
    rows = MatchRun.objects.select_related("cohort__program", "created_by").defer("inputs")
    return access.get_or_404(
        request.user, Permission.RUN_MATCHING, rows, key=run, cohort__key=cohort
    )


def actor(request: HttpRequest) -> User:
    """The person who acts; the gate has let her in."""
    return cast("User", request.user)


def refuse(request: HttpRequest, error: DomainError) -> None:
    """Say why an act was refused."""
    messages.error(request, str(error))
