"""The mail folder: one file per mail, for the embedded default and for tests."""

import os
from collections.abc import Sequence
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend


def knock() -> None:
    """Open a connection to where mails go, and close it; raises what the server answers."""
    backend = get_connection()
    backend.open()
    backend.close()


class FolderBackend(BaseEmailBackend):
    """Writes ``<guid>.eml`` into ``EMAIL_FILE_PATH``.

    The name comes from the Message-ID, and the file is written aside and renamed: sending the
    same mail again, after whatever crash, replaces the same file and never leaves half of one.
    """

    # Sending twice is harmless, so outcomes may be stored a batch at a time.
    repeatable = True

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently, **kwargs)
        self.folder = settings.MAIL_FOLDER

    def open(self) -> bool:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.open()
        for message in email_messages:
            if "Message-ID" not in message.extra_headers:
                message.extra_headers["Message-ID"] = make_msgid(domain="localhost")
            name = message.extra_headers["Message-ID"].strip("<>").split("@")[0]
            self._write(name, message.message().as_bytes())
        return len(email_messages)

    def _write(self, name: str, content: bytes) -> None:
        aside = self.folder / f".{name}.{os.getpid()}.tmp"
        aside.write_bytes(content)
        aside.replace(self.folder / f"{name}.eml")
