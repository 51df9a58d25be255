"""The private calendar feed."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mentoring.access import PUBLIC, SIGNED_IN, policy
from sessions.models import CalendarFeed
from sessions.services import feeds
from sessions.views.support import attempt, page, person


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy(SIGNED_IN)
def manage(request: HttpRequest) -> HttpResponse:
    """Open a feed, renew it, take it back. Its address is shown once."""
    reader = person(request)
    address = ""
    if request.method == "POST" and request.POST.get("act") == "revoke":
        if attempt(request, partial(feeds.revoke, by=reader)):
            messages.success(request, _("The old address stops working at once."))
    elif request.method == "POST":
        token = feeds.open_feed(by=reader)
        address = settings.SITE_URL + reverse("sessions:feed", args=[token])
    live = CalendarFeed.objects.filter(person=reader, revoked_at=None).first()
    context = {
        "address": address,
        "webcal": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        "feed": live,
    }
    return page(request, "feed.html", context)


@require_safe
@never_cache
@policy(PUBLIC)
def feed(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001
    """The feed itself: whoever knows the address reads busy times, and nothing else."""
    reader = feeds.reader_of(token)
    if reader is None:
        raise Http404
    return HttpResponse(feeds.content(reader), content_type="text/calendar; charset=utf-8")
