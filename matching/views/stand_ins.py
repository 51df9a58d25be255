"""Who stands in for somebody who is away: from the absence, or from the mentorship."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from matching import reserve
from matching.forms import StandInForm
from matching.models import Membership, Mentorship, StandIn
from matching.names import with_whom
from matching.services import stand_ins as services
from matching.views.common import actor, mentorship_for, refuse
from mentoring import access, clock
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from programs.models import Absence

DAYS = timedelta(days=27)


@require_GET
@policy(Permission.MANAGE_MENTORSHIP)
def away(request: HttpRequest, cohort: str, absence: str) -> HttpResponse:
    """The mentorships of somebody who is away, and who is there in each."""
    rows = Absence.objects.select_related("enrollment__cohort__program", "enrollment__person")
    found = access.get_or_404(
        request.user,
        Permission.MANAGE_MENTORSHIP,
        rows,
        key=absence,
        enrollment__cohort__key=cohort,
    )
    seats = (
        Membership.objects.filter(
            enrollment=found.enrollment, ended_at=None, mentorship__state__in=Mentorship.LIVE
        )
        .select_related("mentorship")
        .prefetch_related(
            "mentorship__memberships__person", "mentorship__stand_ins__enrollment__person"
        )
    )
    context = {
        "cohort": found.enrollment.cohort,
        "absence": found,
        "rows": [_row(seat, found) for seat in seats],
    }
    return render(request, "matching/away.html", context)


def _row(seat: Membership, absence: Absence) -> dict[str, Any]:
    group = seat.mentorship
    live = [other for other in group.memberships.all() if other.ended_at is None]
    students = [other.person for other in live if not other.is_mentor]
    beside = [o.person for o in live if o.is_mentor and o.pk != seat.pk and o.ends_at is None]
    there = [
        one
        for one in group.stand_ins.all()
        if one.state in StandIn.STANDING
        and one.starts <= absence.ends
        and one.ends >= absence.starts
    ]
    return {
        "group": group,
        "names": with_whom(students, group=group.name),
        "beside": with_whom(beside),
        "stand_ins": there,
    }


@require_http_methods(["GET", "POST"])
@policy(Permission.MANAGE_MENTORSHIP)
def stand_in(request: HttpRequest, key: str) -> HttpResponse:
    """Choose somebody from the reserve, or with a place left, for some days."""
    found = mentorship_for(request, key)
    absence = _absence(request, found)
    today = clock.today(found.cohort.zone)
    initial = {
        "starts": max(absence.starts, today) if absence else today,
        "ends": absence.ends if absence else today + DAYS,
        "absent": absence.enrollment.key if absence else "",
    }
    form = StandInForm(request.POST or None, mentorship=found, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                made = services.arrange(
                    mentorship=found, absence=absence, by=actor(request), **form.cleaned_data
                )
                text = _("%(name)s stands in. Everybody concerned gets a mail.")
                messages.success(request, text % {"name": made.enrollment.person.full_name})
                return redirect("matching:manage", key=key)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    starts, ends = form.days(initial)
    context = {
        "cohort": found.cohort,
        "mentorship": found,
        "form": form,
        "absence": absence,
        "bank": reserve.bank(found, starts, ends),
        "chosen": request.POST.get("enrollment", ""),
    }
    return render(request, "matching/stand_in.html", context, status=status)


def _absence(request: HttpRequest, mentorship: Mentorship) -> Absence | None:
    key = request.GET.get("absence", "")
    if not key:
        return None
    rows = Absence.objects.filter(key=key, enrollment__memberships__mentorship=mentorship)
    found = rows.select_related("enrollment__person").first()
    if found is None:
        raise Http404
    return found


@require_POST
@policy(Permission.MANAGE_MENTORSHIP)
def end(request: HttpRequest, key: str, stand_in: str) -> HttpResponse:
    """End a stand-in now, or take one back that is planned."""
    found = mentorship_for(request, key)
    one = found.stand_ins.filter(key=stand_in).first()
    try:
        if one is None:
            raise DomainError(_("This is over already."))  # noqa: TRY301
        services.end(stand_in=one, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, _("Ended. Everybody concerned gets a mail."))
    return redirect("matching:manage", key=key)
