"""Read for some mails at once what their builders need, a moment before they are built."""

import logging
from collections import defaultdict
from collections.abc import Sequence

from mentoring.outbox import kinds
from mentoring.outbox.kinds import Loader
from mentoring.outbox.models import Notification

logger = logging.getLogger(__name__)
# Few enough that what was read still holds when the last of them leaves by a slow mail server.
TOGETHER = 10


def load(notes: Sequence[Notification]) -> None:
    """Let each kind's loader read for these mails."""
    together: dict[Loader, list[Notification]] = defaultdict(list)
    for note in notes:
        loader = kinds.loader(note.kind)
        if loader:
            together[loader].append(note)
    for loader, mine in together.items():
        try:
            loader(mine)
        except Exception:  # one bad row must not stop the others: each builder reads for itself
            logger.exception("What %d mails need could not be read at once.", len(mine))
            for note in mine:
                note.loaded = None
