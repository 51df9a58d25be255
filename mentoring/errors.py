"""The error that a rule of the domain raises, with a message for people."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A refused act: what is wrong and what to do, in the reader's language.

    ``field`` names the form field concerned, where there is one.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
