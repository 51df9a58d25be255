"""A message to the people behind a list: write, see who gets it, send."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation import audiences
from evaluation.audiences import Audience
from evaluation.forms import MessageForm
from evaluation.models import Broadcast
from evaluation.services import broadcasts
from evaluation.views.board import context
from evaluation.views.flags import _user
from mentoring import access
from mentoring.access import Permission
from mentoring.errors import DomainError
from mentoring.outbox.hours import with_night_note
from programs.models import Cohort

SENT_SHOWN = 5


@access.policy(Permission.WRITE_TO_MANY)
def write(request: HttpRequest, cohort: str) -> HttpResponse:
    """The address names the list, such as ``?to=pairs&met=no``; the form says which side."""
    rows = Cohort.objects.select_related("program")
    found = access.get_or_404(request.user, Permission.WRITE_TO_MANY, rows, key=cohort)
    form = MessageForm(request.POST or None, initial={"who": "everyone"})
    audience = audiences.read(found, request.GET)
    checked = request.method == "POST" and form.is_valid()
    if checked:
        audience = audiences.read(found, request.GET, form.cleaned_data["who"])
    try:
        if checked and "send" in request.POST:
            return _send(request, audience, form)
        people = list(audience.people)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("evaluation:board", found.key)
    page = context(
        found,
        form=form,
        audience=audience,
        people=people,
        names=get_text_list([person.full_name for person in people], _("and")),
        preview=form.cleaned_data if checked and people else None,
        sent=Broadcast.objects.filter(cohort=found).select_related("sent_by")[:SENT_SHOWN],
    )
    status = 422 if request.method == "POST" and not checked else 200
    return render(request, "evaluation/write.html", page, status=status)


def _send(request: HttpRequest, audience: Audience, form: MessageForm) -> HttpResponse:
    message = broadcasts.send(
        audience=audience,
        key=form.cleaned_data["key"],
        subject=form.cleaned_data["subject"],
        text=form.cleaned_data["text"],
        by=_user(request),
    )
    count = message.recipients
    done = ngettext(
        "On its way to %(count)d person.", "On its way to %(count)d people, each once.", count
    ) % {"count": count}
    messages.success(request, with_night_note(done, _user(request)))
    return redirect("evaluation:board", audience.cohort.key)
