"""Puts each request into its reader's language and time zone, and asks for one consent."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentoring.accounts.models import User


class SignInMiddleware(LoginRequiredMiddleware):
    """Asks for a sign-in; who sent a form after hers had ended hears that it did not arrive."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """To the sign-in, and from there back to where she was."""
        if request.method == "POST":
            messages.warning(
                request,
                _(
                    "You had been signed out, so what you sent did not arrive. Please sign in, and "
                    "send it again."
                ),
            )
        return super().handle_no_permission(request, view_func)


class PersonMiddleware:
    """Activate the signed-in person's time zone, and language where she chose one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if user.language in dict(settings.LANGUAGES):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(user.zone):
            return self.get_response(request)


class PrivacyNoticeMiddleware:
    """Until a person has read the current privacy notice, she gets that page and no other.

    What needs no login stays open: help, sign-out, the links of mails.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: object,  # noqa: ARG002
        kwargs: object,  # noqa: ARG002
    ) -> HttpResponse | None:
        """Send her to the notice, and back to where she wanted to go."""
        user = request.user
        if not isinstance(user, User) or user.privacy_version >= settings.PRIVACY_NOTICE_VERSION:
            return None
        if not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        if match is not None and match.view_name == "account_logout":
            return None
        wanted = request.get_full_path() if request.method == "GET" else ""
        address = reverse("accounts:privacy") + (
            f"?{urlencode({'next': wanted})}" if wanted else ""
        )
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)
