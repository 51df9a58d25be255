"""A mentorship's thread."""

from functools import partial

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from matching.models import Mentorship
from mentoring import access
from mentoring.access import Permission, policy
from sessions.circle import circle
from sessions.forms import MessageForm
from sessions.presenters import names_in
from sessions.services import messages as threads
from sessions.views.support import attempt, page, person


def _page(request: HttpRequest, mentorship: Mentorship, form: MessageForm) -> HttpResponse:
    reader, members = person(request), circle(mentorship)
    context = {
        "mentorship": mentorship,
        "entries": threads.thread(mentorship=mentorship, by=reader),
        "form": form,
        "writes": members.of(reader) is not None and mentorship.is_live,
        "names": names_in(mentorship, besides=reader),
    }
    return page(request, "thread.html", context, form)


@require_safe
@never_cache
@policy(Permission.READ_MESSAGES)
def read(request: HttpRequest, key: str) -> HttpResponse:
    """What was written while this person was a member."""
    rows = Mentorship.objects.select_related("cohort").prefetch_related("memberships__person")
    mentorship = access.get_or_404(request.user, Permission.READ_MESSAGES, rows, key=key)
    return _page(request, mentorship, MessageForm())


@require_POST
@never_cache
@policy(Permission.TAKE_PART)
def write(request: HttpRequest, key: str) -> HttpResponse:
    """Add a message."""
    rows = Mentorship.objects.select_related("cohort").prefetch_related("memberships__person")
    mentorship = access.get_or_404(request.user, Permission.TAKE_PART, rows, key=key)
    form = MessageForm(request.POST)
    if form.is_valid():
        act = partial(
            threads.write,
            mentorship=mentorship,
            text=form.cleaned_data["text"],
            by=person(request),
            key=form.cleaned_data["key"],
        )
        if attempt(request, act, form):
            notices.success(request, _("Sent."))
            return redirect("sessions:thread", key=key)
    return _page(request, mentorship, form)
