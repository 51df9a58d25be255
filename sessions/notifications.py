"""The mails of this floor. Each is written when it is sent, from the facts of that moment.

Those about meetings stand in ``meeting_mails``, those about agreements in ``agreement_mails``.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import Membership
from mentoring import outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import PARTICIPANT_ROLES
from mentoring.outbox import Mail, Notification, Suppress
from mentoring.rows import sole
from sessions.models import Certificate, ChangeRequest, Concern, ThreadRead
from sessions.services import messages


def page(name: str, *args: object) -> str:
    """The absolute address of one of our pages."""
    return settings.SITE_URL + reverse(f"sessions:{name}", args=args)


def reader_of(note: Notification) -> User:
    if note.recipient is None:
        raise ValueError("mails of this floor go to people with an account")
    return note.recipient


@outbox.kind("new_message", title=_("New message"), to=PARTICIPANT_ROLES)
def new_message(note: Notification) -> Mail | Suppress:
    reader, pk = reader_of(note), note.context["mentorship"]
    hers = Membership.objects.filter(mentorship=pk, person=reader, ended_at=None)
    place = sole(hers.select_related("mentorship"))
    if place is None:
        return Suppress("not a member any more")
    mentorship = place.mentorship
    rows = messages.visible(mentorship, reader).select_related("author")
    first = sole(rows.filter(pk=note.context["message"]))
    seen = sole(ThreadRead.objects.filter(mentorship=pk, person=reader))
    if first is None or (seen and seen.read_at >= first.sent_at):
        return Suppress("read since")
    author = first.author.full_name if first.author else ""
    return Mail({"by": author, "page_url": page("mentorship", mentorship.key) + "#thread"})


@outbox.kind("concern_urgent", title=_("Urgent concern"), mutable=False, urgent=True)
def concern_urgent(note: Notification) -> Mail | Suppress:
    return _concern(note)


@outbox.kind("concern_raised", title=_("Concern"), mutable=False)
def concern_raised(note: Notification) -> Mail | Suppress:
    return _concern(note)


@outbox.kind("concern_acknowledged", title=_("Your concern was read"), mutable=False)
def concern_acknowledged(note: Notification) -> Mail | Suppress:
    return _concern(note)


def _concern(note: Notification) -> Mail | Suppress:
    rows = Concern.objects.select_related("recipient", "raised_by", "cohort")
    concern = rows.filter(pk=note.context["concern"]).first()
    if concern is None:
        return Suppress("the concern is gone")
    return Mail({"concern": concern, "page_url": page("concern", concern.key)})


@outbox.kind("change_requested", title=_("Wish for another mentor"), mutable=False)
def change_requested(note: Notification) -> Mail | Suppress:
    request = _request(note)
    if request is None or request.state != ChangeRequest.State.OPEN:
        return Suppress("settled since")
    return Mail({"request": request, "page_url": page("change_request", request.key)})


@outbox.kind("change_decided", title=_("Answer to your wish for another mentor"), mutable=False)
def change_decided(note: Notification) -> Mail | Suppress:
    request = _request(note)
    if request is None:
        return Suppress("the wish is gone")
    return Mail({"request": request, "page_url": page("mentorship", request.mentorship.key)})


def _request(note: Notification) -> ChangeRequest | None:
    rows = ChangeRequest.objects.select_related("person", "mentorship__cohort")
    return rows.filter(pk=note.context["request"]).first()


@outbox.kind("certificate_issued", title=_("A certificate was issued for you"))
def certificate_issued(note: Notification) -> Mail | Suppress:
    rows = Certificate.objects.select_related("enrollment__cohort")
    row = sole(rows.filter(pk=note.context["certificate"]))
    if row is None or not row.is_current:
        return Suppress("it holds no longer")
    return Mail(
        {
            "cohort": row.enrollment.cohort,
            "what": row.get_kind_display(),
            "replaces": note.context["replaces"],
            "page_url": page("certificate_files", row.code),
        }
    )
