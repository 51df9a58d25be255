"""The page behind links in mails, and the mailbox of the embedded default."""

from ipaddress import ip_address

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from mentoring import access, links
from mentoring.access import policy
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.outbox import mailbox

PER_PAGE = 30


# The token is the authority, and mail programs post one-click unsubscriptions without a cookie.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(access.PUBLIC)
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Say what a link in a mail does, and do it when a button is pressed."""
    try:
        link = links.read(token)
        user = User.objects.filter(is_active=True).get(pk=link.user_id)
        action = links.get(link.purpose)
    except links.ExpiredLinkError:
        return _dead(request, _("This link has expired. Sign in to do the same on the site."))
    except (links.InvalidLinkError, User.DoesNotExist, LookupError):
        return _dead(
            request, _("This link is not complete. Copy the whole line from the mail, or sign in.")
        )
    try:
        if request.method == "POST":
            said = action.act(
                user=user, subject=link.subject, choice=request.POST.get("choice", "")
            )
            return render(request, "outbox/link_done.html", {"said": said, "reader": user})
        prompt = action.prompt(user=user, subject=link.subject)
    except DomainError as error:
        return _dead(request, str(error))
    return render(request, "outbox/link.html", {"prompt": prompt, "reader": user})


def _dead(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "outbox/link_dead.html", {"problem": problem}, status=422)


@require_GET
@never_cache
@policy(access.PUBLIC)
def mail_list(request: HttpRequest) -> HttpResponseBase:
    """The mails of this installation: in the demo all of them, else one's own."""
    refused = _refuse(request)
    if refused:
        return refused
    query = request.GET.get("q", "").strip().casefold()
    found = mailbox.names()
    if query or not settings.DEMO:
        user = request.user
        own = "" if settings.DEMO or not isinstance(user, User) else user.email.casefold()
        found = [
            head.name
            for head in mailbox.heads()
            if query in head.words and (settings.DEMO or own in head.addresses)
        ]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = [mailbox.read(name) for name in page]
    return render(
        request,
        "outbox/mailbox.html",
        {"page": page, "letters": [letter for letter in shown if letter], "query": query},
    )


@require_GET
@never_cache
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@policy(access.PUBLIC)
def mail(request: HttpRequest, name: str) -> HttpResponseBase:
    """One mail, with its formatted body in a frame that may do nothing."""
    refused = _refuse(request)
    if refused:
        return refused
    return render(request, "outbox/mail.html", {"letter": _letter_or_404(request, name)})


@require_GET
@never_cache
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]
    {
        "default-src": ["'none'"],
        "script-src": ["'none'"],
        "connect-src": ["'none'"],
        "form-action": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
)
@policy(access.PUBLIC)
def mail_body(request: HttpRequest, name: str) -> HttpResponseBase:
    """The formatted body alone, for the frame."""
    refused = _refuse(request)
    if refused:
        return refused
    return HttpResponse(_letter_or_404(request, name).html)


@require_GET
@never_cache
@policy(access.PUBLIC)
def mail_attachment(request: HttpRequest, name: str, number: int) -> HttpResponseBase:
    """One attached file, always as a download."""
    refused = _refuse(request)
    if refused:
        return refused
    found = _letter_or_404(request, name).attachment(number)
    if found is None:
        raise Http404
    filename, content_type, content = found
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _refuse(request: HttpRequest) -> HttpResponseBase | None:
    """Nothing here in production or from another machine; a login outside the demo."""
    local = ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback  # noqa: S104
    if not settings.LOCAL_MAILBOX or not local or "HTTP_X_FORWARDED_FOR" in request.META:
        raise Http404
    if not settings.DEMO and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return None


def _readable(request: HttpRequest, name: str) -> mailbox.Letter | None:
    letter = mailbox.read(name)
    if letter is None or settings.DEMO:
        return letter
    user = request.user
    return letter if isinstance(user, User) and user.email in letter.addresses else None


def _letter_or_404(request: HttpRequest, name: str) -> mailbox.Letter:
    letter = _readable(request, name)
    if letter is None:
        raise Http404
    return letter
