"""The coordinator's exception: active before the training that comes first."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.access import Permission, policy
from programs.models import Enrollment
from sessions.services import waivers as services
from sessions.views.support import attempt, person
from sessions.views.training_staff import cohort_or_404


def _row(request: HttpRequest, cohort: str, key: str) -> Enrollment:
    place = cohort_or_404(request, cohort)
    return get_object_or_404(place.enrollments.select_related("person"), key=key)


@require_POST
@policy(Permission.MANAGE_TRAINING)
def waive(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Let her be active all the same, with a reason."""
    row = _row(request, cohort, key)
    reason = request.POST.get("reason", "")
    act = partial(services.give, enrollment=row, reason=reason, by=person(request))
    if attempt(request, act):
        row.refresh_from_db()
        if row.state == Enrollment.State.ACTIVE:
            text = _("%(name)s is active now.")
        else:
            text = _("%(name)s can be active without it. You can take that back at any time.")
        messages.success(request, text % {"name": row.person.full_name})
    return redirect("programs:person", cohort=cohort, key=key)


@require_POST
@policy(Permission.MANAGE_TRAINING)
def withdraw(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Ask for it again."""
    row = _row(request, cohort, key)

    def act() -> bool:
        services.withdraw(enrollment=row, by=person(request))
        return True

    if attempt(request, act):
        messages.success(request, _("Taken back: the training is asked for again."))
    return redirect("programs:person", cohort=cohort, key=key)
