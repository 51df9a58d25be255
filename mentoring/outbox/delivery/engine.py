"""The loop: batches of claimed rows, each row tried, every outcome settled."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core.mail import get_connection

from mentoring import clock
from mentoring.accounts.models import Mute
from mentoring.outbox import kinds
from mentoring.outbox.delivery.claim import MAX_TRIES, claim, lease
from mentoring.outbox.delivery.compose import compose
from mentoring.outbox.delivery.load import TOGETHER, load
from mentoring.outbox.delivery.quiet import quiet_until
from mentoring.outbox.delivery.settle import Outcome, failed_try, release, settle
from mentoring.outbox.kinds import Suppress
from mentoring.outbox.models import Notification

logger = logging.getLogger(__name__)
BATCH = 50
# While the mail server is away its mails wait this long, and nothing counts against them.
AWAY = timedelta(minutes=1)


@dataclass(slots=True)
class Counts:
    """What a delivery did. ``held``: quiet hours, or the mail server was away."""

    sent: int = 0
    suppressed: int = 0
    held: int = 0
    retried: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self))

    def add(self, outcomes: list[Outcome]) -> None:
        for result, number in Counter(outcome.result for outcome in outcomes).items():
            setattr(self, result, getattr(self, result) + number)


class ServerAwayError(Exception):
    """The mail server cannot be reached at all."""


def deliver_due(
    *, limit: int | None = None, now: datetime | None = None, seconds: float | None = None
) -> Counts:
    """Deliver what is due, at most ``limit`` rows and for about ``seconds``.

    Safe to run in any number of workers at once and to be killed at any moment.
    """
    counts = Counts()
    started = clock.stopwatch()
    with clock.at(now) if now else nullcontext():
        while limit is None or counts.total < limit:
            size = BATCH if limit is None else min(BATCH, limit - counts.total)
            if not _step(size, counts):
                break
            if seconds is not None and clock.stopwatch() - started > seconds:
                break
    return counts


def _step(size: int, counts: Counts) -> bool:
    """One batch; whether there was work and there may be more."""
    notes, more = claim(size=size, now=clock.now())
    if not notes:
        return False
    deadline = clock.stopwatch() + lease().total_seconds() / 2
    mutes = set(
        Mute.objects.filter(
            user__in={note.recipient_id for note in notes if note.recipient_id}
        ).values_list("user_id", "kind")
    )
    outcomes: list[Outcome] = []
    with _connection() as backend:
        repeatable = getattr(backend, "repeatable", False)
        for position, note in enumerate(notes):
            if clock.stopwatch() > deadline:
                release(notes[position:], wait=timedelta(0))
                more = True
                break
            if position % TOGETHER == 0:
                load(notes[position : position + TOGETHER])
            try:
                outcome = _try(note, muted=(note.recipient_id, note.kind) in mutes, backend=backend)
            except ServerAwayError:
                logger.warning("The mail server is away; %d mails wait.", len(notes) - position)
                settle(outcomes)
                release(notes[position:], wait=AWAY)
                counts.add(outcomes)
                counts.held += len(notes) - position
                return False
            outcomes.append(outcome)
            if outcome.result == "sent" and not repeatable:
                settle([outcome])
    settle(outcomes)
    counts.add(outcomes)
    return more


@contextmanager
def _connection() -> Iterator[Any]:
    backend = get_connection()
    try:
        yield backend
    finally:
        backend.close()


def _try(note: Notification, *, muted: bool, backend: Any) -> Outcome:
    held_back = _held_back(note, muted=muted)
    if held_back:
        return held_back
    try:
        message = compose(note)
    except Exception as error:  # one bad row must not stop the others
        logger.exception("Mail %s of kind %s cannot be composed.", note.guid, note.kind)
        return failed_try(note, f"compose: {type(error).__name__}")
    if isinstance(message, Suppress):
        return Outcome(note, "suppressed", message.why)
    try:
        backend.open()
    except Exception as error:
        raise ServerAwayError from error
    try:
        backend.send_messages([message])
    except Exception as error:  # noqa: BLE001 - as above; the server's reasons are many
        logger.warning("Mail %s of kind %s was not sent: %r", note.guid, note.kind, error)
        backend.close()
        return failed_try(note, f"send: {type(error).__name__}", for_good=_refused(error))
    return Outcome(note, "sent")


def _held_back(note: Notification, *, muted: bool) -> Outcome | None:
    """The outcome of a mail that is not to be sent now, or not at all."""
    if note.attempts > MAX_TRIES:
        return Outcome(note, "failed", f"no outcome (after {MAX_TRIES} tries)")
    try:
        kind = kinds.get(note.kind)
    except LookupError as error:
        return failed_try(note, str(error))
    now = clock.now()
    until = None if kind.urgent else _quiet_until(note, now)
    why = _reason_against(note, muted=muted and kind.mutable, at=until or now)
    if why:
        return Outcome(note, "suppressed", why)
    return Outcome(note, "held", again=until) if until else None


def _quiet_until(note: Notification, now: datetime) -> datetime | None:
    person = note.recipient
    if person is None:
        return None
    return quiet_until(now=now, zone=person.zone, start=person.quiet_from, end=person.quiet_until)


def _reason_against(note: Notification, *, muted: bool, at: datetime) -> str:
    """Why the mail must not go out at that moment; empty when it may."""
    person = note.recipient
    if person is not None and (person.erased_at or not person.is_active):
        return "account closed"
    if not (note.address or (person and person.email)):
        return "no address"
    if muted:
        return "muted"
    return "stale" if note.not_after and at > note.not_after else ""


def _refused(error: Exception) -> bool:
    """Whether the mail server said that it will never take this mail."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code in {550, 553, 554}
