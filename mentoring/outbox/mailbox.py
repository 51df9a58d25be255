"""Reads the mail folder of the embedded default, for the local mailbox page."""

import os
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from functools import lru_cache
from pathlib import Path

from django.conf import settings

# More than all headers of a mail of ours.
HEAD_BYTES = 8192
NAME = re.compile(r"[0-9A-Za-z.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the folder."""

    name: str
    subject: str
    to: str
    date: datetime
    kind: str
    message: EmailMessage

    @property
    def addresses(self) -> set[str]:
        return {address.casefold() for _, address in getaddresses([self.to])}

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[tuple[int, str, int]]:
        """Number, name and size in bytes of each attached file."""
        return [
            (number, part.get_filename() or part.get_content_type(), len(_payload(part)))
            for number, part in enumerate(self.message.iter_attachments())
        ]

    def attachment(self, number: int) -> tuple[str, str, bytes] | None:
        """Name, type and content of an attached file; ``None`` if there are not so many."""
        parts = list(self.message.iter_attachments())
        if number >= len(parts):
            return None
        part = parts[number]
        return part.get_filename() or "file", part.get_content_type(), _payload(part)

    def _part(self, subtype: str) -> str:
        body = self.message.get_body((subtype,))
        return str(body.get_content()) if body else ""


def names() -> list[str]:
    """The names of all mails, newest first."""
    try:
        entries = [entry for entry in os.scandir(_folder()) if entry.name.endswith(".eml")]
    except FileNotFoundError:
        return []
    entries.sort(key=lambda entry: (entry.stat().st_mtime_ns, entry.name), reverse=True)
    return [entry.name.removesuffix(".eml") for entry in entries]


@dataclass(frozen=True, slots=True)
class Head:
    """What a list of mails is searched by."""

    name: str
    words: str
    addresses: frozenset[str]


def heads() -> list[Head]:
    """Subject, addresses and kind of all mails, newest first."""
    return [head for name in names() if (head := _head(str(_folder()), name))]


@lru_cache(maxsize=50_000)
def _head(folder: str, name: str) -> Head | None:
    """Read once: a mail of a name never changes, and its text is not looked at."""
    try:
        with (Path(folder) / f"{name}.eml").open("rb") as file:
            start = file.read(HEAD_BYTES)
    except FileNotFoundError:
        return None
    # The older policy takes no header apart: thousands are read for one search.
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(start)
    to, *others = (
        str(make_header(decode_header(message[name] or "")))
        for name in ("To", "Subject", "X-Notification-Kind")
    )
    words = " ".join((*others, to))
    addresses = frozenset(address.casefold() for _, address in getaddresses([to]))
    return Head(name, words.casefold(), addresses)


def read(name: str) -> Letter | None:
    """One mail; ``None`` if it is not there."""
    if not NAME.fullmatch(name) or ".." in name:
        return None
    try:
        content = (_folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(content, policy=policy.default)
    return Letter(
        name=name,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        date=message["Date"].datetime,
        kind=str(message["X-Notification-Kind"] or ""),
        message=message,
    )


def _folder() -> Path:
    return settings.MAIL_FOLDER


def _payload(part: object) -> bytes:
    content = part.get_payload(decode=True) if isinstance(part, EmailMessage) else b""
    return content if isinstance(content, bytes) else b""
