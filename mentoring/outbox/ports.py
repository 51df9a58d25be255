"""What the outbox answers to the ports: the beat's tasks, and a person's own records."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.outbox.models import Notification, State
from mentoring.ports import Periodic


def periodic() -> Iterable[Periodic]:
    """The outbox's ticks."""
    return [
        Periodic("deliver mail", "outbox.deliver", 5),
        Periodic("heartbeat", "outbox.heartbeat", 30),
    ]


def export(user: User) -> dict[str, Any]:
    """The mails written to this person: what kind, when, and what became of them."""
    rows = user.notifications.order_by("id").values("kind", "state", "due_at", "settled_at")
    return {"mails": list(rows)}


def erase(user: User) -> None:
    """Send nothing more, and forget what was kept for writing the mails."""
    mine = Q(recipient=user) | Q(address__iexact=user.email)
    mails = Notification.objects.filter(mine)
    mails.filter(state=State.QUEUED).update(
        state=State.SUPPRESSED, reason="account closed", settled_at=clock.now()
    )
    # A mail without an account behind it needs an address: one that reaches nobody.
    mails.update(context={}, address=f"erased-{user.key}@erased.invalid")
