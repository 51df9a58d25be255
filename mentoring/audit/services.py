"""Recording of events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from django.db.models import Model

    from mentoring.accounts.models import User
    from mentoring.audit.models import Event


def event(
    *,
    by: User | None,
    action: str,
    subject: Model | None = None,
    cohort: Model | int | None = None,
    **data: Any,
) -> Event:
    """An unsaved event. ``data`` holds ids, codes and dates; never names or private text.

    ``cohort`` may be an id: it is not worth a query.
    """
    from mentoring.audit.models import Event  # noqa: PLC0415 (apps may import us before models load)

    return Event(
        actor=by.pk if by else None,
        action=action,
        cohort=cohort if isinstance(cohort, int) or cohort is None else cohort.pk,
        subject_type=subject._meta.label_lower if subject else "",  # noqa: SLF001 (public in practice)
        subject=subject.pk if subject else None,
        data=data,
    )


def record(
    *,
    by: User | None,
    action: str,
    subject: Model | None = None,
    cohort: Model | int | None = None,
    **data: Any,
) -> None:
    """Append one event. Must be called inside the act's transaction: both stay, or neither."""
    _in_transaction()
    event(by=by, action=action, subject=subject, cohort=cohort, **data).save(force_insert=True)


def record_many(events: Iterable[Event]) -> None:
    """Append many events made by ``event``, under the same rule."""
    _in_transaction()
    from mentoring.audit.models import Event  # noqa: PLC0415

    Event.objects.bulk_create(events, batch_size=1000)


def _in_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit events are recorded inside the transaction of the act")
