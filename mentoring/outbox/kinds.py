"""The kinds of mail there are, and what a builder hands back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from mentoring.outbox.models import Notification


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a mail; ``alternative`` makes it another form of the body (an invitation)."""

    name: str
    mimetype: str
    content: bytes
    alternative: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """What the templates of a kind are rendered with, and what hangs on the mail."""

    context: dict[str, Any] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Suppress:
    """There is nothing to say any more; ``why`` is kept with the notification."""

    why: str


Builder = Callable[["Notification"], Mail | Suppress]
Loader = Callable[[Sequence["Notification"]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mail.

    ``mutable``: the reader may mute it. ``urgent``: quiet hours do not hold it back, and it is
    sent without waiting for the next tick. ``secret``: what was stored for rendering is wiped as
    soon as the mail is settled (codes, invitations). ``load`` reads in few queries what the
    builder needs for several mails, a moment before they are built, into their ``loaded``.
    ``to`` are the roles whose mail it is, for those who set what they want; none: everyone's.
    """

    slug: str
    title: str | Promise
    build: Builder
    mutable: bool
    urgent: bool
    secret: bool
    load: Loader | None = None
    to: frozenset[str] = frozenset()


_kinds: dict[str, Kind] = {}


def kind(
    slug: str,
    *,
    title: str | Promise,
    mutable: bool = True,
    urgent: bool = False,
    secret: bool = False,
    load: Loader | None = None,
    to: Iterable[str] = (),
) -> Callable[[Builder], Builder]:
    """Register a builder; it runs at sending time, in the reader's language and zone."""

    def register(build: Builder) -> Builder:
        known = _kinds.get(slug)
        if known and known.build is not build:
            raise ValueError(f"the kind {slug!r} of mail is registered twice")
        _kinds[slug] = Kind(slug, title, build, mutable, urgent, secret, load, frozenset(to))
        return build

    return register


def get(slug: str) -> Kind:
    """The kind; ``LookupError`` when nobody registered it."""
    try:
        return _kinds[slug]
    except KeyError:
        raise LookupError(f"nobody registered the kind {slug!r} of mail") from None


def all_kinds() -> list[Kind]:
    """Every kind, by slug."""
    return [_kinds[slug] for slug in sorted(_kinds)]


def is_secret(slug: str) -> bool:
    return slug in _kinds and _kinds[slug].secret


def loader(slug: str) -> Loader | None:
    """What reads for several mails of the kind at once, if anything does."""
    return _kinds[slug].load if slug in _kinds else None
