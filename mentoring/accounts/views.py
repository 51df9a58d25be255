"""Pages about one's own account."""

from typing import cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring import clock, ports
from mentoring.access import PUBLIC, SIGNED_IN, policy
from mentoring.accounts import presenters, services
from mentoring.accounts.forms import ErasureForm, PreferencesForm
from mentoring.accounts.models import User
from mentoring.errors import DomainError


@policy(SIGNED_IN)
def preferences(request: HttpRequest) -> HttpResponse:
    """How I read, and how I am written to."""
    user = cast("User", request.user)
    form = PreferencesForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        wanted = {k: v for k, v in form.cleaned_data.items() if k != "wanted"}
        services.save_preferences(by=user, **wanted, muted=form.muted)
        messages.success(request, _("Your preferences are saved."))
        return redirect("accounts:preferences")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/preferences.html", {"form": form}, status=status)


@policy(SIGNED_IN)
def security(request: HttpRequest) -> HttpResponse:
    """How I sign in."""
    user = cast("User", request.user)
    kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    context = {
        "two_step": Authenticator.Type.TOTP in set(kinds),
        "has_password": user.has_usable_password(),
    }
    return render(request, "accounts/security.html", context)


@policy(PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice; whoever is signed in accepts it here, once per version."""
    user = request.user
    version = settings.PRIVACY_NOTICE_VERSION
    due = isinstance(user, User) and user.privacy_version < version
    if request.method == "POST" and isinstance(user, User):
        services.accept_privacy(by=user, version=version)
        return redirect(_next(request))
    context = {"due": due, "next": request.GET.get("next", ""), "version": version}
    return render(request, "accounts/privacy.html", context)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else settings.LOGIN_REDIRECT_URL


@policy(PUBLIC)
def who_sees_what(request: HttpRequest) -> HttpResponse:
    """The tables of visibility and permissions, as they stand in code."""
    user = request.user
    asked = ports.CONFIDENTIALITY.ask(user) if isinstance(user, User) else []
    own = {level for answer in asked for level in answer}
    return render(
        request,
        "accounts/who_sees_what.html",
        {
            "levels": presenters.visibility(own),
            "knows_own": bool(own),
            "permissions": presenters.permissions(),
        },
    )


@policy(SIGNED_IN)
def own_data(request: HttpRequest) -> HttpResponse:
    """What is kept about me: take it along, or have it erased."""
    return render(request, "accounts/own_data.html", {"form": ErasureForm()})


@require_POST
@policy(SIGNED_IN)
def export(request: HttpRequest) -> HttpResponse:
    """Everything kept about me, as a zip of JSON files."""
    sections = services.export(by=cast("User", request.user))
    response = HttpResponse(presenters.archive(sections), content_type="application/zip")
    day = clock.today(cast("User", request.user).zone).isoformat()
    response["Content-Disposition"] = f'attachment; filename="my-data-{day}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@policy(SIGNED_IN)
def erase(request: HttpRequest) -> HttpResponse:
    """Erase me, and sign me out."""
    form = ErasureForm(request.POST)
    if form.is_valid():
        try:
            services.erase(by=cast("User", request.user), typed_email=form.cleaned_data["email"])
        except DomainError as error:
            form.add_error(error.field, str(error))
        else:
            logout(request)
            messages.success(request, _("Your data is erased. Thank you for having been here."))
            return redirect("account_login")
    return render(request, "accounts/own_data.html", {"form": form}, status=422)
