"""A group by hand: its name, and who leads it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from matching.forms import LeaderForm, NameForm, ReasonForm
from matching.services import groups as services
from matching.views.common import actor, mentorship_for, refuse
from mentoring.access import Permission, policy
from mentoring.errors import DomainError


@require_POST
@policy(Permission.MANAGE_MENTORSHIP)
def rename(request: HttpRequest, key: str) -> HttpResponse:
    """Give a group another name."""
    found = mentorship_for(request, key)
    form = NameForm(request.POST)
    try:
        if form.is_valid():
            services.rename(mentorship=found, name=form.cleaned_data["name"], by=actor(request))
            messages.success(request, _("Renamed."))
        else:
            messages.error(request, _("The name is longer than 100 characters."))
    except DomainError as error:
        refuse(request, error)
    return redirect("matching:manage", key=key)


@require_http_methods(["GET", "POST"])
@policy(Permission.MANAGE_MENTORSHIP)
def add_leader(request: HttpRequest, key: str) -> HttpResponse:
    """Choose somebody who mentors beside those who do."""
    found = mentorship_for(request, key)
    form = LeaderForm(request.POST or None, mentorship=found)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                row = services.add_leader(
                    mentorship=found, leader=form.cleaned_data["leader"], by=actor(request)
                )
                text = _("%(name)s is in the group now. Everybody in it gets a mail.")
                messages.success(request, text % {"name": row.enrollment.person.full_name})
                return redirect("matching:manage", key=key)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    context = {"cohort": found.cohort, "mentorship": found, "form": form}
    return render(request, "matching/leader.html", context, status=status)


@require_POST
@policy(Permission.MANAGE_MENTORSHIP)
def end_leader(request: HttpRequest, key: str, leader: str) -> HttpResponse:
    """End one leader's part; the group goes on."""
    found = mentorship_for(request, key)
    seats = found.seats  # type: ignore[attr-defined]
    hers = [s for s in seats if s.enrollment.key == leader and s.is_mentor and not s.ended_at]
    form = ReasonForm(request.POST)
    if hers and form.is_valid():
        try:
            services.end_leader(
                mentorship=found,
                leader=hers[0].enrollment,
                reason=form.cleaned_data["reason"],
                by=actor(request),
            )
        except DomainError as error:
            refuse(request, error)
        else:
            text = _("%(name)s is not in the group any more. Everybody gets a kind mail.")
            messages.success(request, text % {"name": hers[0].person.full_name})
    else:
        messages.error(request, _("Choose a reason."))
    return redirect("matching:manage", key=key)
