"""Mails about agreements, and the button that signs. Words of the pair never stand in a mail."""

from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models import Mentorship
from mentoring import links, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import PARTICIPANT_ROLES
from mentoring.errors import DomainError
from mentoring.outbox import Mail, Notification, Suppress
from mentoring.rows import sole
from sessions import agreements
from sessions.agreement_terms import CONFIDENTIAL, lines, of
from sessions.circle import Circle, circle
from sessions.models import Agreement
from sessions.notifications import page
from sessions.services import agreements as services

SIGN_DAYS = 30


def _open(user: User | None, **lookup: object) -> tuple[Agreement, Circle]:
    """The version and those who are in its mentorship now, for one of them."""
    rows = Agreement.objects.select_related("mentorship", "proposed_by")
    row = sole(rows.filter(**lookup, mentorship__state__in=Mentorship.LIVE))
    if row is None:
        raise DomainError(_("This agreement does not exist any more."))
    members = circle(row.mentorship)
    members.need(user)
    return row, members


def _facts(row: Agreement, members: Circle, reader: User) -> dict[str, Any]:
    return {
        "by": row.proposed_by.full_name if row.proposed_by else "",
        "others": members.with_whom(reader),
        "page_url": page("agreement", row.mentorship.key),
    }


def _unsigned(note: Notification) -> tuple[Agreement, Circle, User] | Suppress:
    """What the reader has not signed yet."""
    reader = note.recipient
    try:
        row, members = _open(reader, pk=note.context["agreement"])
    except DomainError:
        return Suppress("no longer in this mentorship")
    if reader is None or row.closed_at is not None:
        return Suppress("overtaken by a newer version")
    if not agreements.standing(members).waits_for(reader):
        return Suppress("signed since")
    return row, members, reader


@outbox.kind(
    "agreement_proposed",
    title=gettext_lazy("An agreement waits for your signature"),
    to=PARTICIPANT_ROLES,
)
def agreement_proposed(note: Notification) -> Mail | Suppress:
    found = _unsigned(note)
    if isinstance(found, Suppress):
        return found
    row, members, reader = found
    url = links.make(purpose="agreement.sign", user=reader, subject=row.key, max_age=SIGN_DAYS)
    return Mail({**_facts(row, members, reader), "sign_url": url})


@outbox.kind(
    "agreement_signed", title=gettext_lazy("Your agreement is signed by all"), to=PARTICIPANT_ROLES
)
def agreement_signed(note: Notification) -> Mail | Suppress:
    reader = note.recipient
    try:
        row, members = _open(reader, pk=note.context["agreement"])
    except DomainError:
        return Suppress("no longer in this mentorship")
    now = agreements.standing(members).in_force
    if reader is None or now is None or now.pk != row.pk:
        return Suppress("changed since")
    return Mail(_facts(row, members, reader))


def _sign_prompt(*, user: User, subject: str) -> links.Prompt:
    row, members = _open(user, key=subject)
    if row.closed_at is not None:
        raise DomainError(services.CHANGED)
    said = [f"{line.label}: {line.text}" for line in lines(of(row, "")) if not line.private]
    said.append(str(CONFIDENTIAL))
    said.append(_("What you add in your own words stands on the page, after you have signed in."))
    return links.Prompt(
        heading=_("Your agreement with %(names)s") % {"names": members.with_whom(user)},
        text=format_html_join("", "{}<br>", ((line,) for line in said)),
        buttons=[links.Button(gettext_lazy("I agree and sign"))],
    )


@links.action("agreement.sign", prompt=_sign_prompt)
def sign(*, user: User, subject: str, choice: str) -> str | Promise:  # noqa: ARG001
    """Sign the version that the mail spoke of; pressing twice is the same as once."""
    row, members = _open(user, key=subject)
    services.sign(agreement=row, by=user)
    if agreements.standing(members).in_force is not None:
        return _("Signed. Everyone has signed now, and everyone is told.")
    return _("Signed. It holds as soon as the others have signed too.")
