"""Read for many mails at once what their builders need, and never long before they are built."""

import logging
from collections import defaultdict
from collections.abc import Sequence

from mentoring import clock
from mentoring.outbox import kinds
from mentoring.outbox.kinds import Loader
from mentoring.outbox.models import Notification

logger = logging.getLogger(__name__)
# A mail speaks of facts that are at most this old; a slow mail server means reading them again.
FRESH_SECONDS = 2.0


class Loading:
    """Loads a batch, and the rest of it again as soon as what was read is no longer fresh."""

    def __init__(self, notes: Sequence[Notification]) -> None:
        self.notes = notes
        self._read_at: float | None = None

    def upto_date(self, position: int) -> Notification:
        """The note at that position, with what its builder needs."""
        now = clock.stopwatch()
        if self._read_at is None or now - self._read_at > FRESH_SECONDS:
            _load(self.notes[position:])
            self._read_at = now
        return self.notes[position]


def _load(notes: Sequence[Notification]) -> None:
    together: dict[Loader, list[Notification]] = defaultdict(list)
    for note in notes:
        note.loaded = None
        load = kinds.loader(note.kind)
        if load:
            together[load].append(note)
    for load, mine in together.items():
        try:
            load(mine)
        except Exception:  # one bad row must not stop the others: each builder reads for itself
            logger.exception("What %d mails need could not be read at once.", len(mine))
            for note in mine:
                note.loaded = None
