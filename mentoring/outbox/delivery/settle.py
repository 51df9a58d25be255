"""Write down what became of claimed rows. Only the holder of the claim may."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import F, QuerySet

from mentoring import clock
from mentoring.outbox import kinds
from mentoring.outbox.delivery.claim import BACKOFF, MAX_TRIES
from mentoring.outbox.models import Notification, State

Result = Literal["sent", "suppressed", "held", "retried", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row; ``again`` is when a held or failed try is looked at next."""

    note: Notification
    result: Result
    reason: str = ""
    again: datetime | None = None


def failed_try(note: Notification, why: str, *, for_good: bool = False) -> Outcome:
    """The outcome of a try that did not work: back-off, or failure after the last one."""
    if for_good or note.attempts >= MAX_TRIES:
        return Outcome(note, "failed", f"{why} (after {note.attempts} tries)")
    return Outcome(note, "retried", why, again=clock.now() + BACKOFF[note.attempts - 1])


def settle(outcomes: Iterable[Outcome]) -> None:
    """Store the outcomes, grouped into as few statements as there are different ones."""
    groups: dict[tuple[Result, str, datetime | None, bool], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        over = outcome.result in {"sent", "suppressed", "failed"}
        wipe = over and kinds.is_secret(outcome.note.kind)
        groups[outcome.result, outcome.reason, outcome.again, wipe].append(outcome)
    for (result, reason, again, wipe), members in groups.items():
        _store(members, result=result, reason=reason[:200], again=again, wipe=wipe)


def _store(
    members: list[Outcome], *, result: Result, reason: str, again: datetime | None, wipe: bool
) -> None:
    claims = {outcome.note.claim for outcome in members}
    rows = Notification.objects.filter(
        id__in=[outcome.note.pk for outcome in members], claim__in=claims
    )
    extra: dict[str, Any] = {"context": {}} if wipe else {}
    if result == "sent":
        # Cancelled meanwhile or not: it went out, and that is what the row must say.
        rows.update(state=State.SENT, reason="", settled_at=clock.now(), claim="", **extra)
    elif result == "held":
        _queued(rows).update(try_at=again, attempts=F("attempts") - 1, claim="")
    elif result == "retried":
        _queued(rows).update(try_at=again, reason=reason, claim="")
    else:
        state = State.SUPPRESSED if result == "suppressed" else State.FAILED
        _queued(rows).update(state=state, reason=reason, settled_at=clock.now(), claim="", **extra)


def _queued(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    return rows.filter(state=State.QUEUED)


def release(notes: Iterable[Notification], *, wait: timedelta) -> None:
    """Give claimed rows back untried: nothing counts against them."""
    settle(Outcome(note, "held", again=clock.now() + wait) for note in notes)
