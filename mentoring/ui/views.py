"""The home, the gallery, and the pages for when something is wrong."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from mentoring import clock
from mentoring.access import PUBLIC, SIGNED_IN, policy
from mentoring.accounts.models import User
from mentoring.ui import gallery as kit
from mentoring.ui.home import home_of

PART = "home_part"


@policy(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """What needs me now, in the part I play; a person with several parts can switch."""
    user = cast("User", request.user)
    shown = home_of(user, request.GET.get("as") or request.session.get(PART, ""))
    if request.GET.get("as") == shown.part != request.session.get(PART):
        request.session[PART] = shown.part
    context = {"home": shown, "greeting": _greeting(user)}
    response = render(request, "ui/home.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _greeting(user: User) -> str:
    hour = clock.now().astimezone(user.zone).hour
    if hour < 4 or hour >= 23:
        return "night"
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"


@policy(PUBLIC)
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the kit, in every state it has."""
    return render(request, "ui/gallery.html", kit.samples(request))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: what does not exist and what one may not see look the same."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form that came too late or from elsewhere."""
    return render(request, "403_csrf.html", status=403)
