"""Turn a row into a mail: the kind's builder and templates, in the reader's language and zone."""

from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context
from django.template.backends.django import Template
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentoring import clock, links
from mentoring.outbox import kinds
from mentoring.outbox.delivery.message import Message
from mentoring.outbox.kinds import Attachment, Kind, Mail, Suppress
from mentoring.outbox.models import Notification


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the mail."""

    address: str
    name: str
    language: str
    zone: Any


def reader_of(note: Notification) -> Reader:
    """The recipient's address and preferences, or the bare address with the defaults."""
    person = note.recipient
    if person is None:
        return Reader(note.address, "", settings.LANGUAGE_CODE, timezone.get_default_timezone())
    # A mail about a new address goes to that address, whoever the account belongs to.
    address = note.address or person.email
    language = person.language or settings.LANGUAGE_CODE
    return Reader(address, person.full_name, language, person.zone)


def compose(note: Notification) -> Message | Suppress:
    """The mail as it reads now, or the reason why there is nothing to say."""
    kind = kinds.get(note.kind)
    reader = reader_of(note)
    with translation.override(reader.language), timezone.override(reader.zone):
        built = kind.build(note)
        if isinstance(built, Suppress):
            return built
        return _message(note, kind, reader, built)


def _message(note: Notification, kind: Kind, reader: Reader, mail: Mail) -> Message:
    mute_url = ""
    if kind.mutable and note.recipient is not None:
        mute_url = links.make(
            purpose="outbox.mute", user=note.recipient, subject=kind.slug, max_age=400
        )
    context = {
        "recipient": note.recipient,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "mute_url": mute_url,
        "kind": kind,
        "text_direction": "rtl" if translation.get_language_bidi() else "ltr",
        "language": translation.get_language(),
        **mail.context,
    }
    subject = " ".join(written(kind.slug, "subject.txt", context).split())
    context["subject"] = subject
    text = written(kind.slug, "body.txt", context).strip() + _footer(kind, mute_url)
    message = Message(
        subject=subject,
        body=text,
        to=[_address(reader)],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=_headers(note, mute_url),
    )
    message.guid = note.guid
    message.attach_alternative(written(kind.slug, "body.html", context, escape=True), "text/html")
    for attachment in mail.attachments:
        _attach(message, attachment)
    return message


def _attach(message: Message, attachment: Attachment) -> None:
    if attachment.alternative:
        message.attach_alternative(attachment.content.decode(), attachment.mimetype)
    else:
        message.attach(attachment.name, attachment.content, attachment.mimetype)


def written(slug: str, part: str, context: dict[str, Any], *, escape: bool = False) -> str:
    """One part of a kind's mail: ``subject.txt``, ``body.txt`` or ``body.html``."""
    template = cast("Template", get_template(f"emails/{slug}/{part}")).template
    return str(template.render(Context(context, autoescape=escape)))


def _footer(kind: Kind, mute_url: str) -> str:
    lines = ["", "", "-- ", f"{settings.SITE_NAME} · {settings.SITE_URL}"]
    if mute_url:
        lines.append(_("No more mails like this one (%(kind)s):") % {"kind": kind.title})
        lines.append(mute_url)
    return "\n".join(lines) + "\n"


def _address(reader: Reader) -> str:
    name = " ".join(reader.name.replace('"', "'").replace("\\", " ").split())
    return f'"{name}" <{reader.address}>' if name not in {"", reader.address} else reader.address


def _headers(note: Notification, mute_url: str) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{note.guid}@{host}>",
        "Date": format_datetime(clock.now()),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Notification-Kind": note.kind,
    }
    if mute_url:
        headers["List-Unsubscribe"] = f"<{mute_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
