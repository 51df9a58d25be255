"""The agreement of a mentorship: read, propose, sign."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.models import Mentorship
from mentoring import access
from mentoring.access import Permission, policy
from mentoring.ui.lists import listing
from sessions import agreement_terms, agreements
from sessions.agreement_presenters import version, versions
from sessions.circle import circle
from sessions.forms_agreement import AgreementForm
from sessions.services import agreements as services
from sessions.views.support import attempt, page, person, posted

_VERSIONS = 10


def _open(request: HttpRequest, permission: Permission, key: str) -> Mentorship:
    rows = Mentorship.objects.select_related("cohort")
    return access.get_or_404(request.user, permission, rows, key=key)


@require_safe
@never_cache
@policy(Permission.READ_AGREEMENT)
def read(request: HttpRequest, key: str) -> HttpResponse:
    """What stands, what is proposed, and every version of her time with what it changed."""
    mentorship = _open(request, Permission.READ_AGREEMENT, key)
    reader, members = person(request), circle(mentorship)
    now = agreements.standing(members)
    found = listing(
        request,
        agreements.history(mentorship, reader),
        sorts={"number": "number"},
        default="-number",
        per_page=_VERSIONS,
    )
    shown = versions(list(found.page), reader)
    takes_part = members.of(reader) is not None and mentorship.is_live
    context: dict[str, Any] = {
        "mentorship": mentorship,
        "listing": found,
        "versions": shown,
        "standing": now,
        "takes_part": takes_part,
        "others": members.with_whom(reader),
        "promise": agreement_terms.CONFIDENTIAL,
    }
    if takes_part:
        mine = agreements.history(mentorship, reader)
        context |= {
            "pending": version(now.pending, now.in_force, mine) if now.pending else None,
            "in_force": version(now.in_force, None, mine) if now.in_force else None,
            "waits_for_me": now.waits_for(reader),
            "waits_for": ", ".join(
                one.person.full_name for one in now.missing if one.person_id != reader.pk
            ),
            "can_withdraw": now.pending is not None
            and now.pending.proposed_by_id == reader.pk
            and len(now.missing) == len(members.members) - 1,
        }
    return page(request, "agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy(Permission.TAKE_PART)
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """A first version from the program's suggestions, or a changed one from what stands."""
    mentorship = _open(request, Permission.TAKE_PART, key)
    reader, members = person(request), circle(mentorship)
    now = agreements.standing(members)
    start = (
        services.read(now.current)
        if now.current
        else agreement_terms.suggested(mentorship.cohort.spec)
    )
    form = AgreementForm(posted(request), initial=AgreementForm.starting(start))
    if form.is_valid():
        act = partial(services.propose, mentorship=mentorship, terms=form.terms(), by=reader)
        if attempt(request, act, form):
            text = _("You have signed, and %(names)s can read and sign now.")
            names = members.with_whom(reader)
            messages.success(request, text % {"names": names})
            return redirect("sessions:agreement", key=key)
    context = {"mentorship": mentorship, "form": form, "standing": now}
    return page(request, "agreement_propose.html", context, form)


@require_POST
@never_cache
@policy(Permission.TAKE_PART)
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """Sign the version that was read."""
    mentorship = _open(request, Permission.TAKE_PART, key)
    row = mentorship.agreements.filter(key=request.POST.get("version", "")).first()
    if row is None:
        messages.error(request, str(services.CHANGED))
    elif attempt(request, partial(services.sign, agreement=row, by=person(request))):
        messages.success(request, _("Signed."))
    if request.POST.get("next") == "home":
        return redirect("home")
    return redirect("sessions:agreement", key=key)


@require_POST
@never_cache
@policy(Permission.TAKE_PART)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's own proposal back."""
    mentorship = _open(request, Permission.TAKE_PART, key)
    row = mentorship.agreements.filter(key=request.POST.get("version", "")).first()
    if row and attempt(request, partial(services.withdraw, agreement=row, by=person(request))):
        messages.success(request, _("Taken back."))
    return redirect("sessions:agreement", key=key)
