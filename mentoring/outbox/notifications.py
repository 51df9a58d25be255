"""Muting a kind of mail by the link in it, or by the mail program's own button (RFC 8058)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring import links
from mentoring.accounts.models import Mute, User
from mentoring.errors import DomainError
from mentoring.outbox import kinds
from mentoring.outbox.kinds import Kind


def _mute_prompt(*, user: User, subject: str) -> links.Prompt:  # noqa: ARG001
    kind = _kind(subject)
    return links.Prompt(
        heading=_("No more mails like this?"),
        text=str(_("You will get no more mails of the kind “%(kind)s”.")) % {"kind": kind.title},
        buttons=[links.Button(_("Stop these mails"))],
    )


@links.action("outbox.mute", prompt=_mute_prompt)
def mute(*, user: User, subject: str, choice: str) -> str | Promise:  # noqa: ARG001
    """Mute that kind for that person; twice is the same as once."""
    kind = _kind(subject)
    Mute.objects.get_or_create(user=user, kind=kind.slug)
    return _("Done. You can allow these mails again in your preferences.")


def _kind(slug: str) -> Kind:
    try:
        return kinds.get(slug)
    except LookupError:
        raise DomainError(_("There are no mails of this kind any more.")) from None
