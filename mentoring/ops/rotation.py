"""Sealed texts move to the newest of ``FIELD_KEYS``, wherever they are kept.

Every table with a binary column called ``sealed`` takes part, so a new kind of private text needs
no line here. Each row is replaced only while it still holds what was read: a text that somebody
saves meanwhile stays as she saved it, and is looked at again by the next run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from mentoring import crypto
from mentoring.errors import DomainError

COLUMN = "sealed"
BATCH = 500


@dataclass
class Rotation:
    """What a run did: texts moved, already there, saved by somebody meanwhile, or unreadable."""

    renewed: int = 0
    newest: int = 0
    changed: int = 0
    unreadable: int = 0
    tables: dict[str, int] = field(default_factory=dict)


def tables() -> list[type[models.Model]]:
    """The models that keep sealed texts."""
    return [model for model in apps.get_models() if _is_sealed(model)]


def rotate() -> Rotation:
    """Bring every text under the newest key. Stopped at any point, the next run goes on."""
    done = Rotation()
    for model in tables():
        seen = 0
        for pk, sealed in _rows(model):
            seen += 1
            _renew(model, pk, sealed, done)
        done.tables[model._meta.label] = seen  # noqa: SLF001 (public in practice)
    return done


def old_text_remains() -> bool:
    """Whether a text is left that the newest key does not open; stops at the first."""
    return any(not crypto.is_newest(sealed) for model in tables() for _pk, sealed in _rows(model))


def oldest_texts_open() -> bool:
    """Whether the newest key opens the first text of each table: a look, not a proof."""
    firsts = (next(_rows(model, batch=1), None) for model in tables())
    return all(first is None or crypto.is_newest(first[1]) for first in firsts)


def has_old_keys() -> bool:
    return len(settings.FIELD_KEYS) > 1


def _renew(model: type[models.Model], pk: int, sealed: bytes, done: Rotation) -> None:
    if crypto.is_newest(sealed):
        done.newest += 1
        return
    try:
        renewed = crypto.rotate(sealed)
    except DomainError:
        done.unreadable += 1
        return
    rows = model._default_manager.filter(pk=pk, sealed=sealed)  # noqa: SLF001
    if rows.update(sealed=renewed):
        done.renewed += 1
    else:
        done.changed += 1


def _rows(model: type[models.Model], batch: int = BATCH) -> Iterator[tuple[int, bytes]]:
    """Key and text of every row, some hundreds at a time, so that nothing is locked for long."""
    last = None
    while True:
        rows = model._default_manager.order_by("pk")  # noqa: SLF001
        if last is not None:
            rows = rows.filter(pk__gt=last)
        found = list(rows.values_list("pk", COLUMN)[:batch])
        if not found:
            return
        for pk, sealed in found:
            yield pk, bytes(sealed)
        last = found[-1][0]


def _is_sealed(model: type[models.Model]) -> bool:
    try:
        found = model._meta.get_field(COLUMN)  # noqa: SLF001
    except FieldDoesNotExist:
        return False
    return isinstance(found, models.BinaryField)
