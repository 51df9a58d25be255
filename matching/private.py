"""Private text of this floor, sealed and opened here alone. Callers check the right first."""

from django.db.models import Model

from matching.models import MentorRequest, RequestWord
from mentoring import crypto


def put_word(request: MentorRequest, text: str) -> None:
    """Seal what a student writes to the mentor she asks."""
    RequestWord.objects.create(
        request=request, sealed=crypto.encrypt(text, context=_context(request))
    )


def word(request: MentorRequest) -> str:
    """What she wrote; empty where nothing was, or it was erased."""
    body = RequestWord.objects.filter(request=request).first()
    return crypto.decrypt(bytes(body.sealed), context=_context(request)) if body else ""


def _context(row: Model) -> str:
    return f"{row._meta.label_lower}:{getattr(row, 'key')}"  # noqa: B009, SLF001
