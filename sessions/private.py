"""Private text at rest: sealed and opened here, and nowhere else.

Callers check the right first (``sessions.rules``) and audit what has to be audited.
"""

from collections.abc import Iterable

from django.db.models import Model

from mentoring import crypto
from sessions.models import (
    Agreement,
    AgreementBody,
    ChangeRequest,
    ChangeRequestBody,
    Concern,
    ConcernBody,
    DiaryBody,
    DiaryEntry,
    Goal,
    GoalBody,
    Message,
    MessageBody,
)

Row = Message | ChangeRequest | Concern | DiaryEntry | Agreement | Goal

_BODIES: dict[type[Model], type[Model]] = {
    Agreement: AgreementBody,
    Goal: GoalBody,
    Message: MessageBody,
    ChangeRequest: ChangeRequestBody,
    Concern: ConcernBody,
    DiaryEntry: DiaryBody,
}


def put(row: Row, text: str) -> None:
    """Seal the text of a row that has just been created."""
    _BODIES[type(row)]._default_manager.create(  # noqa: SLF001
        pk=row.pk, sealed=crypto.encrypt(text, context=_context(row))
    )


def replace(row: Row, text: str) -> None:
    """Seal the text anew; what it said before is gone."""
    _BODIES[type(row)]._default_manager.update_or_create(  # noqa: SLF001
        pk=row.pk, defaults={"sealed": crypto.encrypt(text, context=_context(row))}
    )


def texts(rows: Iterable[Row]) -> dict[int, str]:
    """The texts by the row's id; a row whose text was erased is absent."""
    found: dict[int, str] = {}
    for row in rows:
        body = getattr(row, "body", None)
        if body is not None:
            found[row.pk] = crypto.decrypt(body.sealed, context=_context(row))
    return found


def erase(rows: Iterable[Row]) -> None:
    """Remove the texts; that something was written stays."""
    for row in rows:
        _BODIES[type(row)]._default_manager.filter(pk=row.pk).delete()  # noqa: SLF001


def _context(row: Model) -> str:
    # The random key, not the id: a row's number may be given again after a restore.
    return f"{row._meta.label_lower}:{getattr(row, 'key')}"  # noqa: B009, SLF001
