"""Notifications, counted in the mail folder against the outbox, not only in the database."""

from collections import Counter
from collections.abc import Iterable
from email.parser import BytesHeaderParser
from pathlib import Path

from mentoring import clock
from mentoring.outbox.models import Notification, State


def figures(folder: Path, expected: Iterable[tuple[str, int, int]] = ()) -> dict[str, int]:
    """Rows by state; ``duplicates``: sendings beyond a mail's first, and files nobody queued.

    ``lost``: mails that what happened in the play called for and that were never queued, rows
    that say sent without a file, and rows overdue but still queued.
    """
    sendings = _sendings(folder)
    rows = list(Notification.objects.values_list("guid", "state", "try_at"))
    states = Counter(state for _, state, _ in rows)
    known = {str(guid) for guid, _, _ in rows}
    sent = {str(guid) for guid, state, _ in rows if state == State.SENT}
    now = clock.now()
    overdue = sum(state == State.QUEUED and at <= now for _, state, at in rows)
    return {
        "queued": states[State.QUEUED],
        "sent": states[State.SENT],
        "suppressed": states[State.SUPPRESSED],
        "failed": states[State.FAILED],
        "duplicates": sum(number - 1 for number in sendings.values())
        + sum(guid not in known for guid in sendings),
        "lost": _never_queued(expected) + sum(guid not in sendings for guid in sent) + overdue,
    }


def _never_queued(expected: Iterable[tuple[str, int, int]]) -> int:
    """Mails about meetings (kind, meeting, person) of which the outbox never heard."""
    rows = Notification.objects.filter(about__startswith="meeting:")
    queued = set(rows.values_list("kind", "about", "recipient_id"))
    return sum(
        (kind, f"meeting:{meeting}", person) not in queued for kind, meeting, person in expected
    )


def _sendings(folder: Path) -> Counter[str]:
    """How often each mail was handed over, by the name in its Message-ID."""
    parser = BytesHeaderParser()
    found: Counter[str] = Counter()
    for path in folder.glob("*.eml"):
        with path.open("rb") as file:
            message_id = str(parser.parse(file)["Message-ID"] or path.name)
        found[message_id.strip("<>").split("@")[0]] += 1
    return found
