"""Signed links in mails: for one purpose and one person, and not for ever.

Opening a link changes nothing and signs nobody in: the page says what will happen and has the
buttons that do it. The token is the authority, so whoever holds the mail may press the button.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring import clock

if TYPE_CHECKING:
    from mentoring.accounts.models import User

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Button:
    """One choice on the page; ``value`` is what the action is told."""

    label: Text
    value: str = ""
    style: str = "primary"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the page of a link says before anything happens."""

    heading: Text
    text: Text
    buttons: list[Button] = field(default_factory=lambda: [Button(_("Yes, do that"))])


class Act(Protocol):
    """Does what the link is for and says so in a sentence; may raise ``DomainError``."""

    def __call__(self, *, user: "User", subject: str, choice: str) -> Text: ...


class Ask(Protocol):
    """What the page says, read from the facts of this moment; may raise ``DomainError``."""

    def __call__(self, *, user: "User", subject: str) -> Prompt: ...


@dataclass(frozen=True, slots=True)
class Action:
    """A purpose that links can have."""

    purpose: str
    prompt: Ask
    act: Act


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says: the purpose, whose link it is, and what it is about."""

    purpose: str
    user_id: int
    subject: str


class InvalidLinkError(Exception):
    """The token was not made here, or was changed on its way."""


class ExpiredLinkError(InvalidLinkError):
    """The token was good once."""


_actions: dict[str, Action] = {}


def action(purpose: str, *, prompt: Ask) -> Callable[[Act], Act]:
    """Register the decorated function as what links of this purpose do when a button is pressed."""

    def register(act: Act) -> Act:
        known = _actions.get(purpose)
        if known and known.act is not act:
            raise ValueError(f"links of purpose {purpose!r} are registered twice")
        _actions[purpose] = Action(purpose, prompt, act)
        return act

    return register


def get(purpose: str) -> Action:
    """The action of a purpose; ``LookupError`` when nobody registered it."""
    return _actions[purpose]


def make(*, purpose: str, user: "User", subject: str = "", max_age: int) -> str:
    """An absolute URL, good for ``max_age`` days."""
    get(purpose)
    until = clock.now() + timedelta(days=max_age)
    token = sign(purpose=purpose, user=user, subject=subject, until=until)
    return settings.SITE_URL + reverse("follow_link", args=[token])


def sign(*, purpose: str, user: "User", subject: str, until: datetime) -> str:
    """The token of a link, for pages that need more than buttons; ``read`` takes it."""
    return _signer().sign_object([purpose, user.pk, subject, int(until.timestamp())])


def read(token: str) -> Link:
    """What the token says; raises ``InvalidLinkError`` or ``ExpiredLinkError``."""
    try:
        purpose, user_id, subject, expires = _signer().unsign_object(token)
    except (BadSignature, ValueError) as error:
        raise InvalidLinkError from error
    if clock.now().timestamp() > expires:
        raise ExpiredLinkError
    return Link(purpose, user_id, subject)


def _signer() -> Signer:
    return Signer(salt="mentoring.links")
