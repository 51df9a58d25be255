"""Private text of this floor, sealed and opened here alone. Callers check the right first."""

from collections.abc import Iterable

from django.db.models import Model

from matching.models import InterviewNote, InterviewNoteBody, MentorRequest, RequestWord
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


def put_note(note: InterviewNote, text: str) -> None:
    """Seal what a coordinator notes of a talk."""
    InterviewNoteBody.objects.create(note=note, sealed=crypto.encrypt(text, context=_context(note)))


def notes(rows: Iterable[InterviewNote]) -> dict[int, str]:
    """The texts by the note's id; ``rows`` come with their bodies."""
    found = {}
    for row in rows:
        if body := getattr(row, "body", None):
            found[row.pk] = crypto.decrypt(bytes(body.sealed), context=_context(row))
    return found


def _context(row: Model) -> str:
    return f"{row._meta.label_lower}:{getattr(row, 'key')}"  # noqa: B009, SLF001
