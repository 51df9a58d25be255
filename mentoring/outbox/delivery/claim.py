"""Claim due rows, so that each is tried by one worker at a time.

A claim is one conditional UPDATE that pushes ``try_at`` forward by the lease and counts the try,
before anything is tried: a worker that dies gives its rows back by doing nothing, and a row that
cannot be sent never holds up the others.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from mentoring.outbox.models import Notification, State

# Waiting time after the first, second, … failed try; after the last one the row has failed.
BACKOFF = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=16),
]
MAX_TRIES = len(BACKOFF) + 1
# Rows claimed this often without an outcome may be what kills the worker: one at a time.
SUSPECT = 3


def lease() -> timedelta:
    """How long a claim holds; every mail of a batch must be sent well within it."""
    return timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def claim(*, size: int, now: datetime) -> tuple[list[Notification], bool]:
    """Up to ``size`` due rows that are now ours, those tried least first; whether more are due."""
    due = Notification.objects.filter(state=State.QUEUED, try_at__lte=now)
    if not due.exists():  # an empty poll takes no write lock
        return [], False
    token = uuid4().hex
    with transaction.atomic():
        rows = due.order_by("attempts", "try_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        found = list(rows.values_list("id", "attempts")[:size])
        ids = [pk for pk, attempts in found if attempts < SUSPECT] or [pk for pk, _ in found[:1]]
        due.filter(id__in=ids).update(claim=token, try_at=now + lease(), attempts=F("attempts") + 1)
    # By number: the claim alone would have to be looked for among all mails ever sent.
    rows = Notification.objects.filter(id__in=ids, claim=token).select_related("recipient")
    claimed = sorted(rows, key=lambda note: (note.due_at, note.pk))
    return claimed, len(found) == size or len(ids) < len(found)
