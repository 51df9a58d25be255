"""A mail as it is written: what Django makes of it, without the work our mails do not need."""

from email.policy import Compat32
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives


class Short(Compat32):
    """Headers that fit on one line of ASCII, nearly all, are written as they stand.

    The library takes each apart and joins it again, which costs more than the rest of the mail.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if isinstance(value, str) and value.isascii() and value.isprintable():
            line = f"{name}: {value}"
            if len(line) <= (self.max_line_length or 0):
                return f"{line}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


SHORT = Short()


class Message(EmailMultiAlternatives):
    """The mail of one notification: written twice, it is the same to the byte.

    Its boundaries are made of ``guid``, which no text can foresee: the library would search all
    of the mail for one that does not occur in it.
    """

    guid: UUID | str = ""

    def message(self, **options: Any) -> Any:
        made = super().message(**options)
        made.policy = SHORT
        for number, part in enumerate(part for part in made.walk() if part.is_multipart()):
            part.set_boundary(f"=={self.guid}.{number}")
        return made
