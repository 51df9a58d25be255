"""Put mails into the outbox, and take them out again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Min

from mentoring import clock, handover
from mentoring.outbox import kinds
from mentoring.outbox.models import Notification, State

if TYPE_CHECKING:
    from mentoring.accounts.models import User

CHUNK = 400


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to be: the same fields as ``enqueue`` takes."""

    kind: str
    dedupe_key: str
    recipient: "User | None" = None
    address: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    not_after: datetime | None = None
    about: str = ""


def enqueue(
    *,
    kind: str,
    dedupe_key: str,
    recipient: "User | None" = None,
    address: str = "",
    context: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    about: str = "",
) -> bool:
    """Queue one mail in the caller's transaction; ``False`` when that key was there already.

    ``address`` is for people without an account. ``not_after``: later than that the mail is
    suppressed, not sent. ``about`` names what ``cancel`` takes back.
    """
    draft = Draft(
        kind=kind,
        dedupe_key=dedupe_key,
        recipient=recipient,
        address=address,
        context=context or {},
        due_at=due_at,
        not_after=not_after,
        about=about,
    )
    return enqueue_many([draft]) == 1


def enqueue_many(drafts: Iterable[Draft]) -> int:
    """Queue many mails; the number of those that were not there already."""
    return sum(
        Notification.objects.filter(guid__in=[row.guid for row in rows]).count()
        for rows in _insert(drafts)
    )


def put(drafts: Iterable[Draft]) -> None:
    """The same for acts that need not know how many were there already: no question is asked."""
    for _rows in _insert(drafts):
        pass


def _insert(drafts: Iterable[Draft]) -> Iterator[list[Notification]]:
    urgent = False
    pending = iter(drafts)
    while chunk := list(islice(pending, CHUNK)):
        rows = [_row(draft) for draft in chunk]
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
        urgent = urgent or any(kinds.get(row.kind).urgent for row in rows)
        yield rows
    if urgent:
        _deliver_soon()


def _row(draft: Draft) -> Notification:
    # SQLite's INSERT OR IGNORE would swallow a broken row: refuse it here.
    kinds.get(draft.kind)
    if draft.recipient is None and not draft.address:
        raise ValueError(f"a mail of kind {draft.kind!r} has neither recipient nor address")
    if not 0 < len(draft.dedupe_key) <= 200:
        raise ValueError(f"dedupe_key must have 1 to 200 characters: {draft.dedupe_key!r}")
    now = clock.now()
    due = draft.due_at or now
    return Notification(
        kind=draft.kind,
        dedupe_key=draft.dedupe_key,
        recipient=draft.recipient,
        address=draft.address,
        context=draft.context,
        about=draft.about,
        created_at=now,
        due_at=due,
        try_at=due,
        not_after=draft.not_after,
    )


def _deliver_soon() -> None:
    from mentoring.outbox.tasks import deliver  # noqa: PLC0415 - tasks import this module

    if not settings.CELERY_TASK_ALWAYS_EAGER:
        handover.after_commit(deliver)


def cancel(*, about: str, why: str, kinds: Iterable[str] | None = None) -> int:
    """Suppress what is still queued about that matter; how many."""
    queued = Notification.objects.filter(about=about, state=State.QUEUED)
    if kinds is not None:
        queued = queued.filter(kind__in=list(kinds))
    return queued.update(state=State.SUPPRESSED, reason=why[:200], settled_at=clock.now())


def next_due() -> datetime | None:
    """When the next queued mail wants to be looked at; ``None`` when nothing waits."""
    row = Notification.objects.filter(state=State.QUEUED).aggregate(at=Min("try_at"))
    at: datetime | None = row["at"]
    return at
