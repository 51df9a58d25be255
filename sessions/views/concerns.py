"""“Something is wrong”."""

from datetime import datetime
from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.models import Mentorship
from mentoring import access, clock, outbox
from mentoring.access import SIGNED_IN, Permission, policy
from mentoring.accounts.visibility import INSIDE, Content, Sight, Viewer, sight
from mentoring.outbox.delivery.quiet import quiet_until
from mentoring.ui.lists import listing
from programs.models import Cohort
from sessions.forms import ConcernForm
from sessions.models import Concern
from sessions.services import concerns
from sessions.views.support import attempt, page, person, posted

_ROWS = Concern.objects.select_related("cohort", "raised_by", "recipient", "mentorship")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy(Permission.VIEW_COHORT)
def raise_(request: HttpRequest, cohort: str) -> HttpResponse:
    """Tell one named person."""
    place = access.get_or_404(
        request.user, Permission.VIEW_COHORT, Cohort.objects.all(), key=cohort
    )
    reader = person(request)
    recipients = concerns.recipients(place, besides=reader)
    form = ConcernForm(posted(request), recipients=recipients)
    if form.is_valid():
        data = form.cleaned_data
        act = partial(
            concerns.raise_concern,
            cohort=place,
            recipient=data["recipient"].person,
            text=data["text"],
            urgent=data["urgent"],
            by=reader,
            mentorship=_about(request, place),
        )
        concern = attempt(request, act, form)
        if concern is not None:
            name = concern.recipient.full_name
            messages.success(
                request, _("Sent to %(name)s, who alone can read it.") % {"name": name}
            )
            return redirect("sessions:concern", key=concern.key)
    context = {
        "cohort": place,
        "form": form,
        "recipients": list(recipients),
        "others_see": _others_see(place),
        "earlier": Concern.objects.filter(raised_by=reader).exists(),
    }
    return page(request, "raise_concern.html", context, form)


def _others_see(cohort: Cohort) -> list[tuple[str, str]]:
    """What the table of who sees what lets others than author and recipient know of a concern."""
    seen = [
        (viewer, sight(Content.CONCERN, viewer, cohort.level))
        for viewer in Viewer
        if viewer not in INSIDE
    ]
    return [(str(who.label), str(what.label)) for who, what in seen if what is not Sight.NOTHING]


def _about(request: HttpRequest, cohort: Cohort) -> Mentorship | None:
    """The mentorship the form was opened from, if the reporter is in it."""
    return Mentorship.objects.filter(
        cohort=cohort, key=request.GET.get("about", ""), memberships__person=person(request)
    ).first()


@require_safe
@policy(SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    """Those sent to this person, and by her."""
    reader = person(request)
    rows = _ROWS.filter(Q(raised_by=reader) | Q(recipient=reader))
    found = listing(request, rows, sorts={"when": "created_at"}, default="-when")
    return page(request, "concerns.html", {"listing": found})


@require_safe
@never_cache
@policy(Permission.READ_CONCERN)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """The concern, for its author and its recipient."""
    concern = access.get_or_404(request.user, Permission.READ_CONCERN, _ROWS, key=key)
    reader = person(request)
    context = {
        "concern": concern,
        "text": concerns.read(concern=concern, by=reader),
        "is_recipient": concern.recipient_id == reader.pk,
        **_told(concern),
    }
    return page(request, "concern.html", context)


def _told(concern: Concern) -> dict[str, datetime | None]:
    """When the recipient got the mail, or is going to get it."""
    letters = outbox.Notification.objects.filter(
        about=f"concern:{concern.pk}", recipient=concern.recipient
    )
    sent = letters.filter(state="sent").order_by("settled_at").first()
    if sent is not None:
        return {"told_at": sent.settled_at, "tells_at": None}
    to = concern.recipient
    ends = quiet_until(now=clock.now(), zone=to.zone, start=to.quiet_from, end=to.quiet_until)
    return {"told_at": None, "tells_at": None if concern.urgent else ends}


@require_POST
@policy(Permission.READ_CONCERN)
def acknowledge(request: HttpRequest, key: str) -> HttpResponse:
    """I have it in hand."""
    concern = access.get_or_404(request.user, Permission.READ_CONCERN, _ROWS, key=key)
    if attempt(request, partial(concerns.acknowledge, concern=concern, by=person(request))):
        messages.success(request, _("They are told that you have read it."))
    return redirect("sessions:concern", key=key)


@require_POST
@policy(Permission.READ_CONCERN)
def close(request: HttpRequest, key: str) -> HttpResponse:
    """What there was to do is done."""
    concern = access.get_or_404(request.user, Permission.READ_CONCERN, _ROWS, key=key)
    if attempt(request, partial(concerns.close, concern=concern, by=person(request))):
        messages.success(request, _("Closed."))
    return redirect("sessions:concern", key=key)
